// The documentation site: it is built as `npm run docs` builds it, and served as `npm start` serves it.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { buildDocs, site } from "../../scripts/docs.mjs";
import { startEmulator } from "../emulator.mjs";
import { launch } from "../runtimes/chromium.mjs";

let emulator;
let browser;
before(
  async () => {
    await buildDocs(process.env);
    [emulator, browser] = await Promise.all([startEmulator(["--docs", site]), launch()]);
  },
  { timeout: 300_000 },
);
after(async () => {
  await browser?.close();
  await emulator?.stop();
});

const pages = () => readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html"));
const read = (name) => readFileSync(path.join(site, name), "utf8");

test("no link is dead, within the site and within a page", () => {
  const ids = new Map(pages().map((name) => [name, new Set([...read(name).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescaped(id)))]));
  const dead = [];
  for (const name of pages()) {
    const from = new URL(name, "http://site/docs/");
    for (const [, href] of read(name).matchAll(/<a[^>]*\shref="([^"]+)"/g)) {
      const { origin, pathname, hash } = new URL(unescaped(href), from);
      if (origin !== "http://site" || pathname === "/www/") continue;
      const file = pathname.slice("/docs/".length).replace(/(^|\/)$/, "$1index.html");
      if (!ids.has(file)) dead.push(`${name}: ${href}`);
      else if (hash && !ids.get(file).has(decodeURIComponent(hash.slice(1)))) dead.push(`${name}: ${href}`);
    }
  }
  assert.deepEqual(dead, []);
});

test("each page of docs/ is on the site, and each entry of the package in its API", () => {
  const names = readdirSync(path.join(site, "../../docs")).filter((name) => name.endsWith(".md"));
  assert.deepEqual(names.filter((name) => !existsSync(path.join(site, name.replace(/md$/, "html")))), []);
  for (const entry of ["", "agent/", "browser/", "limits/", "mcp/", "node/", "oauth/", "webhooks/"]) assert.ok(existsSync(path.join(site, `api/hf-wasm/${entry}index.html`)), entry);
  assert.match(read("api/hf-wasm/classes/Hub.html"), /listModels/);
});

test("pages load below /docs/ without a complaint, and their search finds", { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  for (const name of ["", "start.html", "from-hub.html", "faults.html", "api/hf-wasm/"]) {
    const response = await page.goto(`${emulator.endpoint}/docs/${name}`, { waitUntil: "networkidle" });
    assert.equal(response.status(), 200, name);
    assert.match(response.headers()["content-security-policy"], /script-src 'self' 'sha256-/);
  }
  // The page may not listen to keys yet.
  const input = page.locator("#localsearch-input");
  for (let tries = 0; tries < 30 && !(await input.isVisible()); tries++) {
    await page.keyboard.press("Control+k");
    await page.waitForTimeout(300);
  }
  await input.fill("parentCommit");
  await page.getByRole("option").filter({ hasText: "Commits" }).first().click();
  await page.waitForURL(/\/docs\/commits\.html/);
  assert.deepEqual(problems, []);
  await page.close();
});

function unescaped(text) {
  return text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'");
}
