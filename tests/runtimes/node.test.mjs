// The suite in Node, against a running emulator.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { contextOf } from "./context.mjs";
import { cases, endpoints } from "./everywhere.mjs";

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

test("the suite in Node", async (context) => {
  const seen = new Set();
  const given = contextOf(await import("hf-wasm"), { ...emulator, seen });
  for (const { name, run } of cases) await context.test(name, { timeout: 30_000 }, () => run(given));
  const unseen = endpoints.filter((endpoint) => !seen.has(endpoint));
  await context.test("every endpoint answered", () => assert.deepEqual(unseen, []));
});
