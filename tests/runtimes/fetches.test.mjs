// The `fetch` of other packages, whose bodies are streams of Node and which know no Blob.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import crossFetch from "cross-fetch";
import { Hub, InferenceRouter } from "hf-wasm";
import nodeFetch from "node-fetch";
import nodeFetch2 from "node-fetch2";

import { startEmulator } from "../emulator.mjs";

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

for (const [name, fetch] of Object.entries({ "node-fetch 3": nodeFetch, "node-fetch 2": nodeFetch2, "cross-fetch": crossFetch })) {
  describe(name, () => {
    const options = () => ({ endpoint: emulator.endpoint, token: emulator.tokens.write, fetch, retry: false });

    it("reads JSON, lists and files", async () => {
      const hub = new Hub(options());
      assert.equal((await hub.whoAmI()).name, "alice");
      let count = 0;
      for await (const _ of hub.listModels({ limit: 30, pageSize: 10 })) count += 1;
      assert.equal(count, 30);
      const text = await (await hub.downloadFile({ repo: "acme/tiny-bert", path: "README.md" })).text();
      assert.match(text, /tiny/i);
      await assert.rejects(hub.modelInfo({ repo: "acme/none" }), { kind: "notFound" });
    });

    it("streams, and leaves a stream", async () => {
      const router = new InferenceRouter({ ...options(), endpoint: emulator.routerEndpoint });
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Say hello." }] };
      let said = "";
      for await (const { choices } of router.chatCompletionStream(chat)) said += choices[0]?.delta.content ?? "";
      assert.match(said, /hello/i);
      for await (const _ of router.chatCompletionStream(chat)) break;
    });

    it("commits bytes and large files", async () => {
      const hub = new Hub(options());
      const repo = `alice/fetch-${name.replaceAll(" ", "-")}`;
      await hub.createRepo({ repo });
      const content = new Uint8Array(20_000).fill(7);
      const operations = [
        { operation: "addOrUpdate", path: "a.txt", content: "A" },
        { operation: "addOrUpdate", path: "w.safetensors", content },
      ];
      await hub.commit({ repo, title: "Add", operations });
      for (const [path, size] of [["a.txt", 1], ["w.safetensors", 20_000]]) {
        assert.equal((await hub.downloadFile({ repo, path })).size, size, path);
      }
      const blob = new Blob([content, "x"]);
      const large = hub.commit({ repo, title: "Add", operations: [{ operation: "addOrUpdate", path: "b.safetensors", content: blob }] });
      // Version 2, which cross-fetch is made of, takes a Blob's stream for one of Node's.
      if (name === "node-fetch 3") await large;
      else await assert.rejects(large, { kind: "network", message: /stream/ });
      await hub.deleteRepo({ repo });
    });
  });
}
