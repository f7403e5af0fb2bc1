// The programs of the README, as they stand there, against a local Hub.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the tour of the README runs", { timeout: 60_000 }, async (context) => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const tour = /^```js\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const printed = 'endpoint: "http://127.0.0.1:8787"';
  assert.ok(tour.includes(printed), "the tour names the local Hub");
  const emulator = await startEmulator();
  context.after(() => emulator.stop());
  const code = tour.replace(printed, `endpoint: "${emulator.endpoint}"`);
  const args = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const lines = stdout.split("\n");
  assert.equal(lines[0], "alice");
  assert.equal(lines.filter((line) => /^\S+\/\S*bert/i.test(line)).length, 20, "as many models as asked for");
  assert.ok(lines.some((line) => /^[0-9a-f]{40} Hello$/.test(line)), "the commit and the file read back");
  assert.ok(lines.some((line) => /^true Check the id/.test(line)), "the error and its advice");
  assert.match(stdout, /tensor/);
});

test("the agent of the README runs, and is short", { timeout: 60_000 }, async (context) => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [section] = /^## An agent\n.*?(?=^## )/ms.exec(readme) ?? [""];
  assert.ok(section.split("\n").length < 60, "it has fewer than 60 lines");
  const [, program] = /^```js\n(.*?)^```$/ms.exec(section) ?? [];
  const emulator = await startEmulator();
  context.after(() => emulator.stop());
  const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  const { length } = await hub.listWebhooks();
  const code = program.replaceAll("http://127.0.0.1:8787", emulator.endpoint);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => child.kill());
  let printed = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    printed += piece;
    if (printed.includes("Log: Commented on")) break;
  }
  const lines = printed.split("\n");
  assert.ok(lines.includes('Call: hub_listModels {"search":"bert","limit":3}'), printed);
  assert.ok(lines.includes("Log: Listed models that match bert"), printed);
  const { events } = await hub.discussionInfo({ repo: "alice/playground", num: 1 });
  assert.match(JSON.stringify(events), /The tool hub_listModels answered/);
  assert.equal((await hub.listWebhooks()).length, length + 1);
  const ended = once(child, "exit");
  child.stdin.end();
  assert.deepEqual(await ended, [0, null]);
  assert.equal((await hub.listWebhooks()).length, length, "it leaves no webhook");
});
