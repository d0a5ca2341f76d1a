// What a link means here: a start of the bot, something only Telegram can open, or a page of the web.

const TELEGRAM = /^(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/(\w*)/i;

/** "bot", "telegram", "web", or "" for what is no link we open. `username` is the bot's. */
export function kindOf(url, username) {
  const match = TELEGRAM.exec(url);
  if (match) return match[1].toLowerCase() === username.toLowerCase() ? "bot" : "telegram";
  if (/^tg:/i.test(url)) return "telegram";
  return /^https?:\/\//i.test(url) ? "web" : "";
}

/** A link as typed, with its scheme. */
export const whole = (text) => (/^\w+:\/\//.test(text) ? text : `http://${text}`);
