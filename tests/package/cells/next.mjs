// Next.js: a server component, an edge route, a client component. Each is an application of its own, built and started
// without configuration.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { commandOf, copied } from "../lib/fixture.mjs";
import { wasmIn } from "../lib/place.mjs";
import { node, run, serving } from "../lib/program.mjs";
import { awaited } from "./browsers.mjs";
import { asked } from "./runtimes.mjs";

/** `wasm` says how many files the build puts where. What a server component could show a page is in `static` too. */
export const next = [
  { name: "Next.js, server component", fixture: "next-server", run: app({ wasm: { server: 0, static: 2 }, ask: page }) },
  { name: "Next.js, edge route", fixture: "next-edge", run: app({ wasm: { server: 3, static: 0 }, ask: asked }) },
  { name: "Next.js, client component", fixture: "next-client", run: app({ wasm: { server: 0, static: 4 }, ask: client }) },
];

/** Builds by the fixture's command and starts what was made; `ask` gets its address, and gives the outcome. */
function app({ wasm, ask }) {
  return async ({ folder, outcome }) => {
    copied(["next", "react", "react-dom"], folder);
    const [, ...build] = commandOf(folder);
    await run(node(), [PROGRAM, ...build], folder);
    for (const [part, count] of Object.entries(wasm)) wasmIn(path.join(folder, ".next", part), count);
    const task = (address) => ask(address, { folder, outcome });
    return await serving(node(), [PROGRAM, ...START], folder, /(http:\/\/127\S+)/, task);
  };
}

/** The one of the project: it has to be the very Next.js that the application imports. */
const PROGRAM = "node_modules/next/dist/bin/next";
const START = ["start", "--hostname", "127.0.0.1", "--port", "0"];

async function page(address, { folder, outcome }) {
  const { status } = await fetch(address);
  assert.equal(status, 200);
  // It reads the package's own file, which is in the list of what a deployment takes along.
  const trace = path.join(folder, ".next/server/app/page.js.nft.json");
  const { files } = JSON.parse(readFileSync(trace, "utf8"));
  const wasm = files.filter((file) => file.endsWith(".wasm"));
  assert.deepEqual(wasm.sort(), ["commit", "core"].map((name) => `../../../node_modules/hf-wasm/dist/${name}_bg.wasm`));
  return await outcome;
}

function client(address, { outcome }) {
  return awaited("chromium", address, outcome);
}
