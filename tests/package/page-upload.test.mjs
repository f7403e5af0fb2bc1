// A folder on the demo page in the engines beside Chromium, where a real one is dragged (tests/page/upload.test.mjs): here the
// page is told of a drop, as no driver drags files into these. It is uploaded, stopped, and gone on with by what is missing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { WWW } from "../page/open.mjs";
import { bytes, contextOf } from "../runtimes/context.mjs";
import { browsers, closeBrowsers, visit } from "./lib/browsers.mjs";

const LARGE = Buffer.from(bytes(20_000_000, 4));
const PARTS = 3;

let emulator;
let context;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit", ...WWW]);
  context = contextOf({ Hub }, emulator);
});
after(async () => {
  await closeBrowsers();
  await emulator?.stop();
});

/** Runs in the page, before each step. */
const TOOLS = `
  const one = (selector) => document.querySelector(selector);
  const wait = async (what, find) => {
    for (let left = 600; left > 0; left -= 1) {
      const found = await find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(what + ": " + one("main .status")?.innerText);
  };
  const press = (name) => [...document.querySelectorAll("main button")].find((button) => !button.hidden && button.innerText.trim() === name).click();
`;

/** The bytes of `bytes(length, 4)`, made in the page. */
const DROP = `
  // Once it knows its Hub, the page makes its panels.
  await wait("the page", () => one(".journey-head .primary"));
  location.hash = "#repository/commit?operations=";
  await wait("the panel", () => one(".drop"));
  const content = new Uint8Array(${LARGE.length});
  for (let at = 0, state = 4; at < content.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[at] = state >>> 24;
  }
  const file = (path, content) => ({ isFile: true, name: path.split("/").at(-1), fullPath: path, file: (done) => done(new File([content], path)) });
  const folder = (path, entries) => ({ isFile: false, name: path.split("/").at(-1), fullPath: path, createReader() {
    const left = [entries, []];
    return { readEntries: (done) => done(left.shift()) };
  } });
  const entry = folder("/model", [file("/model/notes.txt", "Notes."), folder("/model/.git", [file("/model/.git/config", "")]), folder("/model/sub", [file("/model/sub/w.bin", content)])]);
  const drop = new Event("drop", { bubbles: true, cancelable: true });
  Object.defineProperty(drop, "dataTransfer", { value: { types: ["Files"], files: [], items: [{ webkitGetAsEntry: () => entry }] } });
  one("main").dispatchEvent(drop);
  await wait("the changes", () => document.querySelectorAll("main ul.turns > .turn").length === 2);
  return [...document.querySelectorAll('main input[aria-label="Path"]')].map(({ value }) => value);
`;

for (const name of ["firefox", "webkit"]) {
  const { title, absent } = browsers[name];
  test(`a folder is uploaded, stopped and gone on with in ${title}`, { timeout: 120_000, skip: absent() }, async () => {
    await context.control("reset", {});
    const arrived = async () => (await context.control("log")).filter(({ method, path, status }) => method === "PUT" && path.startsWith("/lfs/") && status === 200).map(({ path }) => path.split("?")[0]);
    await visit(name, `${emulator.endpoint}/www/`, async (problems, evaluate) => {
      const run = (body) => evaluate(TOOLS + body);
      assert.deepEqual(await run(DROP), ["model/notes.txt", "model/sub/w.bin"]);
      await context.control("network", { bandwidth: 8_000_000 });
      const told = await run(`
        one("main .run").click();
        return await wait("progress", () => {
          const text = one("main .transfer").innerText;
          return !/, 0 B of/.test(text) && /Uploading model\\/sub\\/w\\.bin, [\\d.]+ MB of 20 MB/.test(text) && text;
        });
      `);
      assert.match(told, /MB of 20 MB/);
      await run(`press("Cancel"); await wait("the end", () => one('main .status[data-kind="cancelled"]'));`);
      const before = await arrived();
      assert.ok(before.length > 0 && before.length < PARTS, before.join());
      await context.control("network", {});
      await run(`press("Resume"); await wait("the end", () => one('main .status[data-kind="done"]'));`);
      const all = await arrived();
      assert.equal(new Set(all).size, PARTS);
      // The page may not have heard any more of a part that arrived when it stopped.
      assert.ok(all.length <= PARTS + 1, `each part arrives once: ${all.join()}`);
      const [{ lfs }] = await context.hub().pathsInfo({ repo: "alice/playground", paths: ["model/sub/w.bin"] });
      assert.equal(lfs.oid, createHash("sha256").update(LARGE).digest("hex"));
      assert.deepEqual(problems, []);
    });
  });
}
