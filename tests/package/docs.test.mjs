// The documentation shows the very lines that the fixtures run, and leaves no fixture out.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { documents, filled, read } from "./lib/doc.mjs";
import { here } from "./lib/place.mjs";

for (const name of documents) {
  test(`${name} shows the lines of the fixtures`, () => {
    assert.equal(read(name), filled(read(name)), "`node tests/package/lib/doc.mjs` brings it up to date");
  });
}

test("every fixture is shown", () => {
  const text = documents.map(read).join("");
  const fixtures = readdirSync(path.join(here, "fixtures"));
  assert.deepEqual(fixtures.filter((name) => !text.includes(` ${name}/`)), []);
});
