// What a process has used, as Linux tells it.

import { readFileSync, writeFileSync } from "node:fs";

/** Ticks of the kernel's clock a second, for programs. */
const TICKS = 100;

/** Seconds on processors, of all threads there ever were. */
export function onProcessors(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program is in parentheses, and may hold spaces.
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) / TICKS;
}

/** Bytes in memory now, and the most since the peak was forgotten. */
export function resident(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) * 1024;
  return { now: of("VmRSS"), peak: of("VmHWM") };
}

export function forgetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
