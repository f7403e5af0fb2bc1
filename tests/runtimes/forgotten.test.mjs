// A stream that nobody holds any more, left by neither `break` nor `cancel`, gives up its connection when it is collected.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const program = `
  import { InferenceRouter } from "hf-wasm";

  const chunk = new TextEncoder().encode('data: {"choices":[]}\\n\\n');
  let closed = 0;
  const fetch = async (_, { signal }) => {
    signal.addEventListener("abort", () => closed++);
    const body = new ReadableStream({ start: (to) => to.enqueue(chunk) });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const router = new InferenceRouter({ endpoint: "https://router.example", token: "hf_x", fetch });
  const forget = async () => void (await router.chatCompletionStream({ model: "acme/chat", messages: [] }).next());
  for (let time = 0; time < 50; time++) await forget();
  const before = closed;
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  console.log(before, closed);
  process.exit();
`;

test("a forgotten stream closes its connection", () => {
  const args = ["--expose-gc", "--input-type=module", "--eval", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
  assert.equal(status, 0, stderr);
  const [before, after] = stdout.trim().split(" ").map(Number);
  // The last one may still be on the stack.
  assert.ok(before < 50 && after >= 49, stdout);
});
