// Below the messages: START, UNBLOCK, or the line to write in with its menus and the bot's keyboard.

import { icon, make, menu } from "./dom.js";
import { inlineList } from "./inline_list.js";
import { replyKeyboard } from "./keyboards.js";
import { say } from "./texts.js";

/** The lower part of a pane. `acts`: say, act, start, inline, pick, openBot; `acts.shared` in a group. */
export function composer(world, number, acts) {
  const chat = world.chat(number);
  if (acts.shared) return make("div", { class: "composer" }, line(world, number, acts));
  if (world.person(number)?.blocked) return bigButton(say("unblock"), () => acts.act("unblocks"));
  if (!chat.started) return bigButton(say("start"), acts.start);
  return make("div", { class: "composer" }, replyKeyboard(chat.keyboard, acts), line(world, number, acts));
}

const bigButton = (label, run) => make("div", { class: "composer" },
  make("button", { type: "button", class: "start", onclick: run }, label));

function line(world, number, acts) {
  const chat = world.chat(number);
  const input = make("textarea", {
    rows: "1", maxlength: "4096", "aria-label": say("write"), enterkeyhint: "send",
    placeholder: chat.keyboard?.input_field_placeholder ?? say("write"), oninput: keep, onkeydown: keys,
  });
  input.value = world.drafts.get(number) ?? "";

  const list = inlineList(input, acts, () => { input.value = ""; keep(); });

  function keep() {
    world.drafts.set(number, input.value);
    fit(input);
    list.look();
  }

  function keys(event) {
    if (event.isComposing || list.keys(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  }

  function send() {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    keep();
    acts.say(text);
  }

  requestAnimationFrame(() => fit(input));
  return make("form", { class: "line", onsubmit: (event) => { event.preventDefault(); send(); } },
    list.node,
    !acts.shared && menu("menu", say("commands"), () => commands(world, number, acts)),
    !acts.shared && menu("plus", say("attach"), () => attachments(acts)),
    input,
    make("button", { class: "round send", type: "submit", title: say("send"), "aria-label": say("send") }, icon("send")));
}

function fit(input) {
  input.style.height = "auto";
  if (!input.scrollHeight) return; // not shown now, so nothing can be measured
  input.style.height = `${Math.min(input.scrollHeight + 2, 140)}px`;
}

const commands = (world, number, acts) => (world.person(number)?.menu ?? []).map(({ command, description }) => (
  { label: `/${command}`, hint: description, run: () => acts.say(`/${command}`) }));

const attachments = (acts) => [
  { label: say("document"), run: () => pick("", (name, base64, mime) => acts.act("sends_document", { name, base64, mime })) },
  { label: say("photo"), run: () => pick("image/*", (name, base64) => acts.act("sends_photo", { base64 })) },
  { label: say("contact"), run: () => acts.act("sends_contact") },
  { label: say("sticker"), run: () => acts.act("sends_sticker", { emoji: "🙂" }) },
  { label: say("voice"), run: () => acts.act("sends_voice") },
];

/** Let the person choose a file; `chosen(name, base64, mime)` gets its bytes. */
function pick(accept, chosen) {
  const input = make("input", { type: "file", accept });
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => chosen(file.name, reader.result.split(",")[1] ?? "", file.type || null));
    reader.readAsDataURL(file);
  });
  input.click();
}
