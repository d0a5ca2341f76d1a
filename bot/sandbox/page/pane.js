// One chat: its head, the messages, the line to write in. It shows one person, the middle one any official.

import { act, askInline, pickInline } from "./connection.js";
import { composer } from "./composer.js";
import { make, menu } from "./dom.js";
import { keyOf } from "./keyboards.js";
import { initials, messageItem } from "./message.js";
import { notice, whisper } from "./notices.js";
import { language, say } from "./texts.js";

const TYPING = 5000; // milliseconds that "is typing" stays, as in Telegram

export class Pane {
  #items = new Map(); // message → its list item

  /** `role`: ngo, official, coordinator or group; `start()` replaces a plain START where given; `extra`: below the
   * head; `caption(person)`: what stands under the name, if not the role; `switchInline(pane, query, button)` lets
   * choose a chat; `writer`: who writes in a group; `followed(person)`: he followed a link to the bot. */
  constructor(world, role, number, { start, extra, caption, switchInline, writer = null, followed } = {}) {
    Object.assign(this, { world, role, number, firstStart: start, caption, switchInline, writer, followed });
    this.face = make("span", { class: "avatar", "aria-hidden": "true" });
    this.title = make("h2");
    this.state = make("p", { class: "pane-state" });
    this.head = make("div", { class: "pane-head" }, this.face,
      make("div", { class: "pane-names" }, this.title, this.state), menu("dots", say("more"), () => this.moreItems()));
    this.list = make("ol", { class: "messages", role: "log", "aria-live": "polite", tabindex: "0" });
    // Whoever reads the newest message goes on seeing it when the list gets smaller, or appears at all.
    this.list.addEventListener("scroll", () => { this.low = this.#nearEnd(); });
    new ResizeObserver(() => this.low && this.scrollDown()).observe(this.list);
    this.whispers = make("div", { class: "whispers", role: "status" });
    this.foot = make("div", { class: "pane-foot" });
    this.node = make("section", { class: `pane pane-${role}`, id: `pane-${role}`, "aria-label": say(role) },
      this.head, extra, this.list, this.whispers, this.foot);
    this.acts = this.#acts();
    this.drawAll();
  }

  /** Show another person from now on. */
  show(number) {
    this.number = number;
    this.world.unread.delete(number);
    this.drawAll();
  }

  drawAll() {
    this.drawHead();
    this.drawMessages();
    this.drawFoot();
  }

  drawHead() {
    const user = this.world.person(this.number)?.user ?? { first_name: "" };
    const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
    const blocked = this.world.person(this.number)?.blocked;
    const calm = blocked ? say("blocked") : this.caption?.(this.number) ?? say(this.role);
    this.face.textContent = initials(name);
    this.title.textContent = name;
    this.state.textContent = this.typing ? `${this.botName()} ${say("typing")}` : calm;
    this.state.classList.toggle("typing", Boolean(this.typing));
  }

  /** Who writes here. */
  get author() {
    return this.writer ?? this.number;
  }

  botName() {
    return this.world.text("name", language()) || this.world.bot.first_name;
  }

  drawMessages() {
    this.#items.clear();
    const { messages, started } = this.world.chat(this.number);
    this.list.replaceChildren();
    if (!started && !messages.length) this.list.append(this.#description());
    for (const message of messages) this.#draw(message);
    this.scrollDown();
  }

  /** Below the messages; left alone while nothing about it changed, since somebody may be typing there. */
  drawFoot() {
    const { started, keyboard } = this.world.chat(this.number);
    const state = JSON.stringify([this.number, this.author, this.world.person(this.number)?.blocked, started, keyboard]);
    if (state === this.footState) return;
    this.footState = state;
    const typed = this.foot.querySelector("textarea");
    const writing = typed !== null && document.activeElement === typed;
    this.foot.replaceChildren(composer(this.world, this.number, this.acts));
    if (writing) this.foot.querySelector("textarea")?.focus();
  }

  /** Put a text into the line, for the person to send; kept for later where there is no line yet. */
  write(text) {
    this.world.drafts.set(this.number, text);
    const line = this.foot.querySelector("textarea");
    if (!line) return;
    line.value = text;
    line.focus();
    line.dispatchEvent(new Event("input"));
  }

  /** Begin an inline query in the line. */
  writeInline(query) {
    this.write(`@${this.world.bot.username} ${query}`);
  }

  /** A message appeared or changed. */
  put(message, event) {
    const fresh = event === "message";
    if (fresh && !message.sandbox.outgoing) this.drawFoot();
    if (fresh && message.sandbox.outgoing) this.setTyping(false);
    const near = this.#nearEnd();
    this.list.querySelector(".description")?.remove();
    this.#draw(message);
    if (near || (fresh && !message.sandbox.outgoing)) this.scrollDown();
  }

  /** The wheel on a button began or ended. */
  drawWaiting() {
    const turning = this.list.querySelectorAll(".turning");
    const stale = new Set([...turning].map((button) => Number(button.closest("li").dataset.message)));
    const { waiting, messages } = this.world.chat(this.number);
    for (const { key } of waiting) stale.add(Number(key.split(":")[0]));
    for (const message of messages) if (stale.has(message.message_id)) this.#draw(message);
  }

  setTyping(on) {
    clearTimeout(this.timer);
    if (on) this.timer = setTimeout(() => this.setTyping(false), TYPING);
    if (this.typing === on) return;
    this.typing = on;
    this.drawHead();
  }

  /** An answer to a tap: a line that goes away, or a box that must be closed. */
  toast({ text, alert, url }) {
    if (url) this.acts.follow(url);
    if (text && alert) notice(text);
    else if (text) this.whisper(text);
  }

  whisper(text) {
    whisper(this.whispers, text);
  }

  scrollDown() {
    this.low = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  #nearEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120;
  }

  #draw(message) {
    const { messages, waiting } = this.world.chat(this.number);
    const before = messages[messages.findIndex((one) => one.message_id === message.message_id) - 1];
    const item = messageItem(message, before, waiting, this.acts);
    const old = this.#items.get(message.message_id);
    const place = document.activeElement && old?.contains(document.activeElement)
      ? [...old.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
    if (old) old.replaceWith(item);
    else this.list.append(item);
    this.#items.set(message.message_id, item);
    if (place >= 0) item.querySelectorAll("button, a")[place]?.focus({ preventScroll: true });
  }

  moreItems() {
    const blocked = this.world.person(this.number)?.blocked;
    return [{ label: say(blocked ? "unblock" : "block"), run: () => this.acts.act(blocked ? "unblocks" : "blocks") }];
  }

  #description() {
    const text = this.world.text("description", language());
    return make("li", { class: "description" }, text && make("strong", {}, say("whatItDoes")), text && make("p", {}, text));
  }

  async #attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.whisper(say("failed", { why: error.message }));
      return null;
    }
  }

  #acts() {
    const perform = (name, values) => this.#attempt(() => act(this.author, name, values));
    const here = this.writer === null ? {} : { chat_id: this.number };
    return {
      username: this.world.bot.username,
      shared: this.writer !== null,
      author: () => this.author,
      act: perform,
      say: (text) => perform("says", { text, ...here }),
      command: (text) => perform("says", { text, ...here }),
      start: () => this.#attempt(async () => (this.firstStart ? this.firstStart(this.number) : act(this.number, "start"))),
      follow: async (url) => {
        await perform("follows", { url });
        this.followed?.(this.author);
      },
      openBot: async (payload) => {
        await perform("start", { payload });
        this.followed?.(this.author);
      },
      inline: (query, offset) => this.#attempt(() => askInline(this.author, this.number, query, offset)),
      pick: (asked, result) => this.#attempt(() => pickInline(asked, result)),
      typeInline: (query) => this.writeInline(query),
      switchInline: (query, button) => this.switchInline(this, query, button),
      elsewhere: (url) => this.whisper(say("elsewhere", { url })),
      notHere: () => this.whisper(say("notHere")),
      copy: (text) => this.#attempt(async () => {
        await navigator.clipboard.writeText(text);
        this.whisper(say("copied", { text }));
      }),
      tap: async (message, button) => {
        const stop = this.world.wait(this.number, keyOf(message, button), this.author);
        const sent = await perform("taps", { label: button.callback_data, message_id: message.message_id, ...here });
        if (sent === null) stop();
      },
    };
  }
}
