// The recipes of docs/agents.md, as they stand there, against a local Hub.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PRINTED = "http://127.0.0.1:8787";

let emulator;
let recipes;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  const text = await readFile(new URL("../../docs/agents.md", import.meta.url), "utf8");
  recipes = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code.replaceAll(PRINTED, emulator.endpoint));
});
after(() => emulator?.stop());

/** The one recipe that has these words. */
function recipe(words) {
  const found = recipes.filter((code) => code.includes(words));
  assert.equal(found.length, 1, words);
  return found[0];
}

/** Runs a module; `hear` gets all that it has printed so far. */
function run(code, hear = () => {}) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  return new Promise((resolve, reject) => {
    const take = (piece) => {
      text += piece;
      hear(text, child);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("close", (code, signal) => (code === 0 || signal ? resolve(text) : reject(new Error(text))));
  });
}

test("every recipe is run by a test", () => assert.equal(recipes.length, 4));

test("webhooks: the handler tells of a commit and a comment", { timeout: 60_000 }, async () => {
  const served = `${recipe("export const handler").replace("export default", "const worker =")}
    import { createServer } from "node:http";
    import { Readable } from "node:stream";
    const server = createServer(async (incoming, outgoing) => {
      const request = new Request("http://127.0.0.1/", { method: "POST", headers: incoming.headers, body: Readable.toWeb(incoming), duplex: "half" });
      outgoing.writeHead((await worker.fetch(request)).status).end();
    }).listen(0, "127.0.0.1", () => console.log("port", server.address().port));`;
  let started;
  const printed = await run(served, (text, child) => {
    const port = /^port (\d+)$/m.exec(text)?.[1];
    if (port) started ??= change(`http://127.0.0.1:${port}/`).catch((error) => child.kill() && Promise.reject(error));
    if (text.includes("repo delete")) child.kill();
  });
  const { commitOid } = await started;
  assert.ok(printed.includes("alice/recipe: repo create"), printed);
  assert.ok(printed.includes(`alice/recipe: refs/heads/main is now ${commitOid}`), printed);
  assert.match(printed, /create in #1: Because\./);
});

/** Changes that set off what the recipe listens to. */
async function change(url) {
  const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  const repo = "alice/recipe";
  await hub.createWebhook({ watched: [{ type: "user", name: "alice" }], domains: ["repo", "discussion"], url, secret: "s3cret" });
  await hub.createRepo({ repo });
  const commit = await hub.commit({ repo, title: "Say a", operations: [{ operation: "addOrUpdate", path: "a", content: "a" }] });
  await hub.createDiscussion({ repo, title: "Question", description: "Why?" });
  await hub.commentDiscussion({ repo, num: 1, comment: "Because." });
  // The order of deliveries is nobody's promise: the last change waits for those before it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await hub.deleteRepo({ repo });
  return commit;
}

test("webhooks: a kept event is worked on again", async () => {
  assert.equal(await run(recipe("await replay(")), "create alice/x\n");
});

test("sign-in: a program by a code", { timeout: 60_000 }, async () => {
  let agreed;
  const printed = await run(recipe("oauthDeviceLogin({"), (text) => {
    const [, page, code] = /^Open (\S+) and enter (\S+)$/m.exec(text) ?? [];
    if (page) agreed ??= agree(`${page}?user_code=${code}`);
  });
  await agreed;
  assert.match(printed, /^alice$/m);
});

async function agree(url) {
  const link = /href="([^"]+)">Allow as alice</.exec(await (await fetch(url)).text())[1].replaceAll("&amp;", "&");
  assert.equal((await fetch(new URL(link, url))).status, 200);
}

test("sign-in: a page", { timeout: 60_000 }, async (context) => {
  const bundle = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], loader: { ".wasm": "binary" }, write: false, outdir: "out" };
  const contents = recipe("oauthHandleRedirectIfPresent()").replace('from "hf-wasm";', 'from "hf-wasm";\nimport { init } from "hf-wasm";\nimport wasm from "hf-wasm/inline";\nawait init(wasm);');
  const { outputFiles } = await build({ ...bundle, stdin: { contents, resolveDir: root } });
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? outputFiles.find(({ path }) => path.endsWith(".js")).text : "<!doctype html><body><script type=module src=/page.js></script>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launch();
  context.after(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.getByRole("link", { name: "Allow as alice" }).click();
  await page.getByText("Hello alice").waitFor();
});
