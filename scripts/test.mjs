// `npm test`: sets everything up and runs every proof, from formatting to a real model.
// All stages run, whatever failed before; the last line is the sum. `npm test -- js clients` runs only those stages.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { build } from "./build.mjs";
import { fuzz } from "./fuzz.mjs";
import { cargoCounts, fuzzCounts, nodeCounts, noCounts, pythonCounts } from "./lib/counts.mjs";
import { packageTools } from "./lib/matrix.mjs";
import { root, show } from "./lib/run.mjs";
import { heading, main } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

const NODE_TESTS = ["--test", "--test-reporter=spec"];
/** Milliseconds after which the program of a stage hangs: many times what the longest takes. */
const PATIENCE = 20 * 60_000;

/**
 * Name, what it proves, and the command; `folder` stands for the test files of that folder. `prepare` sets up what only
 * this stage needs, and returns the environment in which it runs.
 */
const STAGES = [
  { name: "fmt", title: "Formatting of the Rust", command: ["cargo", "fmt", "--all", "--check"] },
  { name: "clippy", title: "Clippy, warnings denied", command: clippy() },
  { name: "build", title: "Package and emulator", work: build },
  { name: "gen", title: "Generated files are current", command: ["target/debug/xtask", "gen", "--check"] },
  { name: "rust", title: "Rust tests", command: ["cargo", "test", "-q", "--workspace"], counts: cargoCounts },
  { name: "fuzz", title: "Fuzz targets, a few seconds each", work: fuzzed, counts: fuzzCounts },
  { name: "size", title: "Size of wasm and JavaScript", command: ["node", "scripts/size.mjs"] },
  { name: "scripts", title: "The repository's own scripts", folder: "tests/scripts" },
  { name: "lint", title: "Biome", command: ["biome", "lint", "--error-on-warnings"] },
  { name: "tsc", title: "TypeScript, strict", command: ["tsc", "-p", "pkg", "--noEmit"] },
  { name: "types", title: "Reply types against real replies", folder: "tests/types" },
  { name: "js", title: "The package in Node", folder: "tests/js" },
  { name: "replay", title: "Recorded replies of the real service", folder: "tests/replay" },
  { name: "browser", title: "The package and the page in Chromium", folder: "tests/browser" },
  { name: "faults", title: "Every fault through every kind of call, in Node and Chromium", folder: "tests/faults" },
  {
    name: "package",
    title: "The packed package in every runtime, browser, bundler and test runner",
    folder: "tests/package",
    prepare: packageTools,
  },
  { name: "clients", title: "Official JavaScript clients on the local Hub", folder: "tests/clients" },
  { name: "python", title: "Official Python client on the local Hub", work: python, counts: pythonCounts },
  { name: "llmock", title: "llmock judges the router class", folder: "tests/llmock" },
  { name: "load", title: "Thousands of calls, while everything breaks", folder: "tests/load" },
  { name: "model", title: "A real model behind the router class", folder: "tests/model" },
];

await main(async () => {
  const only = process.argv.slice(2);
  const unknown = only.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) throw new Error(`no stage ${unknown}; there are ${STAGES.map(({ name }) => name).join(", ")}`);
  const env = await setup({ tests: true });
  const results = [];
  for (const stage of STAGES.filter(({ name }) => only.length === 0 || only.includes(name))) {
    heading(`${stage.name}: ${stage.title}`);
    results.push({ ...stage, ...(await outcome(stage, env)) });
  }
  return conclude(results);
});

/** Runs a stage: how many tests passed and failed, and how long it took. A stage that fails has at least one failure. */
async function outcome(stage, env) {
  const start = performance.now();
  let text = "";
  const onText = (piece) => {
    text += piece;
  };
  let good = false;
  try {
    good = await perform(stage, env, onText);
  } catch (error) {
    console.error(error.message);
  }
  const { passed, failed, skipped = 0 } = (stage.counts ?? (stage.folder ? nodeCounts : noCounts))(text, good);
  return { passed, failed: good ? failed : Math.max(failed, 1), skipped, seconds: (performance.now() - start) / 1000 };
}

async function perform({ command, folder, work, prepare }, given, onText) {
  const env = prepare ? await prepare(given) : given;
  if (work) return (await work(env, onText)) !== false;
  const [program, ...args] = command ?? [process.execPath, ...NODE_TESTS, ...testFiles(folder)];
  return (await show(program, args, { env, onText, timeout: PATIENCE })) === 0;
}

/** The test files of a folder; a folder without any is a mistake, not a success. */
function testFiles(folder) {
  const files = existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder)).sort() : [];
  const tests = files.filter((name) => name.endsWith(".test.mjs")).map((name) => path.join(folder, name));
  if (tests.length === 0) throw new Error(`${folder} has no *.test.mjs`);
  return tests;
}

async function python(env, onText) {
  const args = ["-m", "unittest", "discover", "-v", "-s", "tests/clients", "-p", "test_*.py"];
  return (await show(env.PYTHON, args, { env, onText, timeout: PATIENCE })) === 0;
}

/** As far as it goes in a moment; `npm run fuzz -- --seconds 600` goes further. */
async function fuzzed(env, onText) {
  return await fuzz(env, { seconds: 5, onText });
}

function clippy() {
  return ["cargo", "clippy", "-q", "--workspace", "--all-targets", "--", "-D", "warnings"];
}

function conclude(results) {
  heading("Summary");
  for (const { name, passed, failed, skipped, seconds } of results) {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
    const rest = skipped ? `   (${skipped} skipped)` : "";
    console.log(`${failed ? "FAILED" : "ok    "} ${name.padEnd(10)} ${counts} ${seconds.toFixed(1).padStart(7)} s${rest}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") > 0 ? 1 : 0;
}
