// The official's pane can step into the post of any body: search, choose, and be that official.

import { act, offer, post } from "./connection.js";
import { icon, make } from "./dom.js";
import { language, say } from "./texts.js";

const PAUSE = 200; // milliseconds of silence before a search
const REMEMBERED = "uakil-posts";

/** Names of the bodies whose posts were entered in this tab: person → body's name. */
const visited = new Map(JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "[]"));

/** The search box. `chosen(person)` is called with the Telegram number of the official to show. */
export function stepIn(world, chosen) {
  const results = make("ul", { class: "results", id: "step-results", hidden: true });
  const input = make("input", {
    type: "search", placeholder: say("stepHint"), "aria-label": say("stepIn"), "aria-controls": "step-results",
    autocomplete: "off", oninput: soon, onfocus: search, onkeydown: keys,
  });
  const problem = make("p", { class: "step-problem", role: "status", hidden: true });
  const node = make("div", { class: "step-in" }, make("label", {}, say("stepIn")),
    make("div", { class: "step-line" }, icon("search"), input), problem, results);
  let timer;
  let latest = 0;

  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) hide(); });

  function hide() {
    results.hidden = true;
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  }

  async function search() {
    const number = ++latest;
    const query = input.value.trim();
    if (!query) return show(earlier());
    try {
      const { bodies } = await offer("bodies", { query, language: language() });
      if (number !== latest) return; // a younger search is under way
      show(bodies.length ? bodies.map(hit) : [make("li", { class: "nothing" }, say("nothingFound"))]);
    } catch (error) {
      complain(error);
    }
  }

  function show(items) {
    results.replaceChildren(...items);
    results.hidden = !items.length;
  }

  function earlier() {
    const known = [...visited].filter(([person]) => world.person(person));
    if (!known.length) return [];
    return [make("li", { class: "nothing" }, say("visited")), ...known.map(([person, name]) => entry(
      name, world.person(person).user.first_name, () => enter(person), world.unread.get(person)))];
  }

  const hit = (body) => entry(body.name, body.official ?? say("vacant"), () => step(body));

  function entry(name, official, run, unread) {
    return make("li", {}, make("button", { type: "button", onclick: run },
      make("span", { class: "hit-name" }, name), make("span", { class: "hit-official" }, official),
      unread && make("span", { class: "badge", "aria-label": say("unread", { n: unread }) }, String(unread))));
  }

  async function step(body) {
    hide();
    problem.hidden = true;
    try {
      const { person, name, link } = await offer("step", { body: body.id });
      await post("person", { id: person, first_name: name ?? say("sampleOfficial"), language_code: language() });
      await world.refreshPeople();
      visited.set(person, body.name);
      sessionStorage.setItem(REMEMBERED, JSON.stringify([...visited]));
      if (link) await act(person, "follows", { url: link });
      enter(person);
    } catch (error) {
      complain(error);
    }
  }

  function enter(person) {
    hide();
    input.value = "";
    chosen(person);
  }

  function complain(error) {
    problem.textContent = say("failed", { why: error.message });
    problem.hidden = false;
  }

  function keys(event) {
    const buttons = [...results.querySelectorAll("button")];
    if (event.key === "Escape") hide();
    if (event.key === "Enter") buttons[0]?.click();
    if (event.key === "ArrowDown") buttons[0]?.focus();
  }

  results.addEventListener("keydown", (event) => {
    const buttons = [...results.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { input.focus(); hide(); }
    if (!step) return;
    event.preventDefault();
    (buttons[buttons.indexOf(document.activeElement) + step] ?? input).focus();
  });

  return node;
}

/** The name of the body into whose post this person was stepped, if it was in this tab. */
export const bodyOf = (person) => visited.get(person);
