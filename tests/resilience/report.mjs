// Writes docs/faults.md from the cells, and reads the committed one.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { faults } from "./faults.mjs";
import { INTRODUCTION } from "./introduction.mjs";
import { RUNTIMES } from "./matrix.mjs";
import { NOTES } from "./notes.mjs";
import { operations } from "./operations.mjs";
import { cellsOf } from "./runner.mjs";

const file = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
const DIGITS = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];

/** The notes that some cell has, in their order. */
const used = Object.keys(RUNTIMES).flatMap(cellsOf).flatMap(({ expected }) => expected.notes);
const numbered = Object.keys(NOTES).filter((name) => used.includes(name));

/** `runs` are the cells by runtime. */
export function write(runs) {
  writeFileSync(file, text(runs));
}

/** The page's lines, as they are committed and as these runs make them. */
export function compared(runs) {
  return { committed: readFileSync(file, "utf8").split("\n"), seen: text(runs).split("\n") };
}

function text(runs) {
  const names = Object.keys(runs);
  return [
    INTRODUCTION,
    "## Sums\n",
    table(["", ...names.map((name) => RUNTIMES[name])], sums(Object.values(runs))),
    "## Footnotes\n",
    ...numbered.map((name, at) => `${at + 1}. ${NOTES[name]}`),
    "",
    ...names.flatMap((name) => [headline(name), tables(runs[name])]),
  ].join("\n");
}

function headline(runtime) {
  return `## In ${RUNTIMES[runtime]}\n`;
}

function tables(cells) {
  const part = (group) => {
    const rows = faults.filter((fault) => fault.group === group && cells.some((cell) => cell.fault === fault));
    const found = (fault, operation) => cells.find((cell) => cell.fault === fault && cell.operation === operation);
    const line = (fault) => [fault.title, ...operations.map((operation) => shown(found(fault, operation)))];
    return `### ${group}\n\n${table([group, ...operations.map(({ title }) => title)], rows.map(line))}`;
  };
  return [...new Set(faults.map(({ group }) => group))].map(part).join("\n");
}

/** Outcome and requests. Where the number of requests is open, its bounds stand for it. */
function shown(cell) {
  if (!cell) return "–";
  const { seen, expected, problems } = cell;
  const [least, most] = expected.requests;
  const good = problems.length === 0;
  const count = least === most || !good ? seen.requests : `${least}–${most}`;
  const marks = expected.notes.map((name) => raised(numbered.indexOf(name) + 1));
  const wrong = good ? [] : ["**not as expected**"];
  return [`${seen.outcome} ×${count}`, ...wrong, ...marks].join(" ");
}

function raised(number) {
  return [...String(number)].map((digit) => DIGITS[digit]).join("");
}

function sums(runs) {
  const count = (title, of) => [title, ...runs.map((cells) => cells.reduce((sum, cell) => sum + of(cell), 0))];
  const twice = ({ seen }) => Math.max(0, (seen.made ?? 0) - 1);
  return [
    count("cells", () => 1),
    count("cells not as expected", ({ problems }) => (problems.length > 0 ? 1 : 0)),
    count("requests with the token at a foreign origin", ({ seen }) => seen.token),
    count("cells in which the client showed the token", ({ seen }) => (seen.leaks.length > 0 ? 1 : 0)),
    count("calls that hung past the deadline", ({ seen }) => (seen.outcome === "hang" ? 1 : 0)),
    count("writes that the client made twice", (cell) => (cell.seen.sends > 1 ? twice(cell) : 0)),
    count("writes that the browser made twice by itself", (cell) => (cell.seen.sends > 1 ? 0 : twice(cell))),
    count("requests with the caller's headers at a foreign origin", ({ seen }) => seen.header),
    count("requests with what a write carries at a foreign origin", ({ seen }) => seen.body),
  ];
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}
