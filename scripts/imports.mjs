// Which files of a Rust crate import each other: `node scripts/imports.mjs [folder]` prints the largest circle of
// files, which can only be understood together. The folder is emulator/src unless named.
//
// An import is a path that begins with `crate`, `super` or a module of the file's own folder, in a `use` or, for the
// first two, anywhere else outside of tests. It leads to the deepest module that its path names.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { root } from "./lib/run.mjs";

/** The imports of each file of a crate: `Map` of a file to the files that it imports, both relative to the folder. */
export function importsOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".rs")).sort();
  const modules = new Map(files.map((file) => [moduleOf(file), file]));
  return new Map(
    files.filter((file) => !file.endsWith("tests.rs") && !file.endsWith("testing.rs")).map((file) => {
      const source = code(readFileSync(path.join(folder, file), "utf8"));
      const found = pathsIn(source).map((parts) => modules.get(resolve(parts, moduleOf(file), modules)));
      return [file, new Set(found.filter((other) => other && other !== file))];
    }),
  );
}

/** Tarjan's strongly connected components that have more than one file, the largest first. */
export function circlesIn(imports) {
  const [index, low, stack, circles] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const other of imports.get(file) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(file, Math.min(low.get(file), low.get(other)));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return circles.sort((one, other) => other.length - one.length);
}

/** `hub/git/mod.rs` is `hub::git`; the crate's root is the empty text. */
function moduleOf(file) {
  const parts = file.replace(/\.rs$/, "").split(path.sep);
  if (["mod", "lib", "main"].includes(parts.at(-1))) parts.pop();
  return parts.join("::");
}

/** Source without comments, texts and the module of tests. */
function code(source) {
  const [before] = source.split(/^#\[cfg\(test\)\]\nmod tests \{/m);
  return before.replace(/\/\/.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** Every path of the source that begins with `crate` or `super`, groups in braces taken apart. */
function pathsIn(source) {
  const paths = [];
  for (const [, start] of source.matchAll(/\b((?:crate|super)(?:::(?:\w+|\{(?:[^{}]|\{[^{}]*\})*\}))+)/g)) {
    paths.push(...spread(start.replace(/\s+/g, "")));
  }
  for (const [, rest] of source.matchAll(/\buse ((?!crate|super)[a-z_]+(?:::(?:\w+|\{(?:[^{}]|\{[^{}]*\})*\}))+);/g)) {
    paths.push(...spread(`self::${rest.replace(/\s+/g, "")}`));
  }
  return paths;
}

/** `crate::hub::{Hub, git::{self, tree}}` as lists of names. */
function spread(text) {
  const open = text.indexOf("{");
  if (open < 0) return [text.split("::")];
  const head = text.slice(0, open).replace(/::$/, "");
  const members = [];
  let [depth, start] = [0, open + 1];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (depth === 0 && (text[at] === "," || text[at] === "}")) {
      members.push(text.slice(start, at));
      start = at + 1;
    } else if (text[at] === "}") depth--;
  }
  return members.filter(Boolean).flatMap((member) => spread(member === "self" ? head : `${head}::${member}`));
}

/** The module that a path leads to, seen from another one. */
function resolve(parts, from, modules) {
  const [first, ...rest] = parts;
  const base = from === "" ? [] : from.split("::");
  const start = { crate: [], self: base, super: base.slice(0, -1) }[first];
  while (rest[0] === "super") {
    start.pop();
    rest.shift();
  }
  const names = [...start, ...rest];
  while (names.length > 0 && !modules.has(names.join("::"))) names.pop();
  return names.join("::");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = path.resolve(root, process.argv[2] ?? "emulator/src");
  if (!existsSync(folder)) {
    console.error(`There is no folder ${folder}.`);
    process.exit(1);
  }
  const circles = circlesIn(importsOf(folder));
  console.log(`${circles.length} circles of files, the largest of ${circles[0]?.length ?? 1}`);
  for (const circle of circles) console.log(`  ${circle.join(", ")}`);
}
