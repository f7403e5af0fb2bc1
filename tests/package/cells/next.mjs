// Next.js: an application of a server component, an edge route and a client component, built and started without
// configuration.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { commandOf, copied } from "../lib/fixture.mjs";
import { judge } from "../lib/outcome.mjs";
import { wasmIn } from "../lib/place.mjs";
import { node, run, serving } from "../lib/program.mjs";
import { awaited } from "./browsers.mjs";
import { asked } from "./runtimes.mjs";

export const next = [{ name: "Next.js", note: "in a server component, an edge route and a client component", fixture: "next", run: app }];

/** The one of the project: it has to be the very Next.js that the application imports. */
const PROGRAM = "node_modules/next/dist/bin/next";
const START = ["start", "--hostname", "127.0.0.1", "--port", "0"];

/** Builds by the fixture's command and starts what was made. */
async function app({ folder, outcome, another }) {
  copied(["next", "react", "react-dom"], folder);
  const [, ...build] = commandOf(folder);
  await run(node(), [PROGRAM, ...build], folder);
  // The edge route has no kernels but those with SIMD. Of the server component a page is given what it could show.
  wasmIn(path.join(folder, ".next/server"), 3);
  wasmIn(path.join(folder, ".next/static"), 4);
  return await serving(node(), [PROGRAM, ...START], folder, /(http:\/\/127\S+)/, async (address) => {
    const edge = await asked(`${address}/edge`);
    await component(`${address}/server`, folder);
    const server = await outcome;
    const client = await awaited("chromium", `${address}/client`, another());
    return [...new Set([edge, server, client].map(judge))].join("; ");
  });
}

/** The server component reads the package's own file, which is in the list of what a deployment takes along. */
async function component(address, folder) {
  const { status } = await fetch(address);
  assert.equal(status, 200);
  const trace = path.join(folder, ".next/server/app/server/page.js.nft.json");
  const { files } = JSON.parse(readFileSync(trace, "utf8"));
  const wasm = files.filter((file) => file.endsWith(".wasm"));
  assert.deepEqual(wasm.sort(), ["commit", "core"].map((name) => `../../../../node_modules/hf-wasm/dist/${name}_bg.wasm`));
}
