// Files that come compressed: the length that their headers name is another than that of the bytes, and runtimes differ
// in which of these headers they keep.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { bin, node, run } from "./lib/program.mjs";

/** Those that every runtime asks for. */
const codings = { gzip: gzipSync, br: brotliCompressSync };
/** One that is longer when it is compressed, and one that is shorter. */
const files = { short: "12345", long: "1".repeat(1000) };

const runtimes = {
  "Node 20": [node(), ["--input-type=module", "--eval"]],
  "Node 24": [node(24), ["--input-type=module", "--eval"]],
  Deno: [bin("deno"), ["eval", "--node-modules-dir=manual"]],
  Bun: [bin("bun"), ["--eval"]],
};

let server;
before(async () => {
  server = createServer((request, response) => {
    const [name, coding] = request.url.split("/").at(-1).split(".");
    const body = codings[coding](files[name]);
    response.writeHead(200, { "content-encoding": coding, "content-length": body.length });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => server.close());

const program = (endpoint) => `
  import { Hub } from "hf-wasm";
  const hub = new Hub({ endpoint: ${JSON.stringify(endpoint)}, retry: false });
  const texts = [];
  for (const path of ${JSON.stringify(Object.keys(files).flatMap((name) => Object.keys(codings).map((coding) => `${name}.${coding}`)))}) {
    texts.push(await (await hub.downloadFile({ repo: "acme/x", path })).text());
  }
  console.log(JSON.stringify(texts));
`;

for (const [name, [command, args]] of Object.entries(runtimes)) {
  test(`a file that comes compressed is whole in ${name}`, async () => {
    const endpoint = `http://127.0.0.1:${server.address().port}`;
    const output = await run(command, [...args, program(endpoint)], process.cwd());
    const expected = Object.values(files).flatMap((text) => Object.keys(codings).map(() => text));
    assert.deepEqual(JSON.parse(output.trim().split("\n").at(-1)), expected);
  });
}
