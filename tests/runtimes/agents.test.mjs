// The recipes of docs/agents.md, webhooks.md and sign-in.md that need no other package, as they stand there, against a local Hub.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { recipesOf, run } from "../recipes.mjs";
import { FLAGS, listTools } from "../web-mcp.mjs";
import { launch } from "./chromium.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

let emulator;
let owner;
let recipe;
let left;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  owner = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  ({ recipe, left } = await recipesOf(["docs/agents.md", "docs/webhooks.md", "docs/sign-in.md"], emulator.endpoint));
});
after(() => emulator?.stop());

const linesOf = (printed) => printed.trimEnd().split("\n");

test("policy: what it does not allow is denied", async () => {
  assert.deepEqual(linesOf(await run(recipe("PolicyError }"))), [
    "acme/tiny-bert",
    "true groups.repos: read",
    'true repos["datasets/acme/*"]: off',
    "true endpoints.createRepo: off",
    "true groups.account: off",
  ]);
});

test("policy: narrowed, and tried in a dry run", async () => {
  assert.deepEqual(linesOf(await run(recipe("dryRun: true"))), [
    "Read the metadata of the model acme/tiny-bert (allowed)",
    "Was not allowed to look up whose token this is: the policy does not allow it (groups.account: off) (allowed)",
    "groups.account: off",
    "Was not allowed to create the repository alice/new: the policy does not allow it (groups.repos: off) (allowed)",
    "groups.repos: off",
    "Read the metadata of the model acme/tiny-bert, which the policy would deny (groups.models: off)",
  ]);
});

test("cost: the record estimates what the Hub bills", async () => {
  const [reported, billed] = linesOf(await run(recipe("hub.usage()")));
  const [, dollars] = /^\d+ tokens at groq: (0\.\d{7}) dollars$/.exec(reported);
  const [, cost] = /^1 request: (\S+) USD$/.exec(billed);
  assert.ok(Number(dollars) > 0 && Number(cost).toFixed(7) === dollars, `${reported}, ${billed}`);
});

test("approval: a person is asked", async () => {
  assert.deepEqual(linesOf(await run(recipe("only alice/scratch may go"))), [
    "Delete the repository alice/scratch with all its files?",
    "Delete the repository alice/playground with all its files?",
    "deleteRepo alice/playground: a person declined it: only alice/scratch may go",
  ]);
  await owner.modelInfo({ repo: "alice/playground" });
});

test("approval: deferred, approved and resumed in three processes", async () => {
  const APPROVAL_KEY = "a key of the owner's with 32 characters";
  const PENDING = (await run(recipe("call.defer("), { env: { APPROVAL_KEY } })).trim();
  await owner.modelInfo({ repo: "alice/old" });
  const [reported, APPROVAL] = linesOf(await run(recipe("await approvePending("), { env: { APPROVAL_KEY, PENDING } }));
  assert.match(reported, /^nightly wants to: Delete the repository alice\/old with all its files\. Approve it until /);
  const resume = recipe("await resume(");
  assert.equal(await run(resume, { env: { APPROVAL_KEY, APPROVAL } }), "Deleted the repository alice/old with all its files, with approval\n");
  await assert.rejects(owner.modelInfo({ repo: "alice/old" }), { kind: "notFound" });
  await assert.rejects(run(resume, { env: { APPROVAL_KEY, APPROVAL: PENDING } }), /TypeError/);
});

test("records: in memory, as lines of JSON, as a session", async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), "records-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const inFolder = (name) => path.join(folder, name);
  const code = recipe("sessionTrace(").replace(/"(calls\.ndjson|session\.jsonl)"/g, (_, name) => JSON.stringify(inFolder(name)));
  assert.deepEqual(linesOf(await run(code)), [
    "allowed: Read the metadata of the model acme/tiny-bert",
    "denied: Was not allowed to look up whose token this is: the policy does not allow it (groups.account: off)",
  ]);
  const read = (name) => linesOf(readFileSync(inFolder(name), "utf8")).map((line) => JSON.parse(line));
  assert.deepEqual(read("calls.ndjson").map(({ agent, endpoint, status }) => [agent, endpoint, status]), [["librarian", "modelInfo", 200], ["librarian", "whoAmI", undefined]]);
  const [session, ...messages] = read("session.jsonl");
  assert.deepEqual([session.type, session.name, messages.length], ["session", "Look at a model", 4]);
});

test("records: no write without one", async () => {
  const printed = await run(recipe('audit: "required"'));
  assert.match(printed, /^audit: required\. Nothing was sent\./m);
  await assert.rejects(owner.modelInfo({ repo: "alice/unrecorded" }), { kind: "notFound" });
});

test("permissions", async () => {
  assert.deepEqual(linesOf(await run(recipe("hub.can("))), [
    "denied the token “laptop” can only read",
    `write alice/playground ${emulator.endpoint}/settings/tokens`,
    "allowed",
    "allowed",
  ]);
});

test("the loop: tools of the Hub and of the program", async () => {
  const lines = linesOf(await run(recipe("get_weather")));
  assert.equal(lines[0], 'get_weather {"city":"Oslo"}');
  assert.equal(lines[1], '{"city":"Oslo","degrees":21}');
  assert.match(lines[2], /^answered 2 The tool get_weather answered/);
});

test("shared limits", { timeout: 60_000 }, async (context) => {
  const limited = await startEmulator();
  context.after(() => limited.stop());
  assert.equal(await run(recipe("sharedLimits({").replaceAll(emulator.endpoint, limited.endpoint)), "4 true\n");
});

test("webhooks: the handler tells of a commit and a comment", { timeout: 60_000 }, async () => {
  const served = `${recipe("export const handler").replace("export default", "const worker =")}
    import { createServer } from "node:http";
    import { Readable } from "node:stream";
    const server = createServer(async (incoming, outgoing) => {
      const request = new Request("http://127.0.0.1/", { method: "POST", headers: incoming.headers, body: Readable.toWeb(incoming), duplex: "half" });
      outgoing.writeHead((await worker.fetch(request)).status).end();
    }).listen(0, "127.0.0.1", () => console.log("port", server.address().port));`;
  let started;
  const hear = (text, child) => {
    const port = /^port (\d+)$/m.exec(text)?.[1];
    if (port) started ??= change(`http://127.0.0.1:${port}/`).catch((error) => child.kill() && Promise.reject(error));
    if (text.includes("repo delete")) child.kill();
  };
  const printed = await run(served, { hear });
  const { commitOid } = await started;
  assert.ok(printed.includes("alice/recipe: repo create"), printed);
  assert.ok(printed.includes(`alice/recipe: refs/heads/main is now ${commitOid}`), printed);
  assert.match(printed, /create in #1: Because\./);
});

/** Changes that set off what the recipe listens to. */
async function change(url) {
  const repo = "alice/recipe";
  await owner.createWebhook({ watched: [{ type: "user", name: "alice" }], domains: ["repo", "discussion"], url, secret: "s3cret" });
  await owner.createRepo({ repo });
  const commit = await owner.commit({ repo, title: "Say a", operations: [{ operation: "addOrUpdate", path: "a", content: "a" }] });
  await owner.createDiscussion({ repo, title: "Question", description: "Why?" });
  await owner.commentDiscussion({ repo, num: 1, comment: "Because." });
  // The order of deliveries is nobody's promise: the last change waits for those before it.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await owner.deleteRepo({ repo });
  return commit;
}

test("webhooks: created, listed, changed, deleted", async () => {
  const { length } = await owner.listWebhooks();
  assert.equal(await run(recipe("hub.createWebhook(")), "http://127.0.0.1:3000/ repo,discussion\n");
  assert.equal((await owner.listWebhooks()).length, length);
});

test("webhooks: a kept event is worked on again", async () => {
  assert.equal(await run(recipe("await replay(")), "create alice/x\n");
});

test("sign-in: a program by a code", { timeout: 60_000 }, async () => {
  let agreed;
  const hear = (text) => {
    const [, page, code] = /^Open (\S+) and enter (\S+)$/m.exec(text) ?? [];
    if (page) agreed ??= agree(`${page}?user_code=${code}`);
  };
  const printed = await run(recipe("oauthDeviceLogin({"), { hear });
  await agreed;
  assert.match(printed, /^alice$/m);
});

async function agree(url) {
  const link = /href="([^"]+)">Allow as alice</.exec(await (await fetch(url)).text())[1].replaceAll("&amp;", "&");
  assert.equal((await fetch(new URL(link, url))).status, 200);
}

/** A page of its own origin that runs a recipe, in Chromium. */
async function open(context, code, flags = []) {
  const bundle = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], loader: { ".wasm": "binary" }, write: false, outdir: "out" };
  const contents = code.replace('from "hf-wasm";', 'from "hf-wasm";\nimport { init } from "hf-wasm";\nimport wasm from "hf-wasm/inline";\nawait init(wasm);');
  const { outputFiles } = await build({ ...bundle, stdin: { contents, resolveDir: root } });
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? outputFiles.find(({ path }) => path.endsWith(".js")).text : "<!doctype html><body><script type=module src=/page.js></script>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launch(flags);
  context.after(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return page;
}

test("sign-in: a page", { timeout: 60_000 }, async (context) => {
  const page = await open(context, recipe("oauthHandleRedirectIfPresent()"));
  await page.getByRole("link", { name: "Allow as alice" }).click();
  await page.getByText("Hello alice").waitFor();
});

test("WebMCP: tools of a page", { timeout: 60_000 }, async (context) => {
  const page = await open(context, recipe("offerToPage("), FLAGS);
  await page.getByText("The browser's agent can use the Hub").waitFor();
  const names = (await listTools(page)).map(({ name }) => name);
  assert.deepEqual(names.sort(), ["hub_listModels", "hub_modelInfo", "hub_modelTags"]);
});

// The last test: those before have asked for theirs.
test("every recipe is run by a test", () => assert.deepEqual(left(), []));
