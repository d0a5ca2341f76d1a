// Words that appear on top: a line that goes away by itself, and a box that must be closed.

import { make } from "./dom.js";
import { say } from "./texts.js";

const SHOWN = 5000; // milliseconds

/** Show a line in `place` for some seconds. */
export function whisper(place, text) {
  const line = make("div", { class: "whisper" }, text);
  place.append(line);
  setTimeout(() => line.remove(), SHOWN);
}

/** Show a box that stays until it is closed. */
export function notice(text) {
  const box = make("dialog", { class: "notice" }, make("p", {}, text),
    make("form", { method: "dialog" }, make("button", { class: "start" }, say("close"))));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
