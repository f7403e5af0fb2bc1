// The demo page: one click on each panel gives what it promises.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";

import { endpoints } from "../../www/catalogue.js";
import { EXPECTATIONS } from "./expectations.mjs";
import { openBrowser, OUT } from "./open.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
  mkdirSync(OUT, { recursive: true });
});
after(() => browser?.close());

describe("one click", () => {
  let view;
  before(async () => {
    await browser.control("reset");
    view = await browser.visit();
  });
  after(() => view?.close());

  it("has an expectation for each endpoint", () => {
    assert.deepEqual(Object.keys(EXPECTATIONS).sort(), endpoints.map(({ key }) => key).sort());
  });

  for (const endpoint of endpoints) {
    it(`runs ${endpoint.key}`, async () => {
      await view.go(endpoint.hash);
      await view.run();
      await view.ended();
      await EXPECTATIONS[endpoint.key](view);
      await view.tab("JSON");
      const json = await view.panel.locator(".code-box .code:visible").innerText();
      if (endpoint.reply === "empty") assert.match(json, /nothing came back/);
      else assert.ok(json.startsWith("{") || json.startsWith("["), json.slice(0, 80));
      assert.deepEqual(view.problems, []);
    });
  }

  it("asks nobody but the emulator", async () => {
    const headers = { accept: "application/json", "x-emulator-control": "1" };
    const index = await (await fetch(`${browser.emulator.endpoint}/_emulator`, { headers })).json();
    const allowed = new Set([index.hub, index.files].map((address) => new URL(address).origin));
    const strangers = view.requests.filter((address) => /^https?:/.test(address) && !allowed.has(new URL(address).origin));
    assert.deepEqual(strangers, []);
  });
});

describe("the code of a panel", () => {
  let view;
  before(async () => {
    await browser.control("reset");
    view = await browser.visit();
  });
  after(() => view?.close());

  for (const endpoint of endpoints.filter(({ reply }) => reply !== "bytes")) {
    it(`runs as it stands: ${endpoint.key}`, async () => {
      await view.go(endpoint.hash);
      await view.tab("Code");
      await view.panel.getByRole("button", { name: "Copy" }).click();
      const source = await view.page.evaluate(() => navigator.clipboard.readText());
      assert.match(source, /token: "hf_…"/);
      await runSnippet(endpoint, source.replace('"hf_…"', '"hf_emulator_write"').replace('secret: "…"', 'secret: "s3cret"'));
    });
  }
});

/** Runs the code in Node with the built package; it must end well. */
async function runSnippet(endpoint, source) {
  const folder = path.join(OUT, "snippets");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${endpoint.key}.mjs`);
  writeFileSync(file, source);
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (piece) => void (text += piece));
  child.stderr.on("data", (piece) => void (text += piece));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, `${source}\n${text}`);
  if (endpoint.reply !== "empty") assert.notEqual(text.trim(), "", "it prints something");
}
