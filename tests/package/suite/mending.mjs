// The wasm is not where it should be: the first call says so and what to do, and `init` mends it.

import addresses from "../addresses.mjs";
import { init } from "hf-wasm";

import { equal, match, rejects } from "./assert.mjs";
import { every } from "./every.mjs";

export async function mending({ Hub, InferenceRouter }, mend) {
  const hub = new Hub({ endpoint: addresses.endpoint, token: addresses.tokens.write });
  for (let times = 0; times < 2; times++) {
    const error = await rejects(hub.whoAmI(), { kind: "internal" });
    match(error.message, /could not load its WebAssembly: ./);
    match(error.advice, /init\(\)/);
  }
  await rejects(init("data:,nothing"), { kind: "internal" });
  // The second time changes nothing: a client points into the memory of the first.
  for (let times = 0; times < 2; times++) {
    await mend();
    equal((await hub.whoAmI()).name, "alice", "the very client that failed");
  }
  return await every({ Hub, InferenceRouter });
}
