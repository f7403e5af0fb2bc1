// A program that has made its calls ends by itself, at once and with code 0: no timer keeps it, and no promise that
// nobody sees is rejected. Each of these is a program of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startEmulator } from "../emulator.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The limits of time that a call has by default are a minute and more. */
const AT_ONCE = 5000;

const setup = (endpoint, token) => `
  import { Hub, InferenceRouter } from "hf-wasm";
  const hub = new Hub({ endpoint: "${endpoint}", token: "${token}" });
  const router = new InferenceRouter({ endpoint: "${endpoint}/router", token: "${token}" });
  const by = (fetch, more) => new Hub({ endpoint: "https://hub.example", fetch, ...more });
  const repo = "acme/tiny-bert";
  const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Repeat: " + "word ".repeat(40) }] };
  const stop = new AbortController();
  const { signal } = stop;
  const soon = (ms = 50) => setTimeout(() => stop.abort(), ms);
  const failed = async (promise) => { try { await promise } catch (error) { return } throw new Error("it succeeded") };
  const all = async (iterable) => { let count = 0; for await (const _ of iterable) count += 1; return count };
  const never = () => new Promise(() => {});
  const full = async () => new Response("", { status: 429, headers: { "retry-after": "60" } });
  const endless = () => new ReadableStream({
    start(to) { this.timer = setInterval(() => to.enqueue(new Uint8Array(9)), 5) },
    cancel() { clearInterval(this.timer) },
  });
`;

/** What each program does. */
const programs = {
  "makes no call": "",
  "makes a call": "await hub.whoAmI()",
  "makes a call with every limit": `
    await hub.whoAmI({ signal, timeout: { headers: 60000, idle: 60000, total: 60000 } })`,
  "makes many calls": "await Promise.all(Array.from({ length: 20 }, () => hub.modelInfo({ repo })))",
  "makes calls at a pace": `
    const one = by(async () => Response.json({}), { pace: true });
    await one.whoAmI();
    await one.whoAmI()`,
  "makes a call that fails": "await failed(hub.modelInfo({ repo: 'acme/nothing' }))",
  "makes a call that nobody answers": "await failed(by(never, { timeout: 50 }).whoAmI())",
  "aborts a call": "soon(); await failed(by(never).whoAmI({ signal }))",
  "aborts a call that waits to be sent again": "soon(); await failed(by(full).whoAmI({ signal }))",
  "gives up a call that waits to be sent again": "await failed(by(full).whoAmI({ timeout: 50 }))",
  "aborts a call while its token is got": `
    const token = () => new Promise((done) => setTimeout(done, 100, "hf_x"));
    soon();
    await failed(by(async () => Response.json({}), { token }).whoAmI({ signal }))`,
  "downloads a file": "await (await hub.downloadFile({ repo, path: 'model.safetensors' })).arrayBuffer()",
  "aborts a download in its middle": `
    soon();
    await failed(by(async () => new Response(endless())).downloadFile({ repo, path: "x" }, { signal }))`,
  "reads a list": "await all(hub.listFiles({ repo, recursive: true, pageSize: 5 }))",
  "leaves a list": "for await (const _ of hub.listFiles({ repo, recursive: true, pageSize: 2 })) break",
  "leaves a list with a request under way": `
    const pages = hub.listFiles({ repo, pageSize: 2 }).pages();
    const asked = pages.next();
    await pages.return();
    await asked.catch(() => {})`,
  "reads a stream": "await all(router.chatCompletionStream(chat))",
  "leaves a stream": "for await (const _ of router.chatCompletionStream(chat)) break",
  "cancels a stream that it waits for": `
    const stream = router.chatCompletionStream(chat);
    await stream.next();
    const next = stream.next();
    stream.cancel();
    await next`,
  "aborts a stream while it opens": `
    const next = router.chatCompletionStream(chat, { signal }).next();
    stop.abort();
    await failed(next)`,
  "aborts a stream in its middle": `
    const stream = router.chatCompletionStream(chat, { signal });
    await stream.next();
    await stream.next();
    stop.abort();
    await failed(all(stream))`,
  "aborts a stream that it waits for": `
    const stream = router.chatCompletionStream(chat, { signal });
    await stream.next();
    soon(0);
    await failed(all(stream))`,
};

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator?.stop());

for (const [name, code] of Object.entries(programs)) {
  test(`a program that ${name} ends by itself`, { timeout: 60_000 }, async () => {
    const source = `${setup(emulator.endpoint, emulator.tokens.write)}\n${code};\nconsole.log(Date.now());`;
    // Fails on another code than 0, which an unhandled rejection leads to.
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], { cwd: root });
    const took = Date.now() - Number(stdout);
    assert.ok(took < AT_ONCE, `it ended ${took} ms after its last call`);
  });
}
