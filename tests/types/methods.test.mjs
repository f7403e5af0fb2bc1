// The types of the built package refuse what the API would refuse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { compile } from "./check.mjs";

test("wrong calls do not compile, right ones do", () => {
  assert.equal(compile([fileURLToPath(new URL("methods.ts", import.meta.url))]), "");
});
