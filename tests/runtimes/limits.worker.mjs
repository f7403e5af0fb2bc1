// One isolate of `limits.test.mjs`: asks until it is told that the quota is used up. Prints how often it was answered.
import { Hub, RateLimitedError } from "hf-wasm";
import { sharedLimits } from "hf-wasm/limits";

const [endpoint, token, store, atomic] = process.argv.slice(2);
const ask = async (operation) => (await fetch(store, { method: "POST", body: JSON.stringify(operation) })).json();
const shared = {
  get: async (key) => (await ask({ get: key })).value,
  set: (key, value, { ttl }) => ask({ set: key, value, ttl }),
  ...(atomic && { increment: async (key, by, { ttl }) => (await ask({ increment: key, by, ttl })).value }),
};
const hub = new Hub({ endpoint, token, retry: false, fetch: sharedLimits({ store: shared, endpoint }) });
let answered = 0;
try {
  for (;;) {
    await hub.modelInfo({ repo: "acme/tiny-bert" });
    answered++;
  }
} catch (error) {
  if (!(error instanceof RateLimitedError && error.retryAfter > 0)) throw error;
  console.log(answered);
}
