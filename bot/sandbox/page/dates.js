// Dates as people in Kazakhstan see them. The country keeps one zone, UTC+5, all year; browsers with old tables do not know.

import { MONTHS, WEEKDAYS, language, say } from "./texts.js";

const ZONE = 5 * 3600;
const two = (number) => String(number).padStart(2, "0");
const local = (seconds) => new Date((seconds + ZONE) * 1000); // its UTC fields are the local ones

export const dayNumber = (seconds) => Math.floor((seconds + ZONE) / 86400);

export function time(seconds) {
  const date = local(seconds);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

export function day(seconds, withYear = false) {
  const date = local(seconds);
  const weekday = WEEKDAYS[language()][date.getUTCDay()];
  const month = MONTHS[language()][date.getUTCMonth()];
  const year = withYear ? ` ${date.getUTCFullYear()}` : "";
  return `${weekday}, ${date.getUTCDate()} ${month}${year}`;
}

export function size(bytes) {
  return bytes < 1024 ? say("bytes", { n: bytes }) : say("kilobytes", { n: Math.round(bytes / 102.4) / 10 });
}
