// Keyboards: the inline one below a message, and the one in place of the letters.

import { icon, make } from "./dom.js";
import { kindOf } from "./links.js";

const STYLES = ["primary", "success", "danger"];

/** The rows below a message as sent. `waiting` holds keys of buttons whose tap is not answered yet. */
export function inlineKeyboard(message, waiting, acts) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const buttons = (row) => row.map((button) => inlineButton(message, button, waiting, acts));
  return make("div", { class: "keyboard" }, rows.map((row) => make("div", { class: "keys" }, buttons(row))));
}

/** Names one button of one message. */
export const keyOf = (message, button) => `${message.message_id}:${button.callback_data}`;

function inlineButton(message, button, waiting, acts) {
  const turning = button.callback_data !== undefined && waiting.some(({ key }) => key === keyOf(message, button));
  const label = make("span", { class: "key-label" }, button.text);
  const style = STYLES.includes(button.style) ? ` key-${button.style}` : "";
  const kind = button.url ? kindOf(button.url, acts.username) : "";
  if (kind === "web") {
    return make("a", {
      class: `key${style}`, href: button.url, target: "_blank", rel: "noopener noreferrer",
    }, label, icon("out"));
  }
  return make("button", {
    type: "button", class: `key${style}${turning ? " turning" : ""}`, "aria-busy": turning ? "true" : null,
    title: button.url, onclick: () => press(message, button, kind, acts),
  }, label, button.copy_text && icon("copy"), isSwitch(button) && icon("share"), turning && make("span", { class: "wheel" }));
}

const isSwitch = (button) => button.switch_inline_query !== undefined || Boolean(button.switch_inline_query_chosen_chat);

function press(message, button, kind, acts) {
  if (button.callback_data !== undefined) acts.tap(message, button);
  else if (kind === "bot") acts.follow(button.url);
  else if (button.url) acts.elsewhere(button.url);
  else if (button.copy_text) acts.copy(button.copy_text.text);
  else if (button.switch_inline_query_current_chat !== undefined) acts.typeInline(button.switch_inline_query_current_chat);
  else if (isSwitch(button)) acts.switchInline(button.switch_inline_query ?? button.switch_inline_query_chosen_chat.query ?? "", button);
  else acts.notHere();
}

/** The keyboard that the bot put in place of the letters; null for none. */
export function replyKeyboard(keyboard, acts) {
  if (!keyboard?.keyboard?.length) return null;
  const buttons = (row) => row.map((one) => replyButton(typeof one === "string" ? { text: one } : one, acts));
  return make("div", { class: "reply-keyboard" }, keyboard.keyboard.map((row) => make("div", { class: "keys" }, buttons(row))));
}

function replyButton(button, acts) {
  const style = STYLES.includes(button.style) ? ` key-${button.style}` : "";
  const run = () => {
    if (button.request_contact) acts.act("sends_contact");
    else if (button.request_location) acts.act("sends_location");
    else acts.say(button.text);
  };
  return make("button", { type: "button", class: `key${style}`, onclick: run }, make("span", { class: "key-label" }, button.text));
}
