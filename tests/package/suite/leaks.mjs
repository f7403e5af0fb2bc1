// What thousands of calls leave in the memory of the WebAssemblies: the measurements of tests/resilience, in the runtime
// that this is run in.

import addresses from "../addresses.mjs";
import { kept, loadsOf, measure } from "../resilience/memory.mjs";
import { watch } from "../resilience/watch.mjs";

/** `wasm` is the package's own `dist/core.js`, which has the WebAssemblies. */
export async function leaks(lib, wasm) {
  await watch(wasm);
  const loads = loadsOf(lib, addresses);
  const failed = [];
  for (const load of loads) {
    const problems = kept(await measure(load));
    if (problems.length > 0) failed.push(`${load.name}: ${problems.join(", ")}`);
  }
  return { ran: loads.length, failed, answered: [], endpoints: [] };
}
