// Above the chats: what this is, the language, the clock, the guide, faults and what went wrong.

import { post, read } from "./connection.js";
import { day, time } from "./dates.js";
import { make } from "./dom.js";
import { LANGUAGES, language, say, sayAround } from "./texts.js";

const MOVES = [["plusQuarter", 900], ["plusHour", 3600], ["plusDay", 86400], ["plusWeek", 604800]];

/** Title and languages. `choose(code)` is called with the language chosen. */
export function title(choose) {
  const buttons = LANGUAGES.map(([code, name]) => make("button", {
    type: "button", lang: code, "aria-pressed": String(code === language()), onclick: () => choose(code),
  }, name));
  return make("div", { class: "title" },
    make("img", { src: "icon.svg", alt: "", width: "32", height: "32" }),
    make("div", { class: "title-words" }, make("h1", {}, say("title")), make("p", {}, make("span", { class: "about" }, say("about")), " ", say("invented"))),
    make("div", { class: "languages", role: "group", "aria-label": say("language") }, buttons));
}

/** The demo's clock and the buttons that move it. */
export function clock(world) {
  const date = make("span", { class: "clock-day" });
  const hour = make("strong", { class: "clock-time" });
  const reset = make("button", {
    type: "button", title: say("backToNow"), onclick: () => post("clock", { offset: 0 }),
  }, say("now"));

  function draw() {
    date.textContent = day(world.now(), true);
    hour.textContent = time(world.now());
    reset.disabled = Math.abs(world.clock.offset) < 1;
  }

  draw();
  const node = make("div", { class: "clock" },
    make("div", { class: "clock-face", title: say("clock") }, hour, make("span", { class: "clock-zone" }, "UTC+5"), date),
    make("div", { class: "clock-moves", role: "group", "aria-label": say("forward") },
      MOVES.map(([key, seconds]) => make("button", { type: "button", onclick: () => post("clock", { move: seconds }) }, say(key))),
      reset));
  return { node, draw };
}

/** Three things to try first. `insert(text)` puts a text into the representative's input. */
export function guide(insert, open) {
  const [before, after] = sayAround("guide1", "query");
  const query = make("button", { type: "button", class: "link", onclick: () => insert(say("guideQuery")) }, `«${say("guideQuery")}»`);
  return make("details", { class: "guide", open }, make("summary", {}, say("guide")),
    make("ol", {}, make("li", {}, before, query, after), make("li", {}, say("guide2")), make("li", {}, say("guide3"))));
}

const FAULTS = {
  faultFlood: { act: "refuse", method: "send*", code: 429, retry_after: 3, probability: 0.5 },
  faultOutage: { act: "gateway", method: "*" },
  faultSlow: { act: "slow", method: "[!g]*", seconds: 3 }, // all but getUpdates, which waits anyway
};

/** Switches for what can go wrong at Telegram. */
export function faults(world) {
  const boxes = Object.keys(FAULTS).map((key) => make("input", { type: "checkbox", name: key, onchange: change }));
  const mark = make("span", { class: "fault-mark", hidden: true }, "●");

  async function change() {
    await post("faults", { clear: true });
    for (const box of boxes) if (box.checked) await post("faults", FAULTS[box.name]);
    show();
  }

  function show() {
    mark.hidden = !boxes.some((box) => box.checked);
  }

  read("faults").then((switched) => {
    for (const box of boxes) box.checked = switched.some((fault) => fault.act === FAULTS[box.name].act);
    show();
  }).catch(() => {});
  return make("details", { class: "faults" }, make("summary", {}, say("faults"), mark),
    make("div", { class: "drawer" }, boxes.map((box) => make("label", {}, box, say(box.name))), make("p", {}, say("faultsHint")), settings(world)));
}

const SWITCHES = { inline_feedback: "inlineFeedback", privacy_mode: "privacyMode" };

/** What an owner sets with @BotFather. */
function settings(world) {
  const boxes = Object.entries(SWITCHES).map(([name, key]) => {
    const box = make("input", { type: "checkbox", name, onchange: () => post("switches", { [name]: box.checked }) });
    box.checked = world.switches[name];
    world.addEventListener("switches", () => { box.checked = world.switches[name]; });
    return make("label", {}, box, say(key));
  });
  return [make("p", { class: "drawer-part" }, say("asInBotFather")), ...boxes];
}

/** The button that opens and closes the group's chat, where the tabs do not. */
export const groupButton = (open, toggle) => make("button", {
  type: "button", class: "group-button", "aria-pressed": String(open), onclick: toggle,
}, say("groupChat"));

/** What the bot did against Telegram's rules; nothing is shown while there is nothing. */
export function violations() {
  const node = make("details", { class: "violations", role: "alert", hidden: true });

  async function draw() {
    const { violations: found } = await read("violations");
    node.hidden = !found.length;
    node.replaceChildren(make("summary", {}, say("violations", { n: found.length })),
      make("ul", {}, found.slice(-50).map(({ text, method }) => make("li", {}, make("code", {}, method || "?"), ` ${text}`))));
  }

  draw().catch(() => {});
  return { node, draw };
}
