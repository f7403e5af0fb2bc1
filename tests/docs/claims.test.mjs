// What the README's table says of the official clients is so, and its numbers are those of the bench and of the catalogue.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import * as hub from "@huggingface/hub";
import * as inference from "@huggingface/inference";
import * as openai from "openai";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name) => readFileSync(path.join(root, name), "utf8");
const table = /^\| \| hf-wasm \| the official clients \|\n(?:\|.*\n)+/m.exec(read("README.md"))[0];
const cells = (begin) => table.split("\n").find((line) => line.startsWith(`| ${begin}`)).split("|").slice(2, 4).map((cell) => cell.trim());
const names = Object.keys(hub);

test("they are of the versions that it names", () => {
  const [, ...named] = /beside `@huggingface\/hub` (\S+), `@huggingface\/inference` (\S+) and `openai` (\d+\.\d+\.\d+)/.exec(read("README.md"));
  const { devDependencies } = JSON.parse(read("package.json"));
  assert.deepEqual(named, ["@huggingface/hub", "@huggingface/inference", "openai"].map((name) => devDependencies[name]));
});

test("hub has no function for discussions and webhooks, but has Jobs, branches and Xet", () => {
  assert.deepEqual(names.filter((name) => /discussion|pullRequest|webhook/i.test(name)), []);
  for (const name of ["runJob", "createBranch", "__internal_XetBlob"]) assert.ok(names.includes(name), name);
});

test("none of them has policies, endpoints as tools, MCP, a cache in the browser or a local Hub", () => {
  const functions = [hub, inference, openai].flatMap((all) => Object.keys(all).filter((name) => typeof all[name] === "function"));
  assert.ok(functions.length > 50);
  assert.deepEqual(functions.filter((name) => /polic|approv|audit|tool|mcp|emulat|mock/i.test(name)), []);
  const browser = "node_modules/@huggingface/hub/dist/browser";
  const files = readdirSync(path.join(root, browser)).filter((name) => /\.m?js$/.test(name));
  assert.ok(files.includes("index.mjs"));
  assert.deepEqual(files.filter((name) => /getDirectory|indexedDB|caches\.open|CacheStorage/.test(read(`${browser}/${name}`))), []);
});

test("hub sends nothing again, inference a 503, openai a 429 and every 5xx", async () => {
  const calls = {
    hub: async (fetch) => await hub.listModels({ fetch, limit: 1 }).next(),
    inference: async (fetch) => await new inference.InferenceClient("hf_x", { fetch, endpointUrl: "https://provider.example/" }).featureExtraction({ model: "acme/x", inputs: "a" }),
    openai: async (fetch) => await new openai.OpenAI({ apiKey: "hf_x", fetch }).models.list(),
  };
  const again = {};
  for (const [name, call] of Object.entries(calls)) {
    again[name] = [];
    for (const status of [429, 500, 503]) {
      let sent = 0;
      const answer = () => new Response(sent++ === 0 ? "{}" : "[1]", { status: sent === 1 ? status : 200, headers: { "content-type": "application/json", "retry-after": "0" } });
      await call(async () => answer()).catch(() => {});
      if (sent > 1) again[name].push(status);
    }
  }
  assert.deepEqual(again, { hub: [], inference: [503], openai: [429, 500, 503] });
});

test("inference has some 30 tasks", () => {
  const tasks = Object.getOwnPropertyNames(new inference.InferenceClient("hf_x")).filter((name) => !/^accessToken$|^defaultOptions$|request$|Stream$/i.test(name));
  assert.ok(tasks.length >= 28 && tasks.length <= 34, `${tasks.length}: ${tasks}`);
});

test("the endpoints of the Hub are as many as it says", () => {
  const { groups } = JSON.parse(read("pkg/dist/catalogue.json"));
  const own = groups.flatMap(({ endpoints }) => endpoints).filter(({ core, host }) => core && host === "hub");
  assert.equal(Number(/^\d+/.exec(cells("endpoints of the Hub")[0])[0]), own.length);
  assert.match(read("README.md"), new RegExp(`^- ${own.length} of some `, "m"));
});

test("size and time are those of the bench", () => {
  const bench = read("bench/README.md");
  const row = (begin) => bench.split("\n").find((line) => line.startsWith(`| ${begin} |`)).split("|").slice(2, -1).map((cell) => Number.parseFloat(cell));
  const [size, peers] = cells("loaded before a first call");
  assert.deepEqual([size, ...peers.split(",")].map((text) => Number(/[\d.]+/.exec(text)[0])), row("kB"));
  const [ours, theirs] = cells("one small call");
  const [, here, official] = row("a model's facts, Node");
  const [, , , , openai] = row("a chat's completion, Node");
  assert.equal(Number(/[\d.]+/.exec(ours)[0]), Math.round(here * 10) / 10);
  assert.deepEqual(theirs.match(/\d\.\d+/g).map(Number), [official, openai]);
});
