// A folder that is dragged onto the page: how far it is, how it is stopped, and what is sent when it goes on.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, it } from "node:test";

import { bytes } from "../runtimes/context.mjs";
import { DESKTOP, openBrowser, OUT } from "./open.mjs";

const FILES = { "notes.txt": Buffer.from("Notes.\n"), "sub/one.safetensors": Buffer.from(bytes(9_000_000, 1)), "sub/two.bin": Buffer.from(bytes(20_000_000, 2)), "three.safetensors": Buffer.from(bytes(3_000_000, 3)) };
/** Uploads that these are: in parts of 8 MiB, and one whole. */
const PUTS = 2 + 3 + 1;

let browser;
let view;
let place;
let folder;
before(async () => {
  browser = await openBrowser();
  view = await browser.visit();
  mkdirSync(OUT, { recursive: true });
  place = mkdtempSync(path.join(tmpdir(), "hf-wasm-drop-"));
  folder = path.join(place, "model");
  for (const [name, content] of Object.entries({ ...FILES, ".git/config": "[core]" })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
});
after(async () => {
  await browser?.close();
  rmSync(place, { recursive: true, force: true });
});

const button = (name) => view.panel.getByRole("button", { name, exact: true });

/** Drags a folder of this machine to a point of the page, as a person does. */
async function drag(x, y) {
  const devtools = await view.page.context().newCDPSession(view.page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    if (type === "drop") await view.panel.locator(".drop[data-over]").waitFor();
    await devtools.send("Input.dispatchDragEvent", { type, x, y, data });
  }
}

/** Uploads of large files that have arrived: their addresses without the rights in them. */
async function arrived() {
  const log = await browser.control("log", undefined, "GET");
  return log.filter(({ method, path, status }) => method === "PUT" && path.startsWith("/lfs/") && status === 200).map(({ path }) => path.split("?")[0]);
}

async function until(what, check) {
  for (let left = 400; left > 0; left -= 1) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: ${await view.status.innerText()}`);
}

it("is uploaded, stopped, and gone on with by what is missing", { timeout: 120_000 }, async () => {
  await view.go("#repository/commit?operations=");
  // Far from the box that says where.
  await drag(80, 500);
  await view.panel.locator("ul.turns > .turn").nth(3).waitFor();
  const paths = await view.panel.getByLabel("Path", { exact: true }).evaluateAll((inputs) => inputs.map((input) => input.value));
  assert.deepEqual(paths.sort(), Object.keys(FILES).map((name) => `model/${name}`).sort(), "what git keeps is left out");

  await browser.control("network", { bandwidth: 8_000_000 });
  await view.run();
  const told = await until("progress", async () => {
    const text = await view.panel.locator(".transfer").innerText();
    return (await arrived()).length >= 2 && /^Uploading \d of 3 files, [\d.]+ MB of 32 MB, [\d.]+ [kM]B\/s, \d+ s left/.test(text) && text;
  });
  const bar = view.page.getByRole("progressbar", { name: "Progress" });
  const percent = Number(await bar.getAttribute("aria-valuenow"));
  assert.ok(percent > 0 && percent < 100, `${percent} % in ${told}`);
  await view.page.screenshot({ path: path.join(OUT, "upload-running.png") });
  await view.page.setViewportSize({ width: 390, height: 844 });
  await view.status.scrollIntoViewIfNeeded();
  assert.ok(await view.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut off at the side");
  await view.page.screenshot({ path: path.join(OUT, "upload-phone.png") });
  await view.page.setViewportSize(DESKTOP.viewport);
  await button("Cancel").click();
  await view.ended("cancelled");
  const before = await arrived();
  assert.ok(before.length >= 2 && before.length < PUTS, before.join());
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.deepEqual(await arrived(), before, "nothing arrives any more");
  await view.page.screenshot({ path: path.join(OUT, "upload-stopped.png") });

  await browser.control("network", {});
  await button("Resume").click();
  await view.ended();
  const all = await arrived();
  assert.equal(new Set(all).size, PUTS);
  // The page may not have heard any more of a part that arrived when it stopped.
  assert.ok(all.length <= PUTS + 1, `each part arrives once: ${all.join()}`);
  const answer = await fetch(`${browser.emulator.endpoint}/api/models/alice/playground/tree/main?recursive=true`, { headers: { authorization: `Bearer ${browser.emulator.tokens.write}` } });
  const entries = Object.fromEntries((await answer.json()).map((entry) => [entry.path, entry]));
  for (const [name, content] of Object.entries(FILES)) {
    const { size, lfs } = entries[`model/${name}`];
    assert.equal(size, content.length, name);
    if (name !== "notes.txt") assert.equal(lfs.oid, createHash("sha256").update(content).digest("hex"), name);
  }
  assert.deepEqual(view.problems, []);
});
