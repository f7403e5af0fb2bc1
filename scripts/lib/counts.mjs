// Reads from what a test runner printed how many tests passed and failed.

import { stripVTControlCharacters } from "node:util";

/** A command that is one check: it held or it did not. */
export function noCounts(_text, good) {
  return good ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** `cargo test`: one line for each binary. */
export function cargoCounts(text) {
  return sum([...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)].map(([, passed, failed]) => [passed, failed]));
}

/** `node --test` with the spec reporter: totals at the end. Cancelled tests have failed. */
export function nodeCounts(text) {
  const total = (word) => text.match(new RegExp(`^\\S+ ${word} (\\d+)$`, "m"))?.[1] ?? 0;
  return { ...sum([[total("pass"), total("fail")], [0, total("cancelled")]]), skipped: Number(total("skipped")) };
}

/** `python -m unittest`: a total, and what of it failed or was skipped. */
export function pythonCounts(text) {
  const ran = Number(/^Ran (\d+) tests?/m.exec(text)?.[1] ?? 0);
  const number = (word) => Number(new RegExp(`^(?:FAILED|OK).*\\b${word}=(\\d+)`, "m").exec(text)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return { passed: ran - failed - number("skipped"), failed, skipped: number("skipped") };
}

/** `npm run fuzz`: one line for each target, its findings last. */
export function fuzzCounts(text) {
  return sum([...text.matchAll(/^\w+( +[\d,]+){3} +(\d+)$/gm)].map(([, , found]) => [found === "0" ? 1 : 0, found === "0" ? 0 : 1]));
}

/** What a runner says of its failures, or else the end of its output; at most so many lines. */
export function failuresIn(text, lines = 25) {
  const plain = stripVTControlCharacters(text).trimEnd().split("\n");
  const heading = plain.findIndex((line) => /^(\S+ )?(failing tests|failures):$|^={70}$/.test(line));
  return (heading < 0 ? plain.slice(-lines) : plain.slice(heading, heading + lines)).join("\n");
}

/** The counts of two runners in one. */
export function sumOf(one, other) {
  const sum = (key) => (one[key] ?? 0) + (other[key] ?? 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

function sum(pairs) {
  const total = { passed: 0, failed: 0 };
  for (const [passed, failed] of pairs) {
    total.passed += Number(passed);
    total.failed += Number(failed);
  }
  return total;
}
