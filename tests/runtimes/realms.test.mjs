// Content and headers that another realm made, as a page's frame or a test runner's environment does.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator?.stop());

const CONTENTS = {
  "a view": "new Uint8Array([0, 104, 105]).subarray(1)",
  "a buffer": "new Uint8Array([104, 105]).buffer",
  "a DataView": "new DataView(new Uint8Array([104, 105]).buffer)",
};

for (const [name, code] of Object.entries(CONTENTS)) {
  test(`a commit takes ${name} of another realm`, async () => {
    const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
    const [repo, path] = ["alice/playground", `${name}.txt`];
    const operations = [{ operation: "addOrUpdate", path, content: runInNewContext(code) }];
    await hub.commit({ repo, title: "Add", operations });
    assert.equal(await (await hub.downloadFile({ repo, path })).text(), "hi");
  });
}

test("headers of another realm are sent", async () => {
  let sent;
  const fetch = async (_, { headers }) => {
    sent = new Headers(headers).get("x-own");
    return Response.json([]);
  };
  const hub = new Hub({ endpoint: emulator.endpoint, headers: runInNewContext(`({ "x-own": "1" })`), fetch });
  await hub.listModels();
  assert.equal(sent, "1");
});

test("content that is no object of any kind is refused", async () => {
  const hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  const operations = [{ operation: "addOrUpdate", path: "a", content: Object.create(null) }];
  await assert.rejects(hub.commit({ repo: "alice/playground", title: "Add", operations }), { kind: "invalidInput" });
});
