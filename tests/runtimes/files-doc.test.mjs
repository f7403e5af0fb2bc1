// The programs of docs/files.md, in their order, as they stand there: each prints what stands after `//>`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";
import { bytes } from "./context.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a page would have. */
const PAGE = `
globalThis.File ??= (await import("node:buffer")).File;
globalThis.input = { files: [Object.assign(new File(["A"], "a.txt"), { webkitRelativePath: "folder/a.txt" })] };
`;

test("the programs of docs/files.md run", { timeout: 120_000 }, async (context) => {
  const text = await readFile(path.join(root, "docs/files.md"), "utf8");
  const programs = [...text.matchAll(/(^<!-- page -->\n)?^```js\n(.*?)^```$/gms)].map(([, page, code]) => ({ code, isOfPage: page !== undefined }));
  assert.ok(programs.length >= 9, `${programs.length} programs`);
  await mkdir(path.join(root, ".cache"), { recursive: true });
  // Within the repository, so that the package is found.
  const cwd = await mkdtemp(path.join(root, ".cache/files-doc-"));
  const emulator = await startEmulator();
  context.after(async () => {
    await emulator.stop();
    await rm(cwd, { recursive: true, force: true });
  });
  await mkdir(path.join(cwd, "model"));
  await writeFile(path.join(cwd, "model/weights.safetensors"), bytes(9_000_000, 1));
  await mkdir(path.join(cwd, "parts"));
  await writeFile(path.join(cwd, "model/config.json"), "{}\n");
  await writeFile(path.join(cwd, "model/notes.tmp"), "no\n");
  const env = { ...process.env, HF_ENDPOINT: emulator.endpoint, HF_TOKEN: emulator.tokens.write };
  for (const { code, isOfPage } of programs) {
    const args = ["--import", `data:text/javascript,${encodeURIComponent(PAGE)}`, "--input-type=module", "--eval", code];
    const { stdout } = isOfPage ? await inPage(code, { endpoint: emulator.endpoint, token: emulator.tokens.write }) : await promisify(execFile)(process.execPath, args, { cwd, env });
    const expected = [...code.matchAll(/\/\/> (.*)$/gm)].map(([, line]) => line);
    assert.ok(expected.length > 0, `a program that shows nothing:\n${code}`);
    assert.deepEqual(stdout.split("\n").filter(Boolean), expected, code);
  }
});

/** Runs a program in Chromium, with `options` at hand. */
async function inPage(code, options) {
  const [site, browser] = await Promise.all([serve(), launch()]);
  try {
    const page = await browser.newPage();
    const lines = [];
    const problems = new Promise((_, reject) => page.on("pageerror", reject));
    page.on("console", (message) => lines.push(message.text()));
    await page.goto(`${site.origin}/tests/runtimes/map.html`);
    await page.evaluate((options) => Object.assign(globalThis, { options }), options);
    await page.addScriptTag({ type: "module", content: `${code}\nglobalThis.done = true;` });
    await Promise.race([page.waitForFunction(() => globalThis.done), problems]);
    return { stdout: lines.join("\n") };
  } finally {
    await Promise.all([browser.close(), site.stop()]);
  }
}
