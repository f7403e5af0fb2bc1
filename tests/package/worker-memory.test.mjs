// 200 MB pass through a worker, which may have 128 MB of memory: from a URL to the Hub, in parts and whole, and from the Hub to
// it. What a test can see of workerd is the memory of its process, over what that has when nothing goes on.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";
import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { contextOf } from "../runtimes/context.mjs";
import { root } from "./lib/place.mjs";
import { bin, serving } from "./lib/program.mjs";

const MB = 1 << 20;
/** No multiple of the size of a part. */
const SIZE = 200 * MB + 12_345;
const MOST = 128 * MB;

const WORKER = `
  import { Hub } from "hf-wasm";
  export default {
    async fetch(request) {
      const { options, repo, path, url, from } = await request.json();
      const hub = new Hub(options);
      try {
        const content = url ? new URL(url) : await hub.downloadFile(from);
        const { commitOid } = await hub.uploadFile({ repo, file: { path, content } });
        return Response.json({ commitOid });
      } catch (error) {
        return Response.json({ error: String(error?.stack), ...error });
      }
    },
  };`;

const config = (modules) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs"), ${modules.map((name) => `(name = "${name}", wasm = embed "${name}")`).join(", ")}],
  compatibilityDate = "2026-11-01",
);
`;

/** A file of some size whose every MB is another; `asked` are the ranges that were asked for. */
function source(size) {
  const block = Buffer.alloc(MB, "0123456789abcdef");
  const state = { etag: '"one"', ranges: true, asked: [], break: undefined, changes: Infinity };
  const piece = (at, end) => {
    const bytes = Buffer.from(block.subarray(at % MB, Math.min((at % MB) + end - at, MB)));
    if (at % MB === 0) bytes.writeUInt32BE(at / MB);
    return bytes;
  };
  const server = createServer(async ({ headers }, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
    state.asked.push(headers.range);
    if (state.asked.length > state.changes) state.etag = '"two"';
    if (headers["if-match"] && headers["if-match"] !== state.etag) return response.writeHead(412).end();
    const closed = new Promise((resolve) => response.once("close", resolve));
    const isPart = state.ranges && first !== undefined;
    const [start, end] = isPart ? [Number(first), last ? Number(last) + 1 : size] : [0, size];
    response.writeHead(isPart ? 206 : 200, { etag: state.etag, "content-length": end - start, ...(isPart && { "content-range": `bytes ${start}-${end - 1}/${size}` }) });
    for (let at = start; at < end && !response.destroyed; ) {
      if (state.break !== undefined && at >= state.break) {
        state.break = undefined;
        return response.destroy();
      }
      const bytes = piece(at, end);
      at += bytes.length;
      if (!response.write(bytes)) await Promise.race([once(response, "drain"), closed]);
    }
    response.end();
  });
  const hash = createHash("sha256");
  for (let at = 0; at < size; at += MB) hash.update(piece(at, size));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ state, sha256: hash.digest("hex"), url: `http://127.0.0.1:${server.address().port}/file`, stop: () => server.close() }));
  });
}

let emulator;
let whole;
let folder;
let file;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "worker-memory-"));
  const options = { bundle: true, format: "esm", target: "es2022", conditions: ["workerd"], loader: { ".wasm": "copy" }, assetNames: "[name]", outfile: path.join(folder, "worker.mjs") };
  await build({ stdin: { contents: WORKER, resolveDir: root }, ...options });
  writeFileSync(path.join(folder, "workerd.capnp"), config(readdirSync(folder).filter((name) => name.endsWith(".wasm"))));
  // The second one takes files in one piece, whatever their size.
  [emulator, whole, file] = await Promise.all([startEmulator(["--no-rate-limit"]), startEmulator(["--no-rate-limit", "--part-size", "1000000000"]), source(SIZE)]);
});
after(async () => {
  await Promise.all([emulator, whole].map((one) => one?.stop()));
  file?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `task` with a worker that runs already; `send` lets it upload something. */
const working = (task) =>
  serving(bin("workerd"), ["serve", "workerd.capnp", "--control-fd=1"], folder, /"port":(\d+)/, async (port, pid) => {
    const send = async ({ endpoint, tokens }, given) => {
      const body = JSON.stringify({ options: { endpoint, token: tokens.write }, path: "w.bin", ...given });
      return await (await fetch(`http://127.0.0.1:${port}`, { method: "POST", body })).json();
    };
    const small = await source(3 * MB);
    const repo = await newRepo(emulator, "first");
    assert.match((await send(emulator, { repo, url: small.url })).commitOid ?? "", /^[0-9a-f]{40}$/, "what is loaded once is no matter of the size");
    small.stop();
    await task(send, pid);
  });

async function newRepo({ endpoint, tokens }, name) {
  const repo = `alice/worker-${name}-${Math.random().toString(36).slice(2, 8)}`;
  await new Hub({ endpoint, token: tokens.write }).createRepo({ repo });
  return repo;
}

/** Bytes of memory of a process, by the name that Linux has for them. */
const memory = (pid, name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;

async function stored({ endpoint, tokens }, repo) {
  const [{ size, lfs }] = await new Hub({ endpoint, token: tokens.write }).pathsInfo({ repo, paths: ["w.bin"] });
  return [size, lfs.oid];
}

/** Passes the file through a worker that has passed a small one, and gives what that took. */
async function passed(context, name, to, given) {
  const repo = await newRepo(to, name);
  await working(async (send, pid) => {
    const idle = memory(pid, "VmRSS");
    // From here on the peak is counted.
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    const answer = await send(to, { repo, ...given });
    assert.equal(answer.error, undefined);
    const over = memory(pid, "VmHWM") - idle;
    context.diagnostic(`${(over / MB).toFixed(0)} MB over the ${(idle / MB).toFixed(0)} MB of an idle worker`);
    assert.deepEqual(await stored(to, repo), [SIZE, file.sha256]);
    assert.ok(over < MOST, `${over} bytes`);
  });
  return repo;
}

const options = { timeout: 120_000, skip: process.platform !== "linux" && "memory is read from /proc" };
let first;

test("200 MB of a URL go up in parts, each once", options, async (context) => {
  first = await passed(context, "parts", emulator, { url: file.url });
  const log = await contextOf({ Hub }, emulator).control("log");
  assert.equal(log.filter(({ method, path }) => method === "PUT" && path.startsWith(`/lfs/${file.sha256}/`)).length, 26);
});

test("200 MB of a URL go up whole", options, async (context) => {
  await passed(context, "whole", whole, { url: file.url });
});

test("200 MB of the Hub go up", options, async (context) => {
  await passed(context, "hub", emulator, { from: { repo: first, path: "w.bin" } });
});

test("a URL that breaks off is gone on with; one that changes, and one without ranges", { timeout: 120_000 }, async () => {
  await working(async (send) => {
    const other = await source(20 * MB);
    const { state, url } = other;
    try {
      state.break = 5 * MB;
      const repo = await newRepo(emulator, "broken");
      assert.equal((await send(emulator, { repo, url })).error, undefined);
      assert.deepEqual(await stored(emulator, repo), [20 * MB, other.sha256]);
      assert.equal(state.break, undefined);

      // It is another one once it has been hashed.
      Object.assign(state, { asked: [], changes: 1 });
      const changed = await send(emulator, { repo: await newRepo(emulator, "changed"), url });
      assert.match(changed.error, /has changed while it was read/);
      assert.equal(changed.commitOid, undefined);

      Object.assign(state, { ranges: false, changes: Infinity });
      const without = await newRepo(emulator, "whole");
      state.asked.length = 0;
      assert.equal((await send(emulator, { repo: without, url })).error, undefined);
      assert.deepEqual(await stored(emulator, without), [20 * MB, other.sha256]);
      assert.deepEqual(state.asked, ["bytes=0-"], "it is kept, and read once");
    } finally {
      other.stop();
    }
  });
});
