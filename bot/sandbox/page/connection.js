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

/** What the bot's owner adds, such as the search for state bodies. */
export const offer = (name, values = {}) => post(`offer/${name}`, values);

const EVENTS = [
  "message", "edited", "deleted", "keyboard", "action", "toast", "person", "profile", "clock", "violation", "call", "reload",
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
