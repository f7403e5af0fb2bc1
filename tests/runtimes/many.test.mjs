// What has to be quick, and to leave nothing behind, however much of it there is. The limits are several times the
// processor time that it takes, and a fraction of what it took when its cost grew faster than its size.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub } from "hf-wasm";

import { core } from "../../pkg/dist/core.js";

const CLIENTS = 20_000;
const PANICS = 200;
const OPERATIONS = 8000;
const LEVELS = 200;

/** Milliseconds of processor time: on a busy machine, these are no more. */
function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test(`${OPERATIONS} operations that lie ${LEVELS} folders deep are planned in a moment`, async () => {
  let asked;
  const fetch = async () => {
    asked = spent();
    throw new Error("planned");
  };
  const folder = Array.from({ length: LEVELS }, (_, level) => `d${level}`).join("/");
  const content = new Uint8Array(1);
  const operations = Array.from({ length: OPERATIONS }, (_, at) => ({ operation: "addOrUpdate", path: `${folder}/${at}`, content }));
  const hub = new Hub({ endpoint: "https://hub.example", fetch, retry: false });
  const begin = spent();
  await assert.rejects(hub.commit({ repo: "acme/x", title: "Deep", operations }), { kind: "network" });
  assert.ok(asked - begin < 3000, `${asked - begin} ms`);
});

test(`${CLIENTS} clients whose options throw leave the stack where it was`, async () => {
  const own = new Error("of the caller");
  const retry = {
    get attempts() {
      throw own;
    },
  };
  const fetch = async () => Response.json({ name: "someone" });
  const options = { endpoint: "https://hub.example", fetch };
  await new Hub(options).whoAmI();
  const top = core.exports.__wbindgen_add_to_stack_pointer(0);
  const begin = spent();
  for (let time = 0; time < CLIENTS; time++) {
    await new Hub({ ...options, retry }).whoAmI().then(
      () => assert.fail("it succeeded"),
      (error) => assert.equal(error, own),
    );
  }
  assert.equal(core.exports.__wbindgen_add_to_stack_pointer(0), top, "the stack pointer");
  assert.equal((await new Hub(options).whoAmI()).name, "someone");
  assert.ok(spent() - begin < 15_000, `${spent() - begin} ms`);
});

// The memory may grow: what a call held when it panicked is lost. The stack must not: it has an end.
test(`${PANICS} panics leave the stack where it was`, async () => {
  const hub = new Hub({ endpoint: "https://hub.example", fetch: async () => Response.json({ id: "acme/m" }) });
  await hub.modelInfo({ repo: "acme/m" });
  const top = core.exports.__wbindgen_add_to_stack_pointer(0);
  for (let time = 0; time < PANICS / 2; time++) {
    await assert.rejects(hub.call("noSuchEndpoint", {}), { kind: "internal" });
    await assert.rejects(Promise.resolve(hub.pages("modelInfo", { repo: "acme/m" })), { kind: "internal" });
  }
  assert.equal(core.exports.__wbindgen_add_to_stack_pointer(0), top, "the stack pointer");
});
