// What `@bot text` in the line finds: a list above it, chosen from with the mouse or with the arrows and Enter.

import { make } from "./dom.js";
import { say } from "./texts.js";

const PAUSE = 250; // milliseconds of silence before the bot is asked
let lists = 0;

/** The text of an inline query in a line that begins with the bot's name; null for another line. */
export function queryIn(line, username) {
  const name = `@${username.toLowerCase()}`;
  if (!line.toLowerCase().startsWith(name) || !/^\s/.test(line.slice(name.length))) return null;
  return line.slice(name.length).trim();
}

/** The list for a line. `acts`: inline(query, offset), pick(asked, id), openBot(parameter), username; `sent()` is
 * called when a result went out. Returns {node, look, keys, hide}. */
export function inlineList(input, acts, sent) {
  const id = `inline-${++lists}`;
  const options = make("ul", { class: "inline-options", id, role: "listbox", "aria-label": say("inlineResults") });
  const above = make("div", { class: "inline-above" });
  const nothing = make("p", { class: "nothing", role: "status" });
  const node = make("div", { class: "inline-list", hidden: true }, above, options, nothing);
  let timer;
  let latest = 0;
  let found = null; // the newest answer
  let active = 0;

  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", id);
  // A press on the list leaves the focus where one types; the arrows go on working.
  node.addEventListener("mousedown", (event) => event.preventDefault());
  node.addEventListener("focusout", leave);
  input.addEventListener("blur", leave);
  options.addEventListener("scroll", () => {
    if (options.scrollHeight - options.scrollTop - options.clientHeight < 60) more();
  });

  function leave(event) {
    if (!node.contains(event.relatedTarget) && event.relatedTarget !== input) hide();
  }

  function hide() {
    latest += 1;
    clearTimeout(timer);
    node.hidden = true;
    found = null;
    input.removeAttribute("aria-activedescendant");
  }

  /** The line changed. */
  function look() {
    clearTimeout(timer);
    const query = queryIn(input.value, acts.username);
    if (query === null) return hide();
    timer = setTimeout(() => ask(query), PAUSE);
  }

  async function ask(query) {
    const number = ++latest;
    const answer = await acts.inline(query, "");
    if (number !== latest || !answer?.asked) return; // a younger query is under way, or nobody answered
    found = { ...answer, query };
    active = 0;
    const { button } = answer;
    above.replaceChildren(...(button?.start_parameter ? [make("button", {
      type: "button", class: "link", onclick: () => { hide(); acts.openBot(button.start_parameter); },
    }, button.text)] : []));
    options.replaceChildren(...answer.results.map(option));
    options.scrollTop = 0;
    nothing.hidden = Boolean(answer.results.length) || !query; // nothing was asked, so nothing was missed
    nothing.textContent = nothing.hidden ? "" : say("nothingFound");
    node.hidden = !button && !query && !answer.results.length;
    mark();
  }

  async function more() {
    if (!found?.next_offset) return;
    const { query, next_offset: offset } = found;
    found.next_offset = "";
    const number = latest;
    const answer = await acts.inline(query, offset);
    if (number !== latest || !answer?.asked) return;
    found.next_offset = answer.next_offset;
    options.append(...answer.results.map((result) => option({ ...result, asked: answer.asked })));
    mark();
  }

  function option(result) {
    const asked = result.asked ?? found.asked;
    const item = make("li", { role: "option", onclick: () => pick(asked, result) },
      make("span", { class: "hit-name" }, result.title), make("span", { class: "hit-official" }, result.description));
    item.pick = () => pick(asked, result);
    return item;
  }

  async function pick(asked, result) {
    hide();
    if (await acts.pick(asked, result.id) !== null) sent();
  }

  function mark() {
    for (const [place, item] of [...options.children].entries()) {
      item.id = `${id}-${place}`;
      item.setAttribute("aria-selected", String(place === active));
    }
    const chosen = options.children[active];
    if (!chosen) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  /** A key in the line; true if it was for the list. */
  function keys(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { length } = options.children;
    if (event.key === "Escape") hide();
    else if (event.key === "Enter" && !event.shiftKey && length) options.children[active].pick();
    else if (step && length) active = (active + step + length) % length;
    else return false;
    event.preventDefault();
    if (step) mark();
    return true;
  }

  return { node, look, keys, hide };
}
