// The bars that `hf-wasm/node` shows in a terminal, and that it shows none elsewhere.

import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { test } from "node:test";

import { withProgressBar } from "hf-wasm/node";

// The library draws nothing where it takes itself to be in continuous integration.
process.env.CI = "false";
delete process.env.CONTINUOUS_INTEGRATION;

function terminal(isTTY) {
  const written = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { isTTY, columns: 100, rows: 30, written });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function transfer({ onProgress }) {
  onProgress({ phase: "download", path: "done.txt", loaded: 5, total: 5 });
  onProgress({ phase: "download", path: "a/very/long/path/to/model-00001-of-00002.safetensors", loaded: 25e6, total: 100e6, rate: 5e6, remaining: 15 });
  onProgress({ phase: "upload", path: "evil\u001b[31m\n.bin", loaded: 1500, total: 2000 });
  onProgress({ phase: "commit", path: "", loaded: 1, total: 2 });
  await pause(250);
  onProgress({ phase: "commit", path: "", loaded: 2, total: 2 });
  return "result";
}

test("a bar for each file, with its rate and the time left", async () => {
  const output = terminal(true);
  assert.equal(await withProgressBar(transfer, { terminal: output }), "result");
  const text = output.written.join("");
  const lines = stripVTControlCharacters(text).split("\n").map((line) => line.trimEnd());
  assert.ok(lines.some((line) => /^….*-00001-of-00002\.safetensors █{5}░{15} {2}25% 25\.0 MB of 100\.0 MB 5\.0 MB\/s 0:15$/.test(line)), lines.join("\n"));
  assert.ok(lines.some((line) => /^evil\?\[31m\?\.bin +█{15}░{5} {2}75% 1\.5 kB of 2\.0 kB$/.test(line)), lines.join("\n"));
  assert.ok(lines.some((line) => /^commit +█{10}░{10} {2}50% 1 of 2$/.test(line)), lines.join("\n"));
  assert.ok(lines.includes("1 done"));
  const phases = terminal(true);
  await withProgressBar(async ({ onProgress }) => {
    for (const phase of ["hash", "upload"]) onProgress({ phase, path: "a.bin", loaded: 5, total: 5 });
    await pause(250);
  }, { terminal: phases });
  assert.match(stripVTControlCharacters(phases.written.join("")), /^1 done/, "a file counts once, in whatever phases");
  assert.ok(!text.includes("\u001b[31m"), "a name does not steer the terminal");
});

test("where the output is no terminal, nothing is shown", async () => {
  const output = terminal(false);
  assert.equal(await withProgressBar(transfer, { terminal: output }), "result");
  assert.deepEqual(output.written, []);
});

test("a failure is that of the transfer, and takes the bars away", async () => {
  const output = terminal(true);
  const failing = withProgressBar(async (options) => {
    await transfer(options);
    throw new TypeError("no");
  }, { terminal: output });
  await assert.rejects(failing, TypeError);
  const [before] = [output.written.length];
  await pause(250);
  assert.equal(output.written.length, before, "nothing is drawn any more");
});
