// The programs of examples/ that run in Node, Deno, a worker and Next.js, as they stand there, in a project that has the
// packed package.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { copied } from "../package/lib/fixture.mjs";
import { pack, root } from "../package/lib/place.mjs";
import { bin, node, run, serving } from "../package/lib/program.mjs";
import { openBrowser } from "./lib/chromium.mjs";

let packed;
let emulator;
let owner;
let env;
before(async () => {
  packed = pack();
  emulator = await startEmulator(["--no-rate-limit"]);
  owner = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  env = { HF_ENDPOINT: emulator.endpoint, HF_INFERENCE_ENDPOINT: emulator.routerEndpoint, HF_TOKEN: emulator.tokens.write, MODEL: "emulator/echo" };
});
after(async () => {
  await emulator?.stop();
  packed?.remove();
});

const example = (name) => packed.plain(path.join(root, "examples", name));

/** Asks again until something is there. */
async function until(ask) {
  for (let tries = 0; tries < 200; tries++) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come");
}

test("webhook-worker: a worker welcomes whoever opens a discussion", { timeout: 120_000 }, async () => {
  const folder = example("webhook-worker");
  const vars = readFileSync(path.join(folder, ".dev.vars.example"), "utf8").replace("http://127.0.0.1:8787", emulator.endpoint);
  writeFileSync(path.join(folder, ".dev.vars"), vars);
  // Wrangler keeps to the project, and asks Cloudflare nothing.
  const alone = { HOME: folder, XDG_CONFIG_HOME: folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  await serving(node(22), [bin("wrangler"), "dev", "--ip", "127.0.0.1", "--port", "0"], folder, /Ready on (http:\S+)/, async (url) => {
    assert.equal((await fetch(url, { method: "POST", body: "{}" })).status, 401, "nobody else");
    const repo = "alice/welcoming";
    await owner.createRepo({ repo });
    const { webhook } = await owner.createWebhook({ watched: [{ type: "user", name: "alice" }], domains: ["discussion"], url, secret: "s3cret" });
    const { num } = await owner.createDiscussion({ repo, title: "A question", description: "Why?" });
    const comments = await until(async () => {
      const { events } = await owner.discussionInfo({ repo, num });
      return events.length > 1 && events;
    });
    assert.match(comments[1].data.latest.raw, /^Thank you for “A question”/);
    await owner.deleteWebhook({ webhookId: webhook.id });
  }, { env: alone, timeout: 90_000 });
});

test("mirror-dataset: a dataset is mirrored, and asked for again only where it has changed", { timeout: 120_000 }, async () => {
  const folder = example("mirror-dataset");
  const repo = "datasets/alice/mirrored";
  const write = (content) => owner.uploadFile({ repo, file: { path: "a.txt", content } });
  await owner.createRepo({ repo });
  await write("A\n");
  const mirror = async () => await run(bin("deno"), ["run", "--node-modules-dir=manual", "-A", "mirror.ts", "alice/mirrored", "./mirror"], folder, { env });
  const first = await mirror();
  assert.match(first, /^ {2}a\.txt {2}2 bytes\n/m);
  assert.match(first, /^alice\/mirrored is at [0-9a-f]{40}: 2 files$/m);
  const place = /^mirror\/.*$/m.exec(first)[0];
  assert.equal(readFileSync(path.resolve(folder, place, "a.txt"), "utf8"), "A\n");
  assert.match(await mirror(), /has not changed since the last run/);
  await write("B is longer\n");
  assert.match(await mirror(), /^ {2}a\.txt {2}12 bytes\n/m);
});

test("agent: a model works under the policy, and a person approves", { timeout: 60_000 }, async (context) => {
  const folder = example("agent");
  await owner.createRepo({ repo: "alice/notes" });
  const operations = [{ operation: "addOrUpdate", path: "bert.md", content: "# BERT\n" }];
  const script = [
    { calls: [{ name: "hub_listModels", arguments: { search: "bert", limit: 3 } }] },
    { calls: [{ name: "hub_commit", arguments: { repo: "alice/notes", title: "Write it down", operations } }] },
    { calls: [{ name: "hub_commit", arguments: { repo: "acme/tiny-bert", title: "Write it there", operations } }] },
    { text: "I wrote it down." },
  ];
  await fetch(`${emulator.endpoint}/_emulator/script`, { method: "POST", headers: { "x-emulator-control": "1", "content-type": "application/json" }, body: JSON.stringify(script) });
  const child = spawn(process.execPath, ["agent.mjs", "Write it down"], { cwd: folder, env: { ...process.env, ...env, MODEL: "emulator/scripted" }, stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => child.kill());
  let printed = "";
  for await (const piece of child.stdout.setEncoding("utf8")) {
    printed += piece;
    if (piece.includes("(y/n)")) child.stdin.write("y\n");
  }
  assert.match(printed, /Allow: Commit .* to alice\/notes/);
  assert.match(printed, /I wrote it down\.\nanswered: 4 turns/);
  assert.equal(await (await owner.downloadFile({ repo: "alice/notes", path: "bert.md" })).text(), "# BERT\n");
  assert.equal(await owner.fileExists({ repo: "acme/tiny-bert", path: "bert.md" }), false, "the policy lets it read there");
  const records = readFileSync(path.join(folder, "calls.ndjson"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(records.filter(({ endpoint }) => endpoint !== "chatCompletion").map(({ endpoint, decision }) => [endpoint, decision]), [["listModels", "allowed"], ["commit", "approved"], ["commit", "denied"]]);
});

test("next-chat: a page shows a model's words as they come", { timeout: 180_000 }, async () => {
  const folder = example("next-chat");
  copied(["next", "react", "react-dom"], folder);
  const program = "node_modules/next/dist/bin/next";
  await run(node(), [program, "build"], folder, { env, timeout: 120_000 });
  await serving(node(), [program, "start", "--hostname", "127.0.0.1", "--port", "0"], folder, /(http:\/\/127\S+)/, async (url) => {
    const browser = await openBrowser(folder, emulator.endpoint);
    const { page, problems } = await browser.open(url);
    await page.getByLabel("Question").fill("Repeat: a chat that streams");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("assistant a chat that streams").waitFor();
    await browser.close();
    assert.deepEqual(problems.filter((text) => !text.includes("404")), []);
    const refused = await fetch(new URL("/api/chat", url), { method: "POST", body: JSON.stringify({ messages: [] }) });
    assert.deepEqual([refused.status, (await refused.text()).length > 0], [400, true], "what fails before the first word has a status");
  }, { env });
});

test("retrieval: passages of model cards are found, and a model responds from them", { timeout: 60_000 }, async () => {
  const printed = await run(process.execPath, ["ask.mjs", "Repeat: it is a model", "fill-mask"], example("retrieval"), { env });
  const [passages, ...lines] = printed.trimEnd().split("\n");
  assert.match(passages, /^[1-9]\d* passages of 10 model cards$/);
  const scores = lines.slice(0, 3).map((line) => Number(/^(-?\d\.\d{3}) \S+\/\S+$/.exec(line)[1]));
  assert.deepEqual(scores, scores.toSorted((one, other) => other - one));
  assert.equal(lines[3], "it is a model");
});

test("new-models: a report of what is new, once", { timeout: 60_000 }, async () => {
  const folder = example("new-models");
  const report = async () => await run(process.execPath, ["nightly.mjs", "alice/new-models", "fill-mask"], folder, { env });
  const repo = { type: "dataset", name: "alice/new-models" };
  // The models of the seed are older than a day: the job is told to go on from the beginning.
  await owner.createRepo({ repo, private: true });
  await owner.uploadFile({ repo, file: { path: "latest.json", content: JSON.stringify({ until: "2020-01-01T00:00:00.000Z" }) } });
  assert.match(await report(), /^[1-9]\d* new models since 2020/);
  const { until: last } = await (await owner.downloadFile({ repo, path: "latest.json" })).json();
  const written = await (await owner.downloadFile({ repo, path: `reports/${last.slice(0, 10)}.md` })).text();
  assert.match(written, /^# \d+ new models for fill-mask\n\n\| model \| created \|/);
  assert.equal(await report(), `0 new models since ${last}\n`);
});
