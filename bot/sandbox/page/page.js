// The page: three chats side by side, or one at a time with tabs where there is no room.

import { chooseChat, kindsOf } from "./choose_chat.js";
import { act, offer, post } from "./connection.js";
import { make } from "./dom.js";
import { GroupPane } from "./group_pane.js";
import { Pane } from "./pane.js";
import { bodyOf, stepIn } from "./step_in.js";
import { language, say, speak } from "./texts.js";
import { clock, faults, groupButton, guide, title, violations } from "./top.js";
import { World } from "./world.js";

const ROLES = ["ngo", "official", "coordinator"];
const SAMPLES = { ngo: [1001, "sampleNgo"], official: [1002, "sampleOfficial"], coordinator: [1003, "sampleCoordinator"] };
const STEPPED = 700000000; // people from this number on were made by stepping into a post
const NARROW = matchMedia("(max-width: 999px)");
const TAB_NAMES = { ngo: "tabNgo", official: "tabOfficial" }; // where four names stand side by side on a phone

const world = new World();
const panes = new Map();
let tabs;
let shown = "ngo"; // the tab, where there is room for one
let watch;
let broken;
let lost;

async function begin() {
  speak(new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("uakil-language") ?? "kk");
  await world.load();
  await invent();
  const seq = await world.load();
  await tellLanguage();
  draw();
  listen();
  await world.follow(seq);
}

/** The three people the chats belong to; whoever is missing is made. */
async function invent() {
  const people = [...world.people.keys()].filter((number) => number < STEPPED);
  for (const role of ROLES.slice(people.length)) {
    const [id, name] = SAMPLES[role];
    await post("person", { id, first_name: say(name), language_code: language() });
  }
}

const ofRole = (role) => [...world.people.keys()].filter((number) => number < STEPPED)[ROLES.indexOf(role)];

const tellLanguage = () => Promise.all([...world.people.keys()].map((id) => post("person", { id, language_code: language() })));

async function choose(code) {
  speak(code);
  localStorage.setItem("uakil-language", code);
  await tellLanguage();
  await world.refreshPeople();
  draw();
  for (const role of ROLES) if (world.chat(ofRole(role)).started) panes.get(role).whisper(say("languageKept"));
}

function draw() {
  document.documentElement.lang = language();
  document.title = say("title");
  watch = clock(world);
  broken = violations();
  lost = make("p", { class: "lost", role: "alert" }, say("lost"));
  lost.hidden = world.connected;
  document.getElementById("top").replaceChildren(
    title(choose), make("div", { class: "tools" }, watch.node, groupButton(panes.has("group"), toggleGroup), faults(world)), guide(insert, !NARROW.matches), broken.node, lost);
  const extra = stepIn(world, showOfficial);
  for (const role of ROLES) {
    const number = panes.get(role)?.number ?? (role === "official" ? lastOfficial() : null);
    panes.set(role, new Pane(world, role, world.person(number) ? number : ofRole(role), {
      extra: role === "official" ? extra : null,
      caption: role === "official" ? bodyOf : undefined,
      start: role === "coordinator" ? startAsCoordinator : undefined,
      switchInline,
    }));
  }
  if (panes.has("group")) panes.set("group", makeGroupPane(panes.get("group").writer));
  tabs = make("nav", { class: "tabs", role: "tablist", "aria-label": say("chats") });
  const place = document.getElementById("panes");
  place.classList.toggle("with-group", panes.has("group"));
  place.replaceChildren(tabs, ...[...panes.values()].map((pane) => pane.node));
  drawTabs();
}

function drawTabs() {
  tabs.replaceChildren(...[...ROLES, "group"].map((role) => {
    const unread = world.unread.get(panes.get(role)?.number ?? world.group());
    return make("button", {
      type: "button", role: "tab", "aria-selected": String(role === shown), "aria-controls": `pane-${role}`,
      onclick: () => (role === "group" ? openGroup() : showTab(role)),
    }, make("span", {}, say(TAB_NAMES[role] ?? role)), unread && make("span", { class: "badge", "aria-label": say("unread", { n: unread }) }, String(unread)));
  }));
  for (const [role, pane] of panes) pane.node.classList.toggle("current", role === shown);
}

function showTab(role) {
  shown = role;
  world.unread.delete(panes.get(role).number);
  drawTabs();
}

/** The group's pane, and the group itself when it is opened for the first time. */
async function openGroup(writer = ofRole("ngo")) {
  if (world.group() === undefined) {
    const [creator, ...members] = ROLES.map(ofRole);
    world.know(await post("group", { title: say("sampleGroup"), creator, members }));
  }
  if (!panes.has("group")) {
    panes.set("group", makeGroupPane(writer));
    draw();
  }
  showTab("group");
  panes.get("group").scrollDown();
}

function toggleGroup() {
  if (!panes.has("group")) return openGroup();
  panes.delete("group");
  if (shown === "group") shown = "ngo";
  return draw();
}

const makeGroupPane = (writer) => new GroupPane(world, "group", world.group(), { writer, switchInline, followed });

/** Somebody went from a group into his own chat with the bot. */
function followed(person) {
  const role = ROLES.find((one) => panes.get(one).number === person);
  if (role) showTab(role);
}

/** A button of the bot switches to inline mode in a chat that the person of this pane chooses. */
function switchInline(pane, query, button) {
  const { author } = pane;
  const kinds = kindsOf(button);
  const role = ROLES.find((one) => panes.get(one).number === author);
  const chats = [];
  if (kinds.bot && role) chats.push({ name: say("botChat"), run: () => { showTab(role); panes.get(role).writeInline(query); } });
  if (kinds.group && ROLES.some((one) => ofRole(one) === author)) chats.push({ name: groupName(), run: () => inGroup(author, query) });
  if (!chats.length) return pane.whisper(say("notHere"));
  return chooseChat(chats);
}

const groupName = () => world.chats.get(world.group())?.info.title ?? say("sampleGroup");

async function inGroup(writer, query) {
  await openGroup(writer);
  const pane = panes.get("group");
  if (pane.writer !== writer) pane.writeAs(writer);
  pane.writeInline(query);
}

/** The official whose post was entered last in this tab. */
const lastOfficial = () => Number(sessionStorage.getItem("uakil-official"));

function showOfficial(number) {
  sessionStorage.setItem("uakil-official", number);
  panes.get("official").show(number);
  drawTabs();
}

function insert(text) {
  const pane = panes.get("ngo");
  showTab("ngo");
  pane.write(text);
}

/** The first START of the coordinator opens an invitation, where the bot's owner offers one. */
async function startAsCoordinator(number) {
  if (world.chat(number).messages.length) return act(number, "start");
  const invited = await offer("coordinator").catch(() => null);
  return invited ? act(number, "follows", { url: invited.link }) : act(number, "start");
}

const seen = (role) => !NARROW.matches || role === shown;

function listen() {
  const on = (name, run) => world.addEventListener(name, (event) => run(event.detail));
  const paneOf = (number) => [...panes.values()].find((pane) => pane.number === number);
  for (const name of ["message", "edited", "deleted"]) on(name, (data) => arrived(name, data, paneOf(data.chat_id)));
  on("keyboard", ({ chat_id: number }) => paneOf(number)?.drawFoot());
  on("action", ({ chat_id: number }) => paneOf(number)?.setTyping(true));
  on("toast", (data) => {
    const pane = paneOf(data.chat_id) ?? paneOf(data.person);
    pane?.drawWaiting();
    pane?.toast(data);
  });
  on("waiting", ({ chat_id: number }) => paneOf(number)?.drawWaiting());
  on("people", () => panes.forEach((pane) => { pane.drawHead(); pane.drawFoot(); }));
  on("person", ({ person }) => { paneOf(person)?.drawHead(); paneOf(person)?.drawFoot(); });
  on("profile", () => panes.forEach((pane) => !pane.list.querySelector("[data-message]") && pane.drawMessages()));
  on("all", draw);
  on("chat", ({ chat_id: number }) => paneOf(number)?.drawHead());
  on("clock", () => watch.draw());
  on("violation", () => broken.draw());
  on("connection", () => { lost.hidden = world.connected; });
  setInterval(() => watch.draw(), 1000);
  NARROW.addEventListener("change", drawTabs);
}

function arrived(name, { chat_id: number, message }, pane) {
  pane?.put(message, name);
  if (name !== "message" || !message.sandbox.outgoing || (pane && seen(pane.role))) return;
  world.unread.set(number, (world.unread.get(number) ?? 0) + 1);
  drawTabs();
}

begin();
