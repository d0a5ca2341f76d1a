// A button that switches to inline mode asks in which chat: the one with the bot, or a group.

import { make } from "./dom.js";
import { say } from "./texts.js";

/** Show the chats [{name, run}] to choose from. */
export function chooseChat(chats) {
  const box = make("dialog", { class: "notice", "aria-label": say("chooseChat") }, make("h2", {}, say("chooseChat")),
    make("div", { class: "choices" }, chats.map(({ name, run }) => make("button", {
      type: "button", class: "key", onclick: () => { box.close(); run(); },
    }, name))),
    make("form", { method: "dialog" }, make("button", { class: "start" }, say("cancel"))));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/** Which kinds of chats a button offers: {bot, group}; `button` as Telegram has it. */
export function kindsOf(button) {
  const chosen = button.switch_inline_query_chosen_chat;
  return chosen ? { bot: chosen.allow_bot_chats, group: chosen.allow_group_chats } : { bot: true, group: true };
}
