// The recipes of pages of docs/, run as they stand there.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the page says that the local Hub is. */
const PRINTED = "http://127.0.0.1:8787";

/** What only the packages of tests/agent can run. */
const LIBRARIES = /from "(?!node:|hf-wasm"|hf-wasm\/(?!mcp"))/;

/**
 * The recipes of pages, with the address of a running Hub: those that need other packages, or those that do not.
 * `recipe(words)` gives the one that has these words, and `left()` those that were not asked for.
 */
export async function recipesOf(pages, endpoint, { libraries = false } = {}) {
  const text = (await Promise.all(pages.map((page) => readFile(`${root}/${page}`, "utf8")))).join("\n");
  const all = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code: code.replaceAll(PRINTED, endpoint) }));
  const own = all.filter(({ language, code }) => (language !== "js" || LIBRARIES.test(code)) === libraries).map(({ code }) => code);
  const asked = new Set();
  const recipe = (words) => {
    const found = own.filter((code) => code.includes(words));
    assert.equal(found.length, 1, words);
    asked.add(found[0]);
    return found[0];
  };
  return { recipe, left: () => own.filter((code) => !asked.has(code)) };
}

/**
 * Runs a module and gives what it prints. `hear` gets all that it has printed so far, and may end it; its packages are those
 * of `folder`.
 */
export function run(code, { hear = () => {}, env = {}, folder = root } = {}) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  return new Promise((resolve, reject) => {
    const take = (piece) => {
      text += piece;
      hear(text, child);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("close", (code, signal) => (code === 0 || signal ? resolve(text) : reject(new Error(text))));
  });
}
