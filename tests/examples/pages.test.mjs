// The pages of examples/, as they stand there, in Chromium: the package comes from the CDN that they name, and
// huggingface.co is the local Hub.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { pack, root } from "../package/lib/place.mjs";
import { site } from "../package/lib/site.mjs";
import { bytes } from "../runtimes/context.mjs";
import { openBrowser } from "./lib/chromium.mjs";

let packed;
let emulator;
let browser;
let served;
let owner;
before(async () => {
  packed = pack();
  emulator = await startEmulator(["--no-rate-limit"]);
  served = await site(path.join(root, "examples"));
  browser = await openBrowser(packed.plain(), emulator.endpoint);
  owner = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
});
after(async () => {
  await browser?.close();
  await served?.stop();
  await emulator?.stop();
  packed?.remove();
});

const open = (name) => browser.open(`${served.origin}/${name}/`);
/** What a page complained of, but for requests that were to fail: its icon, a repository that exists. */
const complaints = ({ problems }) => problems.filter((text) => !/404|409|ERR_FAILED|ERR_ABORTED/.test(text));

test("search-page: a list while somebody types", { timeout: 60_000 }, async () => {
  const view = await open("search-page");
  await view.page.getByLabel("Search models").pressSequentially("whisper", { delay: 20 });
  await view.page.getByRole("link", { name: /^openai\/whisper/ }).first().waitFor();
  await view.page.waitForFunction(() => [...document.querySelectorAll("#results a")].every(({ textContent }) => /whisper/i.test(textContent)));
  await view.page.getByLabel("Search models").fill("no such model");
  await view.page.getByText("No model has this in its name.").waitFor();
  assert.deepEqual(complaints(view), []);
  await view.close();
});

test("sign-in-page: a person signs in, or uses a token", { timeout: 60_000 }, async () => {
  const view = await open("sign-in-page");
  await view.page.getByRole("button", { name: "Sign in with Hugging Face" }).click();
  await view.page.getByRole("link", { name: "Allow as alice" }).click();
  await view.page.getByText("Models of alice, private ones included:").waitFor();
  await view.page.getByText("alice/playground").waitFor();
  assert.equal(new URL(view.page.url()).search, "", "the code of the sign-in is gone from the address");
  await view.close();

  const other = await open("sign-in-page");
  await other.page.getByLabel("or use a token").fill("hf_wrong");
  await other.page.getByRole("button", { name: "Use it" }).click();
  await other.page.getByText(/whoAmI: .*401/).waitFor();
  await other.page.getByLabel("or use a token").fill(emulator.tokens.bob);
  await other.page.getByRole("button", { name: "Use it" }).click();
  await other.page.getByText("Models of bob, private ones included:").waitFor();
  assert.deepEqual([...complaints(view), ...complaints(other)].filter((text) => !text.includes("401")), []);
  await other.close();
});

const control = (name, body) =>
  fetch(`${emulator.endpoint}/_emulator/${name}`, { method: "POST", headers: { "x-emulator-control": "1", "content-type": "application/json" }, body: JSON.stringify(body) });

test("upload-page: a folder goes up with progress, is paused, and goes on after a reload", { timeout: 120_000 }, async (context) => {
  const base = mkdtempSync(path.join(tmpdir(), "upload-page-"));
  context.after(() => rmSync(base, { recursive: true, force: true }));
  const folder = path.join(base, "model");
  const large = Buffer.from(bytes(24_000_000, 7));
  mkdirSync(path.join(folder, "sub"), { recursive: true });
  writeFileSync(path.join(folder, "weights.safetensors"), large);
  writeFileSync(path.join(folder, "sub/notes.txt"), "notes\n");

  const view = await open("upload-page");
  const start = async () => {
    await view.page.getByLabel("Token").fill(emulator.tokens.write);
    await view.page.getByLabel("Repository").fill("alice/from-a-page");
    await view.page.getByLabel("Folder").setInputFiles(folder);
    await view.page.getByRole("button", { name: "Upload" }).click();
  };
  await control("network", { bandwidth: 4_000_000 });
  await start();
  await view.page.waitForFunction(() => document.querySelector("progress")?.value > 0);
  await view.page.getByRole("button", { name: "Pause" }).click();
  await view.page.getByText("Paused. Upload goes on.").waitFor();
  await control("network", {});
  assert.equal(await owner.fileExists({ repo: "alice/from-a-page", path: "weights.safetensors" }), false);

  await view.page.reload();
  view.sent.length = 0;
  await start();
  await view.page.getByText(/^Done: https:\/\/huggingface\.co\/alice\/from-a-page\/commit\/[0-9a-f]{40}$/).waitFor();
  const sent = view.sent.reduce((sum, { method, size }) => sum + (method === "PUT" ? size : 0), 0);
  assert.ok(sent < large.length, `${sent} bytes were sent after the pause, of ${large.length}`);
  const file = await owner.downloadFile({ repo: "alice/from-a-page", path: "weights.safetensors" });
  assert.ok(large.equals(Buffer.from(await file.arrayBuffer())));
  assert.equal(await (await owner.downloadFile({ repo: "alice/from-a-page", path: "sub/notes.txt" })).text(), "notes\n");
  assert.deepEqual(complaints(view), []);
  await view.close();
});

test("the pages name this version of the package", () => {
  const { version } = JSON.parse(readFileSync(path.join(root, "pkg/package.json"), "utf8"));
  for (const name of ["search-page", "upload-page", "sign-in-page"]) {
    const named = [...readFileSync(path.join(root, `examples/${name}/index.html`), "utf8").matchAll(/npm\/hf-wasm@([^/]+)\//g)].map(([, named]) => named);
    assert.deepEqual(new Set(named), new Set([version]), name);
  }
});
