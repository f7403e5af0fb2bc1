// The package as tools and compilers see it: its shape, and its types under every way to resolve them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { compile } from "./check.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const everything = fileURLToPath(new URL("everything.ts", import.meta.url));
const calls = fileURLToPath(new URL("methods.ts", import.meta.url));

/** Runs a program of an npm package and gives what it printed. */
function run(program, args) {
  const file = path.join(root, "node_modules/.bin", program);
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: root, encoding: "utf8" });
  if (error) throw error;
  return { status, text: stdout + stderr };
}

test("publint finds nothing", () => {
  const { status, text } = run("publint", ["pkg", "--strict"]);
  assert.equal(status, 0, text);
  assert.match(text, /All good/);
});

test("attw: the types are right for every way to resolve the package", () => {
  const { status, text } = run("attw", ["--pack", "pkg", "--profile", "esm-only", "--no-color"]);
  assert.equal(status, 0, text);
});

for (const [module, resolution] of [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
  ["preserve", "bundler"],
]) {
  test(`the types compile with module ${module}, moduleResolution ${resolution}`, () => {
    assert.equal(compile([calls], { module, resolution }), "");
  });
}

for (const [lib, types] of [["es2022", ""], ["es2022", "node"], ["es2022,dom", "node"]]) {
  test(`the declarations compile with --lib ${lib} --types ${types || "(none)"}`, () => {
    assert.equal(compile([everything], { lib, types }), "");
  });
}

test("the versions of both packages, crate and code are one", () => {
  const version = JSON.parse(readFileSync(path.join(root, "pkg/package.json"), "utf8")).version;
  const jsr = JSON.parse(readFileSync(path.join(root, "pkg/jsr.json"), "utf8")).version;
  const crate = /^version = "(.+)"$/m.exec(readFileSync(path.join(root, "Cargo.toml"), "utf8"))[1];
  const code = /VERSION = "(.+)"/.exec(readFileSync(path.join(root, "pkg/src/generated/version.ts"), "utf8"))[1];
  assert.deepEqual([crate, code, jsr], [version, version, version]);
});

test("JSR has every entry and the same libraries", () => {
  const json = (name) => JSON.parse(readFileSync(path.join(root, "pkg", name), "utf8"));
  const [npm, jsr] = [json("package.json"), json("jsr.json")];
  // Not there: what only pages have, which take it from npm or a CDN, and what is no module.
  const entries = Object.entries(npm.exports).filter(([name, { default: file }]) => name !== "./browser" && file?.endsWith(".js"));
  assert.deepEqual(jsr.exports, Object.fromEntries(entries.map(([name, { default: file }]) => [name, file])));
  const { "#load": load, ...libraries } = jsr.imports;
  assert.equal(load, npm.imports["#load"].deno);
  const wanted = Object.entries(npm.dependencies).map(([name, version]) => [name, `npm:${name}@${version}`]);
  const sdk = "@modelcontextprotocol/sdk";
  assert.deepEqual(libraries, { ...Object.fromEntries(wanted), [`${sdk}/`]: `npm:/${sdk}@${npm.peerDependencies[sdk]}/`, "log-update": `npm:log-update@${npm.peerDependencies["log-update"]}` });
});

test("every declaration of the package finds what it imports", () => {
  const files = readdirSync(path.join(root, "pkg/dist"), { recursive: true }).filter((name) => name.endsWith(".d.ts"));
  assert.equal(compile(files.map((name) => path.join(root, "pkg/dist", name)), { lib: "es2022,dom,dom.iterable", types: "node" }), "");
});
