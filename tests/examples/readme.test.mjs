// A stranger follows the README: from empty folders, by its own lines, from a registry and a CDN that have the packed package
// alone. Every block of it is played, in its order, and huggingface.co is the local Hub.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { pack, root } from "../package/lib/place.mjs";
import { bin, run } from "../package/lib/program.mjs";
import { freePort, site } from "../package/lib/site.mjs";
import { blocksOf } from "./lib/blocks.mjs";
import { openBrowser } from "./lib/chromium.mjs";
import { registry } from "./lib/registry.mjs";
import { inWorkerd } from "./lib/worker.mjs";

const blocks = blocksOf("README.md");
const played = new Set();
/** The one block of a language that has these words. */
function block(language, words) {
  const found = blocks.filter((one) => one.language === language && one.code.includes(words));
  assert.equal(found.length, 1, words);
  played.add(found[0]);
  return found[0].code;
}
const lines = (code) => code.split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);

let packed;
let emulator;
let served;
let node;
let env;
before(async () => {
  packed = pack();
  emulator = await startEmulator(["--no-rate-limit", "--allow-host", "huggingface.co"]);
  served = await registry(packed.tarballs, packed.folder("caches"));
  node = packed.folder("node");
  env = { ...served.env, HF_ENDPOINT: emulator.endpoint, HF_INFERENCE_ENDPOINT: emulator.routerEndpoint, HF_TOKEN: emulator.tokens.write };
});
after(async () => {
  await served?.stop();
  await emulator?.stop();
  packed?.remove();
});

/** Runs a line of a shell in a folder; `deno` is the one of tests/package. */
async function shell(line, folder) {
  const PATH = `${path.dirname(bin("deno"))}${path.delimiter}${process.env.PATH}`;
  return await run("sh", ["-c", line], folder, { env: { ...env, PATH } });
}

const isList = (text) => assert.match(text, /^(\S+\/\S*bert\S* \d+\n){5}$/i);
function isTour(text) {
  assert.match(text, /^Hello, it is /);
  assert.match(text, /tensor/);
}

test("the first two commands are there, and the first one serves the page", { timeout: 180_000 }, async (context) => {
  const commands = lines(block("sh", "npm start"));
  assert.deepEqual(commands, ["npm start", "npm test"]);
  const port = await freePort();
  const [program, ...args] = commands[0].split(" ");
  const child = spawn(program, args, { cwd: root, env: { ...process.env, PORT: String(port) }, stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ended = once(child, "exit");
  context.after(() => child.exitCode ?? child.signalCode ?? process.kill(-child.pid, "SIGKILL"));
  let printed = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    printed += text;
    if (printed.includes("Open http")) break;
  }
  const [address] = /http:\/\/127\.0\.0\.1:\d+\/(?= +\(Ctrl)/.exec(printed) ?? [];
  assert.equal(address, `http://127.0.0.1:${port}/`, printed);
  const response = await fetch(address);
  assert.match(await response.text(), /<h1[^>]*>The core of the Hugging Face API/);
  process.kill(-child.pid, "SIGTERM");
  await ended;
});

test("npm installs the package by its name, and the first programs run in Node", { timeout: 120_000 }, async () => {
  const [install, ...more] = lines(block("sh", "npm install hf-wasm"));
  assert.deepEqual(more, []);
  await shell(install, node);
  assert.ok(served.asked.includes("hf-wasm"), "from the registry");
  for (const [words, name, judge] of [["limit: 5", "hello.mjs", isList], ["create_pr", "token.mjs", isTour]]) {
    writeFileSync(path.join(node, name), block("js", words));
    judge(await shell(`node ${name}`, node));
  }
});

test("Deno adds it from npm, and runs the first programs with the permissions that are named", { timeout: 120_000 }, async () => {
  const folder = packed.folder("deno");
  writeFileSync(path.join(folder, "hello.mjs"), block("js", "limit: 5"));
  const [add, start] = lines(block("sh", "deno add"));
  await shell(add, folder);
  isList((await shell(start, folder)).replaceAll(/^(Download|Initialize|Warning).*\n/gm, ""));
  writeFileSync(path.join(folder, "hello.mjs"), block("js", "create_pr"));
  isTour((await shell(start, folder)).replaceAll(/^(Download|Initialize|Warning).*\n/gm, ""));
});

test("a page has it from the CDN", { timeout: 60_000 }, async () => {
  const folder = packed.plain();
  const host = await site(folder);
  const browser = await openBrowser(folder, emulator.endpoint);
  try {
    writeFileSync(path.join(folder, "index.html"), `<!doctype html><link rel="icon" href="data:,"><body>${block("html", "<script")}`);
    const { page, problems, close } = await browser.open(`${host.origin}/`);
    await page.getByText("bert").waitFor();
    assert.deepEqual(problems, []);
    await close();
  } finally {
    await browser.close();
    await host.stop();
  }
});

test("a worker of Cloudflare runs it", { timeout: 60_000 }, async () => {
  const ids = await inWorkerd(packed.plain(), block("js", "export default"), { HF_TOKEN: emulator.tokens.read }, emulator.endpoint);
  assert.equal(ids.length, 3);
});

test("the agent runs, and is short", { timeout: 60_000 }, async (context) => {
  const [section] = /^## An agent\n.*?(?=^## )/ms.exec(readFileSync(path.join(root, "README.md"), "utf8")) ?? [""];
  assert.ok(section.split("\n").length < 60, "it has fewer than 60 lines");
  const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  const { length } = await hub.listWebhooks();
  writeFileSync(path.join(node, "agent.mjs"), block("js", "webhookHandler").replaceAll("http://127.0.0.1:8787", emulator.endpoint));
  const child = spawn(process.execPath, ["agent.mjs"], { cwd: node, stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => child.kill());
  let printed = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    printed += piece;
    if (printed.includes("Log: Commented on")) break;
  }
  const told = printed.split("\n");
  assert.ok(told.includes('Call: hub_listModels {"search":"bert","limit":3}'), printed);
  assert.ok(told.includes("Log: Listed models that match bert"), printed);
  const { events } = await hub.discussionInfo({ repo: "alice/playground", num: 1 });
  assert.match(JSON.stringify(events), /The tool hub_listModels answered/);
  assert.equal((await hub.listWebhooks()).length, length + 1);
  const ended = once(child, "exit");
  child.stdin.end();
  assert.deepEqual(await ended, [0, null]);
  assert.equal((await hub.listWebhooks()).length, length, "it leaves no webhook");
});

test("the install lines of “Get started” are those of the README", () => {
  const commands = (page) => blocksOf(page).filter(({ language }) => language === "sh").flatMap(({ code }) => lines(code));
  const known = commands("README.md").map((line) => line.replace("hello.mjs", "main.js"));
  const others = commands("docs/start.md").filter((line) => !known.includes(line) && !/^export HF_/.test(line));
  assert.deepEqual(others, []);
});

test("no block is left out", () => {
  assert.deepEqual(blocks.filter((one) => !played.has(one)).map(({ name }) => name), []);
});
