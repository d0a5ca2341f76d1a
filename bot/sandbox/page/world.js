// What the page knows of the sandbox: people, chats, clock. It reads the state once and then follows the events.

import { follow, read } from "./connection.js";

export class World extends EventTarget {
  people = new Map(); // Telegram number → {user, blocked, menu}
  chats = new Map(); // chat's number (in private chats the person's) → {started, keyboard, messages, waiting}
  drafts = new Map(); // person → what stands in the input
  unread = new Map(); // person → messages that came while nobody looked
  bot = {};
  profile = { texts: [] };
  clock = { offset: 0, now: 0, read: 0 };
  connected = true;
  switches = {};
  #tickets = []; // taps that wait for their answers, in their order

  async load() {
    const state = await read("state");
    this.bot = state.bot;
    this.profile = state.profile;
    this.switches = state.switches;
    this.#setClock(state.clock);
    this.people = new Map(state.people.map((person) => [person.user.id, person]));
    this.chats = new Map(state.chats.map((chat) => [chat.chat.id, remembered(chat)]));
    this.#tell("all");
    return state.seq;
  }

  async follow(seq) {
    const source = follow(seq, async (name, data) => {
      if (name !== "reload") return this.#hear(name, data);
      source.close(); // what was missed cannot be replayed
      await this.follow(await this.load());
    }, (connected) => {
      this.connected = connected;
      this.#tell("connection");
    });
  }

  /** Seconds since 1970 on the demo's clock. */
  now() {
    return this.clock.now + (performance.now() - this.clock.read) / 1000;
  }

  chat(number) {
    if (!this.chats.has(number)) this.chats.set(number, remembered({ messages: [] }));
    return this.chats.get(number);
  }

  person(number) {
    return this.people.get(number);
  }

  /** What the bot says about itself in this language: "name", "description" or "short_description". */
  text(what, language) {
    const of = (code) => this.profile.texts.find((entry) => entry.what === what && entry.language === code)?.text;
    return of(language) ?? of("") ?? "";
  }

  /** The number of the group, if there is one. */
  group() {
    return [...this.chats].find(([, { info }]) => info?.type === "group" || info?.type === "supergroup")?.[0];
  }

  /** Take note of a chat that was just made. */
  know(state) {
    if (!this.chats.has(state.chat.id)) this.chats.set(state.chat.id, remembered(state));
    else this.#describe(state);
  }

  /** Remember that a person's tap waits for its answer: the wheel turns on that button. Returns what ends it. */
  wait(number, key, person = number) {
    const { waiting } = this.chat(number);
    const ticket = { key, number, person };
    waiting.push(ticket);
    this.#tickets.push(ticket);
    const stop = () => {
      if (!this.#tickets.includes(ticket)) return;
      this.#drop(ticket);
      this.#tell("waiting", { chat_id: number });
    };
    setTimeout(stop, 60000); // no answer is taken after a minute
    this.#tell("waiting", { chat_id: number });
    return stop;
  }

  async refreshPeople() {
    const state = await read("state");
    this.people = new Map(state.people.map((person) => [person.user.id, person]));
    this.profile = state.profile;
    this.#tell("people");
  }

  #hear(name, data) {
    const { chat_id: number } = data;
    if (name === "message" || name === "edited" || name === "deleted") this.#put(number, data.message);
    if (name === "message" && !data.message.sandbox.outgoing) this.chat(number).started = true;
    if (name === "keyboard") this.chat(number).keyboard = data.keyboard.keyboard ? data.keyboard : null;
    if (name === "clock") this.#setClock(data);
    // Answers come in the order of the taps: one person's updates are dealt with one after the other.
    if (name === "toast") this.#answered(data);
    if (name === "chat") this.know(data.chat);
    if (name === "switches") this.switches = data;
    if (name === "person" || name === "profile") this.#soon();
    if (name === "person" && this.people.has(data.person)) this.people.get(data.person).blocked = data.blocked;
    this.#tell(name, data);
  }

  #answered(data) {
    const ticket = this.#tickets.find(({ person }) => person === data.person);
    data.chat_id = ticket?.number ?? data.person;
    if (ticket) this.#drop(ticket);
  }

  #drop(ticket) {
    const { waiting } = this.chat(ticket.number);
    this.#tickets = this.#tickets.filter((one) => one !== ticket);
    if (waiting.includes(ticket)) waiting.splice(waiting.indexOf(ticket), 1);
  }

  #describe({ chat, members, has_bot: hasBot }) {
    Object.assign(this.chat(chat.id), { info: chat, members, hasBot });
  }

  #put(number, message) {
    const { messages } = this.chat(number);
    const place = messages.findIndex((known) => known.message_id === message.message_id);
    if (place < 0) messages.push(message);
    else messages[place] = message;
  }

  #setClock(clock) {
    this.clock = { ...clock, read: performance.now() };
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refreshPeople(), 150);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const remembered = ({ chat, started = false, keyboard = null, messages, members = [], has_bot: hasBot = false }) => ({
  info: chat, members, hasBot, started, keyboard: keyboard?.keyboard ? keyboard : null, messages, waiting: [],
});
