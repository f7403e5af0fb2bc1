// Every cell: where the package is tried, by group.

import { pages } from "./browsers.mjs";
import { bundlers } from "./bundlers.mjs";
import { mendings } from "./mending.mjs";
import { next } from "./next.mjs";
import { runners } from "./runners.mjs";
import { memory, runtimes } from "./runtimes.mjs";

const group = (title, cells) => cells.map((cell) => ({ ...cell, group: title }));

export const cells = [
  ...group("Runtimes", runtimes),
  ...group("Memory", memory),
  ...group("Browsers", pages),
  ...group("Bundlers", [...bundlers, ...next]),
  ...group("Test runners", runners),
  ...group("Broken installations", mendings),
];
