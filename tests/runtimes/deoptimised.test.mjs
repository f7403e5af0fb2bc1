// Node 20 ends a process whose optimised code is thrown away while it waits for a wasm function that returns a value of
// JavaScript. Here the code that calls the core is optimised, and thrown away in the middle of a call.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const program = `
  import { Hub } from "hf-wasm";
  import { Client, PendingCall } from "${new URL("../../pkg/dist/core_bg.js", import.meta.url)}";

  const callers = [PendingCall.prototype.poll, Client.prototype.call, Client.prototype.rateLimits];
  let deoptimise = false;
  const fetch = async () => {
    if (deoptimise) for (const caller of callers) %DeoptimizeFunction(caller);
    return Response.json({ id: "acme/m" });
  };
  const hub = new Hub({ endpoint: "https://hub.example", token: "hf_x", fetch });
  const call = async () => [await hub.modelInfo({ repo: "acme/m" }), hub.rateLimits];
  for (const caller of callers) %PrepareFunctionForOptimization(caller);
  for (let time = 0; time < 200; time++) await call();
  for (const caller of callers) %OptimizeFunctionOnNextCall(caller);
  await call();
  deoptimise = true;
  const [{ id }, { api }] = await call();
  console.log(id, api.sent);
`;

test("code that is thrown away while it calls the core", () => {
  const args = ["--allow-natives-syntax", "--input-type=module", "--eval", program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
  assert.equal(status, 0, stderr);
  assert.equal(stdout.trim(), "acme/m 202");
});
