// Numbers, sizes and dates as people read them.

import { h } from "./dom.js";

const WHOLE = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const UNITS = [["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

export function count(number) {
  return typeof number === "number" ? WHOLE.format(number) : "–";
}

export function short(number) {
  return typeof number === "number" ? SHORT.format(number) : "–";
}

/** `1 model`, `20 models`. */
export function many(number, noun, nouns = `${noun}s`) {
  return `${count(number)} ${number === 1 ? noun : nouns}`;
}

export function size(bytes) {
  if (typeof bytes !== "number") return "–";
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

export function duration(milliseconds) {
  if (typeof milliseconds !== "number") return "–";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** What is left of a transfer: `8 s`, `2 min 5 s`. */
export function left(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A `time` element: how long ago, with the date as its title. */
export function ago(text) {
  const date = new Date(text);
  if (text === undefined || text === null || Number.isNaN(date.getTime())) return null;
  return h("time", { datetime: date.toISOString(), title: MOMENT.format(date) }, distance(date));
}

export function day(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "–" : DAY.format(date);
}

function distance(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return AGO.format(Math.round(seconds / length), unit);
  }
  return "just now";
}
