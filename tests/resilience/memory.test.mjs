// The memory of the core in Node.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { kept, loadsOf, measure } from "./memory.mjs";
import { watch } from "./watch.mjs";

let emulator;
let loads;
before(async () => {
  await watch(await import("../../pkg/dist/core.js"));
  emulator = await startEmulator(["--no-rate-limit"]);
  loads = loadsOf(await import("hf-wasm"), emulator);
});
after(() => emulator?.stop());

for (const [at, name] of ["10,000 calls", "10,000 abandoned iterators", "1,000 aborted streams", "5,000 exceptions"].entries()) {
  test(`${name} leave the memory of the core as it was`, { timeout: 120_000 }, async () => {
    assert.equal(loads[at].name, name);
    const measured = await measure(loads[at]);
    console.log(JSON.stringify(measured));
    assert.deepEqual(kept(measured), []);
  });
}
