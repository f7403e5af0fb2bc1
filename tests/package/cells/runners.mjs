// Test runners, each with Node's own environment and with jsdom's.

import path from "node:path";

import { commandOf, equipped } from "../lib/fixture.mjs";
import { outcomeIn } from "../lib/outcome.mjs";
import { here } from "../lib/place.mjs";
import { node, run } from "../lib/program.mjs";

const JEST = ["--experimental-vm-modules", path.join(here, "node_modules/jest/bin/jest.js")];

export const runners = [
  { name: "vitest, node", fixture: "vitest", tools: ["vitest"], run: vitest },
  { name: "vitest, jsdom", fixture: "vitest-jsdom", tools: ["vitest"], run: vitest },
  { name: "jest, node", fixture: "jest", run: jest },
  { name: "jest, jsdom", note: "by jest-fixed-jsdom", fixture: "jest-jsdom", tools: ["jest-fixed-jsdom"], run: jest },
].map(equipped);

/** It asks for Node 22. */
async function vitest({ folder }) {
  return outcomeIn(await run(node(22), commandOf(folder), folder));
}

async function jest({ folder }) {
  const [, ...args] = commandOf(folder);
  return outcomeIn(await run(node(), [...JEST, ...args], folder));
}
