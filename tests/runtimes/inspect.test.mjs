// What Node shows of an object, by `console.log` or in full depth, never holds the token.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";

import * as lib from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { concealed, holdings } from "./cases/secrets.mjs";

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator?.stop());

test("nothing that is inspected shows the token", { timeout: 30_000 }, async () => {
  for (const [name, held] of Object.entries(await holdings({ ...lib, ...emulator }))) {
    for (const depth of [2, null]) {
      for (const showHidden of [false, true]) {
        const text = inspect(held, { depth, showHidden, getters: true });
        assert.ok(concealed(text), `${name}: ${text}`);
      }
    }
  }
});
