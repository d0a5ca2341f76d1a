// One message as a bubble, with everything that may hang on it.

import { dayNumber, day, size, time } from "./dates.js";
import { icon, make } from "./dom.js";
import { inlineKeyboard } from "./keyboards.js";
import { rich } from "./rich_text.js";
import { say } from "./texts.js";

/** The list item of a message; `before` is the message before it, for the line with the day. */
export function messageItem(message, before, waiting, acts) {
  const { outgoing, edited, deleted } = message.sandbox;
  const own = acts.shared ? message.from.id === acts.author() : !outgoing;
  const side = own ? "own" : outgoing ? "from-bot" : "from-other";
  const item = make("li", { class: side, "data-message": message.message_id });
  if (deleted) item.hidden = true;
  if (!before || dayNumber(before.date) !== dayNumber(message.date)) {
    item.append(make("div", { class: "day" }, day(message.date)));
  }
  const event = happened(message);
  if (event) {
    item.append(make("div", { class: "day service" }, event));
    return item;
  }
  const moment = new Date(message.date * 1000).toISOString();
  const foot = make("div", { class: "foot" },
    edited && make("span", { class: "edited" }, say("edited")),
    make("time", { datetime: moment, title: day(message.date, true) }, time(message.date)));
  const body = make("div", { class: "bubble" }, acts.shared && !own && author(message), via(message), forwarded(message), quoted(message), content(message, acts), foot);
  item.append(make("div", { class: "stack" }, body, inlineKeyboard(message, waiting, acts)));
  return item;
}

function content(message, acts) {
  const text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const words = text ? make("div", { class: "words" }, rich(text, entities, acts)) : null;
  return [attachment(message), words];
}

function attachment(message) {
  if (message.contact) return contactCard(message.contact);
  if (message.photo) return photo(message.sandbox.file);
  if (message.sticker) return make("div", { class: "sticker", role: "img", "aria-label": say("sticker") }, message.sticker.emoji);
  if (message.voice) return labelled("voice", `${say("voice")}, 0:${String(message.voice.duration).padStart(2, "0")}`);
  if (message.location) {
    const { latitude, longitude } = message.location;
    const { title, address } = message.venue ?? {};
    const name = [title, address].filter(Boolean).join(", ") || say("location");
    return labelled("search", `${name}: ${latitude}, ${longitude}`);
  }
  if (message.sandbox.file) return fileCard(message.sandbox.file);
  return message.text ? null : make("div", { class: "words" }, say("other"));
}

const labelled = (name, text) => make("div", { class: "labelled" }, icon(name), make("span", {}, text));

const address = (file) => `/sandbox/file/${encodeURIComponent(file.id)}`;

function fileCard(file) {
  return make("a", {
    class: "file", href: address(file), download: file.name, "aria-label": say("download", { name: file.name }),
  }, make("span", { class: "file-icon" }, icon("file")), make("span", { class: "file-text" },
    make("span", { class: "file-name" }, file.name), make("span", { class: "file-size" }, size(file.size))));
}

function photo(file) {
  const image = make("img", { class: "photo", src: address(file), alt: say("photo") });
  // What is no picture is shown as the file it is.
  image.addEventListener("error", () => image.replaceWith(fileCard(file)));
  return image;
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  const number = contact.phone_number.startsWith("+") ? contact.phone_number : `+${contact.phone_number}`;
  const card = make("div", { class: "contact" },
    make("span", { class: "avatar", "aria-hidden": "true" }, initials(name)),
    make("span", { class: "contact-text" },
      make("span", { class: "contact-name" }, name),
      make("a", { href: `tel:${number.replace(/[^+\d]/g, "")}` }, number)));
  if (contact.vcard) {
    const data = `data:text/vcard;charset=utf-8,${encodeURIComponent(contact.vcard)}`;
    card.append(make("a", { class: "contact-save", href: data, download: "contact.vcf" }, say("saveContact")));
  }
  return card;
}

/** One or two letters that stand for a name. */
export const initials = (name) => name.replace(/\(.*?\)/g, "").split(/\s+/).filter((part) => /^\p{L}/u.test(part)).slice(0, 2)
  .map((part) => [...part][0]).join("").toUpperCase() || "•";

/** What a service message tells; "" for any other message. */
function happened(message) {
  if (message.group_chat_created || message.supergroup_chat_created) return say("groupCreated", { name: fullName(message.from) });
  if (message.new_chat_members) return say("cameIn", { name: fullName(message.new_chat_members[0]) });
  return message.left_chat_member ? say("wentOut", { name: fullName(message.left_chat_member) }) : "";
}

/** First and last name. */
export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

const author = (message) => make("div", { class: "author" }, fullName(message.from));

const via = (message) => message.via_bot && make("div", { class: "forwarded via" }, say("via", { bot: message.via_bot.username }));

function forwarded(message) {
  const name = message.forward_origin?.sender_user_name;
  return name ? make("div", { class: "forwarded" }, say("forwarded", { name })) : null;
}

function quoted(message) {
  const quote = message.reply_to_message;
  return quote ? make("div", { class: "quoted" }, quote.text ?? quote.caption ?? say("other")) : null;
}
