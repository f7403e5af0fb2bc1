// One handler of webhooks in Node, Deno, Bun and workerd, as their servers want it: a default export with `fetch`. The
// emulator delivers to each.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";
import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { root } from "./lib/place.mjs";
import { bin, serving } from "./lib/program.mjs";

const SECRET = "one for all runtimes";

const WORKER = `
  import { webhookHandler } from "hf-wasm/webhooks";
  const events = [];
  const handler = webhookHandler({ secret: ${JSON.stringify(SECRET)}, on: { repo: (event) => events.push([event.action, event.repo.name]) } });
  export default {
    async fetch(request, env, context) {
      if (request.method === "GET") return Response.json(events);
      return await handler(request, context);
    },
  };`;

/** Node has no server of its own for `Request` and `Response`. */
const NODE = `
  import { createServer } from "node:http";
  import { Readable } from "node:stream";
  import worker from "./worker.mjs";
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers } = incoming;
    const body = method === "POST" ? { body: Readable.toWeb(incoming), duplex: "half" } : {};
    const response = await worker.fetch(new Request("http://127.0.0.1/", { method, headers, ...body }));
    outgoing.writeHead(response.status).end(await response.text());
  }).listen(0, "127.0.0.1", () => console.log("port", server.address().port));`;

const BUN = `
  import worker from "./worker.mjs";
  console.log("port", Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => worker.fetch(request) }).port);`;

const DENO = `
  import worker from "./worker.mjs";
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log("port", port) }, (request) => worker.fetch(request));`;

const WORKERD = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (modules = [(name = "worker", esModule = embed "worker.mjs")], compatibilityDate = "2026-11-01");
`;

const RUNTIMES = {
  node: [process.execPath, ["node.mjs"], /port (\d+)/],
  deno: [bin("deno"), ["run", "--no-prompt", "--allow-net", "deno.mjs"], /port (\d+)/],
  bun: [bin("bun"), ["bun.mjs"], /port (\d+)/],
  workerd: [bin("workerd"), ["serve", "workerd.capnp", "--control-fd=1"], /"port":(\d+)/],
};

let emulator;
let folder;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "webhooks-"));
  const { outputFiles } = await build({ stdin: { contents: WORKER, resolveDir: root }, bundle: true, format: "esm", target: "es2022", write: false });
  const files = { "worker.mjs": outputFiles[0].text, "node.mjs": NODE, "bun.mjs": BUN, "deno.mjs": DENO, "workerd.capnp": WORKERD };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const [name, [program, args, pattern]] of Object.entries(RUNTIMES)) {
  test(`${name} receives what the Hub delivers`, { timeout: 60_000 }, async () => {
    await serving(program, args, folder, pattern, async (port) => {
      const url = `http://127.0.0.1:${port}/`;
      const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
      await hub.createWebhook({ watched: [{ type: "user", name: "alice" }], domains: ["repo"], url, secret: SECRET });
      const repo = `alice/webhooks-in-${name}`;
      await hub.createRepo({ repo });
      await hub.deleteRepo({ repo });
      let events = [];
      for (let tries = 0; events.length < 2 && tries < 300; tries++) {
        events = await (await fetch(url)).json();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.deepEqual(events.sort(), [["create", repo], ["delete", repo]]);
      const post = (secret, body) => fetch(url, { method: "POST", headers: secret ? { "x-webhook-secret": secret } : {}, body });
      const answers = [await post(undefined, "{}"), await post("wrong", "{}"), await post(SECRET, "{}"), await post(SECRET, "x".repeat(2_000_000))];
      assert.deepEqual(answers.map(({ status }) => status), [401, 403, 400, 413]);
    });
  });
}
