// Telegram's text with entities as nodes. Offsets are UTF-16 units, which is how JavaScript counts too.

import { make } from "./dom.js";
import { kindOf, whole } from "./links.js";
import { say } from "./texts.js";

const PLAIN = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};

/** A fragment for `text`. `acts`: command(text), follow(url), elsewhere(url), username. */
export function rich(text, entities, acts) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  build(fragment, text, 0, text.length, sorted, acts);
  return fragment;
}

function build(parent, text, from, to, entities, acts) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    rest = others;
    if (end <= start) continue;
    parent.append(text.slice(at, start));
    const node = element(entity, text.slice(start, end), acts);
    build(node, text, start, end, others.filter((other) => other.offset < end), acts);
    parent.append(node);
    // One that reaches beyond goes on after this one; the others are inside.
    rest = others.filter((other) => other.offset + other.length > end);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function element(entity, text, acts) {
  if (PLAIN[entity.type]) return make(PLAIN[entity.type]);
  switch (entity.type) {
    case "spoiler": return spoiler();
    case "expandable_blockquote": return expandable();
    case "text_link": return link(entity.url, acts);
    case "url": return link(whole(text), acts);
    case "email": return make("a", { href: `mailto:${text}` });
    case "phone_number": return make("a", { href: `tel:${text.replace(/[^+\d]/g, "")}` });
    case "bot_command": return make("button", { type: "button", class: "link", onclick: () => acts.command(text) });
    case "date_time": return make("time", { datetime: new Date(entity.unix_time * 1000).toISOString() });
    default: return make("span", { class: `entity-${entity.type}` });
  }
}

/** A link that opens here if it leads to the bot, in a new tab if it leads into the web. */
function link(url, acts) {
  const kind = kindOf(url, acts.username);
  if (kind === "web") return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" });
  if (!kind) return make("span");
  const run = () => (kind === "bot" ? acts.follow(url) : acts.elsewhere(url));
  return make("button", { type: "button", class: "link", title: url, onclick: run });
}

function spoiler() {
  const show = (event) => {
    const hidden = event.currentTarget;
    if (hidden.classList.contains("shown")) return;
    event.preventDefault();
    event.stopPropagation();
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  const keys = (event) => (event.key === "Enter" || event.key === " ") && show(event);
  return make("span", {
    class: "spoiler", role: "button", tabindex: "0", "aria-label": say("showHidden"), onclick: show, onkeydown: keys,
  });
}

function expandable() {
  return make("blockquote", {
    class: "expandable", tabindex: "0", onclick: (event) => event.currentTarget.classList.toggle("shown"),
    onkeydown: (event) => event.key === "Enter" && event.currentTarget.classList.toggle("shown"),
  });
}
