// The sandbox's control interface (see bot/sandbox/control.py). Everything is on this machine.

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

export const read = async (path) => answer(await fetch(`/sandbox/${path}`, { cache: "no-store" }));

export const post = async (path, body) => answer(await fetch(`/sandbox/${path}`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
}));

export const act = (person, name, values = {}) => post("act", { person, act: name, ...values });

/** Type `@bot query` in a chat; answers {asked, results, button, next_offset} when the bot has answered, {} when it does not. */
export const askInline = (person, chat, query, offset) => post("inline", { person, chat_id: chat, query, offset });

/** Send a result of such an answer. */
export const pickInline = (asked, result) => post("pick", { asked, result_id: result });

/** What the bot's owner adds, such as the search for state bodies. */
export const offer = (name, values = {}) => post(`offer/${name}`, values);

const EVENTS = [
  "message", "edited", "deleted", "keyboard", "action", "toast", "person", "profile", "clock", "violation", "call", "reload",
  "chat", "switches",
];

/** Call `heard(name, data)` for everything that happens after `seq`, `connected(bool)` when the line breaks or is back. */
export function follow(seq, heard, connected) {
  const source = new EventSource(`/sandbox/events?after=${seq}`);
  for (const name of EVENTS) {
    source.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
  }
  source.addEventListener("open", () => connected(true));
  source.addEventListener("error", () => connected(false));
  return source;
}
