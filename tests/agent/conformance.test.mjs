// `@modelcontextprotocol/conformance` judges our server and our client. The suite needs Node 22.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Toolset } from "hf-wasm/agent";
import { mcpHandler } from "hf-wasm/mcp";

import { served } from "./serve.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const node = path.join(here, "node_modules/node-22/bin/node");
const suite = path.join(here, "node_modules/@modelcontextprotocol/conformance/dist/index.js");

/** Why the other scenarios do not apply: what they ask for is not offered, and not said to be. */
const SERVER = {
  "no logging": ["logging-set-level", "tools-call-with-logging"],
  "no completion": ["completion-complete"],
  "tools give text, an image or a sound, and no resources or mixtures": ["tools-call-embedded-resource", "tools-call-mixed-content"],
  "no progress": ["tools-call-with-progress"],
  "the server does not use the client's model": ["tools-call-sampling"],
  "no sessions over HTTP, so nobody can be asked there; mcp.test.mjs tries it over stdio": ["tools-call-elicitation", "elicitation-sep1034-defaults", "elicitation-sep1330-enums"],
  "no sessions and no streams": ["server-sse-polling", "server-sse-multiple-streams"],
  "no resources": ["resources-list", "resources-read-text", "resources-read-binary", "resources-templates-read", "resources-subscribe", "resources-unsubscribe"],
  "no prompts": ["prompts-list", "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image"],
};
const CLIENT = {
  "the client answers no questions of servers": ["elicitation-sep1034-client-defaults"],
  "sign-in is a matter of hf-wasm/oauth: the client is given a token": [/^auth\//],
};

/** The tools that the server's scenarios call. */
const TOOLS = [
  { name: "test_simple_text", call: () => "This is a simple text response for testing." },
  { name: "test_image_content", call: () => new Blob([Buffer.from("iVBORw0KGgo=", "base64")], { type: "image/png" }) },
  { name: "test_audio_content", call: () => new Blob([Buffer.from("UklGRiQAAABXQVZF", "base64")], { type: "audio/wav" }) },
  { name: "test_error_handling", call: () => Promise.reject(new Error("This tool intentionally returns an error for testing")) },
  {
    name: "json_schema_2020_12_tool",
    parameters: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: { address: { type: "object", properties: { street: { type: "string" }, city: { type: "string" } } } },
      properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
      additionalProperties: false,
    },
    call: () => "ok",
  },
].map((tool) => ({ description: `The suite's ${tool.name}.`, parameters: { type: "object", properties: {} }, ...tool }));

let folder;
let server;
let scenarios;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
  server = await served(mcpHandler({ tools: new Toolset(TOOLS) }));
  const { text } = await run("list");
  const [ofServers, ofClients = ""] = text.split("Client scenarios");
  const names = (part) => Array.from(part.matchAll(/^ {2}- (\S+)/gm), ([, name]) => name);
  scenarios = { server: names(ofServers), client: names(ofClients) };
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args) {
  const child = spawn(node, [suite, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } });
  let text = "";
  const take = (piece) => {
    text += piece;
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, text }));
  });
}

const isOut = (reasons, name) => Object.values(reasons).flat().some((out) => (out instanceof RegExp ? out.test(name) : out === name));

test("the server passes what applies", { timeout: 300_000 }, async () => {
  const applies = scenarios.server.filter((name) => !isOut(SERVER, name));
  assert.deepEqual(applies.sort(), ["dns-rebinding-protection", "json-schema-2020-12", "ping", "server-initialize", "tools-call-audio", "tools-call-error", "tools-call-image", "tools-call-simple-text", "tools-list"]);
  for (const name of applies) {
    const { status, text } = await run("server", "--url", server.url, "--scenario", name, "--verbose");
    assert.equal(status, 0, `${name}\n${text}`);
    assert.doesNotMatch(text, /"status": "(FAILURE|WARNING)"/, name);
  }
});

test("the client passes what applies", { timeout: 300_000 }, async () => {
  const applies = scenarios.client.filter((name) => !isOut(CLIENT, name));
  assert.deepEqual(applies.sort(), ["initialize", "sse-retry", "tools_call"]);
  for (const name of applies) {
    const { status, text } = await run("client", "--command", `${node} ${path.join(here, "conformance-client.mjs")}`, "--scenario", name, "--verbose");
    assert.equal(status, 0, `${name}\n${text}`);
    assert.doesNotMatch(text, /"status": "(FAILURE|WARNING)"/, name);
  }
});
