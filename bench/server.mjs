// The loopback server of the bench, a process of its own. Every reply is prepared in memory, so that what is measured
// is the client. Prints its origin.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Items of a page, however many are asked for: one client asks for 500, another for as many as the server likes. */
const PAGE = 1000;
const CHUNKS = 5000;
/** Bytes of a write of the packed stream: many events each, and cut where it falls. */
const PIECE = 16_384;

const out = fileURLToPath(new URL("out", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

const info = Buffer.from(JSON.stringify({ ...model(0), siblings: siblings(30), config: { model_type: "bert" } }));
const pages = new Map();
const completion = Buffer.from(JSON.stringify(chat("chat.completion", { message: { role: "assistant", content: "Hello." } })));
const events = Array.from({ length: CHUNKS }, (_, at) => Buffer.from(event(at)));
events.push(Buffer.from("data: [DONE]\n\n"));
const packed = cut(Buffer.concat(events), PIECE);

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error));
});
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", 1024, () => console.log(`http://127.0.0.1:${server.address().port}`));

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/v1/chat/completions") return talk(request, response);
  if (pathname === "/api/models") return list(request, response, searchParams);
  if (pathname.startsWith("/api/models/")) return void response.writeHead(200, JSON_TYPE).end(info);
  const file = await readFile(path.join(out, path.normalize(pathname))).catch(() => undefined);
  if (!file) return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[path.extname(pathname)], "cache-control": "no-store" }).end(file);
}

/** What is searched for is how many models there are. */
function list(request, response, query) {
  const total = Number(query.get("search"));
  const at = Number(query.get("cursor"));
  const length = Math.min(PAGE, total - at);
  const headers = { ...JSON_TYPE };
  if (at + length < total) {
    query.set("cursor", at + length);
    headers.link = `<http://${request.headers.host}/api/models?${query}>; rel="next"`;
  }
  if (!pages.has(length)) pages.set(length, Buffer.from(JSON.stringify(Array.from({ length }, (_, index) => model(index)))));
  response.writeHead(200, headers).end(pages.get(length));
}

async function talk(request, response) {
  let text = "";
  for await (const piece of request) text += piece;
  const { model, stream } = JSON.parse(text);
  if (!stream) return void response.writeHead(200, JSON_TYPE).end(completion);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const apart = model === "bench/apart";
  for (const piece of apart ? events : packed) {
    if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    // Else Node would join what is written in one turn.
    if (apart) await setImmediate();
  }
  response.end();
}

/** A model as the Hub lists it. */
function model(at) {
  return {
    _id: (0x621f_fdc0_3646_8d70_0000n + BigInt(at)).toString(16),
    id: `organization-${at % 97}/model-of-the-bench-${at}`,
    author: `organization-${at % 97}`,
    gated: false,
    likes: at % 1013,
    trendingScore: at % 31,
    private: false,
    sha: "4e3f2b1c".repeat(5),
    config: {},
    downloads: at * 17,
    tags: ["transformers", "pytorch", "safetensors", "bert", "fill-mask", "en", "arxiv:1810.04805", "license:apache-2.0", "endpoints_compatible", "region:us"],
    pipeline_tag: "fill-mask",
    library_name: "transformers",
    lastModified: "2025-02-19T11:06:12.000Z",
    createdAt: "2022-03-02T23:29:04.000Z",
    modelId: `organization-${at % 97}/model-of-the-bench-${at}`,
  };
}

function siblings(length) {
  return Array.from({ length }, (_, at) => ({ rfilename: `model-${String(at).padStart(5, "0")}-of-00030.safetensors` }));
}

function event(at) {
  const finish_reason = at === CHUNKS - 1 ? "stop" : null;
  const choice = { delta: { role: "assistant", content: ` word${at}` }, finish_reason };
  return `data: ${JSON.stringify(chat("chat.completion.chunk", choice))}\n\n`;
}

function chat(object, choice) {
  const head = { id: "chatcmpl-8f14e45fceea167a5a36dedd4bea2543", object, created: 1_750_000_000, model: "acme/chat" };
  return { ...head, system_fingerprint: "3.3.4-native", choices: [{ index: 0, logprobs: null, ...choice }] };
}

function cut(bytes, size) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
