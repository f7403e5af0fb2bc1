// How often calls cross between JavaScript and the core, in each direction: what a change adds unseen shows here.

import assert from "node:assert/strict";
import { before, test } from "node:test";

const counts = { out: 0, in: 0 };
let Hub;
let InferenceRouter;

/** The functions of an object, each of which counts. */
const counting = (functions, direction) =>
  Object.fromEntries(
    Object.entries(functions).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      const counted = (...values) => {
        counts[direction] += 1;
        return value(...values);
      };
      return [name, counted];
    }),
  );

before(async () => {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (source, imports) => {
    const glue = imports?.["./core_bg.js"];
    if (!glue) return instantiate(source, imports);
    const { module, instance } = await instantiate(source, { "./core_bg.js": counting(glue, "out") });
    return { module, instance: { exports: counting(instance.exports, "in") } };
  };
  ({ Hub, InferenceRouter } = await import("hf-wasm"));
});

const limits = { ratelimit: '"api";r=499;t=100', "ratelimit-policy": '"fixed window";"api";q=500;w=300' };
const json = (value) => async () => Response.json(value, { headers: limits });
const options = (fetch) => ({ endpoint: "https://hub.example", token: "hf_crossings", fetch });

async function crossings(run) {
  // The first call loads the core and makes its client.
  await run();
  Object.assign(counts, { out: 0, in: 0 });
  await run();
  return { ...counts };
}

test("a plain call", async () => {
  const hub = new Hub(options(json({ id: "acme/m" })));
  const { out, in: into } = await crossings(() => hub.modelInfo({ repo: "acme/m" }));
  console.log({ out, in: into });
  assert.ok(out <= 22 && into <= 10, `${out} out, ${into} in`);
});

test("a page of a list, however many items it has", async () => {
  const page = Array.from({ length: 500 }, (_, at) => ({ id: `acme/m-${at}` }));
  const hub = new Hub(options(json(page)));
  const { out, in: into } = await crossings(async () => assert.equal((await hub.listModels({ search: "m" })).items.length, 500));
  console.log({ out, in: into });
  assert.ok(out <= 34 && into <= 10, `${out} out, ${into} in`);
});

test("a stream, by the pieces that come and not by its chunks", async () => {
  const chunk = (finish) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "word" }, finish_reason: finish }] })}\n\n`;
  const text = `${chunk(null).repeat(500)}${chunk("stop")}data: [DONE]\n\n`;
  const router = new InferenceRouter(options(async () => new Response(text, { headers: { "content-type": "text/event-stream" } })));
  const { out, in: into } = await crossings(async () => {
    let count = 0;
    for await (const _ of router.chatCompletionStream({ model: "m", messages: [] })) count++;
    assert.equal(count, 501);
  });
  console.log({ out, in: into });
  assert.ok(out <= 59 && into <= 13, `${out} out, ${into} in`);
});
