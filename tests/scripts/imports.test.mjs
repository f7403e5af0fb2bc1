// The rooms of the emulator, and which of them may import which.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { circlesIn, importsOf } from "../../scripts/imports.mjs";
import { root } from "../../scripts/lib/run.mjs";

const emulator = path.join(root, "emulator/src");
/** What each room may import besides itself and the shared files at the top. */
const ALLOWED = { hub: [], inference: [], seed: ["hub"], http: ["hub", "inference", "seed"] };
/** Crates that speak HTTP. The URL of a webhook is parsed in the hub, and nothing is sent from there. */
const HTTP = /\b(axum|http|http_body|tower|tower_http|hyper)::/;

test("no circle of the emulator's files is larger than six", () => {
  const [largest = []] = circlesIn(importsOf(emulator));
  assert.ok(largest.length <= 6, largest.join(", "));
});

test("rooms import in one direction", () => {
  const wrong = [];
  for (const [file, others] of importsOf(emulator)) {
    const room = file.split(path.sep)[0];
    for (const other of others) {
      const otherRoom = other.split(path.sep)[0];
      const allowed = [room, ...(ALLOWED[room] ?? [])].includes(otherRoom) || !(otherRoom in ALLOWED);
      if (!allowed && room in ALLOWED) wrong.push(`${file} imports ${other}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("the hub and the models know no HTTP", () => {
  const files = [...importsOf(emulator).keys()].filter((file) => /^(hub|inference)\b/.test(file));
  assert.ok(files.length > 30);
  const speaking = files.filter((file) => HTTP.test(readFileSync(path.join(emulator, file), "utf8").replace(/crate::http::/g, "room::")));
  assert.deepEqual(speaking, []);
});

test("imports are read in every form", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "imports-"));
  try {
    mkdirSync(path.join(folder, "b"));
    writeFileSync(path.join(folder, "lib.rs"), "mod a;\nmod b;\n");
    writeFileSync(path.join(folder, "a.rs"), "use crate::b::{c::{One, Two}, Other};\n// use crate::b::d;\n");
    writeFileSync(path.join(folder, "b/mod.rs"), 'pub use c::One;\nconst TEXT: &str = "crate::a";\n');
    writeFileSync(path.join(folder, "b/c.rs"), "fn f() { super::super::a::g(); }\n#[cfg(test)]\nmod tests {\n    use super::super::d;\n}\n");
    writeFileSync(path.join(folder, "b/d.rs"), "use super::c;\n");
    const imports = Object.fromEntries([...importsOf(folder)].map(([file, others]) => [file, [...others].sort()]));
    assert.deepEqual(imports, {
      "a.rs": ["b/c.rs", "b/mod.rs"],
      "b/c.rs": ["a.rs"],
      "b/d.rs": ["b/c.rs"],
      "b/mod.rs": ["b/c.rs"],
      "lib.rs": [],
    });
    assert.deepEqual(circlesIn(importsOf(folder)), [["a.rs", "b/c.rs", "b/mod.rs"]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
