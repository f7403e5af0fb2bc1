// `npm test`: sets everything up and runs all tests, from formatting to a real model, but those with files of
// gigabytes: `npm run test:long`. All stages run, whatever failed before; the last line is the sum. `npm test -- rust page`
// runs only those stages, and `npm test -- quick` those of the inner loop of work.

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { build } from "./build.mjs";
import { fuzz } from "./fuzz.mjs";
import { cargoCounts, failuresIn, fuzzCounts, nodeCounts, noCounts, pythonCounts, sumOf } from "./lib/counts.mjs";
import { packageTools } from "./lib/matrix.mjs";
import { withMemoryFolder } from "./lib/memory-folder.mjs";
import { npmPackages } from "./lib/npm.mjs";
import { root, show } from "./lib/run.mjs";
import { heading, main } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

/** Milliseconds after which the program of a stage hangs: many times what the longest takes. */
const PATIENCE = 20 * 60_000;

/**
 * Name, what it proves, and the command; `folder` stands for the test files of that folder, of which `atOnce` run at the
 * same time. `quick` stages are those of the inner loop of work, perhaps by a shorter command. `prepare` sets up what only
 * this stage needs, while the stages before it run, and returns the environment in which it runs. Temporary files lie in
 * memory, but for those of a `huge` stage, which has files of gigabytes, and which runs only where it is named. A stage that
 * needs one core runs `meanwhile`: it begins with the stage of that name, and what it prints is held back until its turn.
 */
const STAGES = [
  { name: "fmt", title: "Formatting of the Rust", command: ["cargo", "fmt", "--all", "--check"], quick: true },
  { name: "clippy", title: "Clippy, warnings denied", command: clippy() },
  { name: "build", title: "Package and emulator", work: build, quick: true },
  { name: "gen", title: "Generated files are current", command: ["target/debug/xtask", "gen", "--check"], quick: true },
  { name: "rust", title: "Rust tests", command: cargoTest(), quick: cargoTest("--lib", "--test", "conformance"), counts: cargoCounts },
  { name: "fuzz", title: "Fuzz targets, a few seconds each", work: fuzzed, counts: fuzzCounts },
  { name: "scripts", title: "The repository's own scripts", folder: "tests/scripts" },
  { name: "size", title: "Size of wasm and JavaScript", command: ["node", "scripts/size.mjs"], quick: true },
  { name: "lint", title: "Biome", command: ["biome", "lint", "--error-on-warnings"], quick: true },
  { name: "tsc", title: "TypeScript, strict", command: ["tsc", "-p", "pkg", "--noEmit"], quick: true },
  { name: "types", title: "Reply types against real replies", folder: "tests/types" },
  {
    name: "runtimes",
    title: "One suite in Node and in Chromium, and what only one of them does",
    folder: "tests/runtimes",
    atOnce: 2,
    quick: nodeTests(["tests/runtimes/node.test.mjs"]),
  },
  { name: "recordings", title: "Recorded replies of the real service", folder: "tests/recordings" },
  { name: "page", title: "The demo page, its code in four languages, and what axe and Lighthouse say of it", folder: "tests/page", atOnce: 2, prepare: pageTools },
  {
    name: "agent",
    title: "Tools for models in every library, the loop, and MCP both ways",
    folder: "tests/agent",
    atOnce: 2,
    prepare: agentTools,
  },
  {
    name: "resilience",
    title: "Every fault through every kind of call, and thousands of calls at once",
    folder: "tests/resilience",
    atOnce: 2,
  },
  { name: "long", title: "Files of every size and name, and a process that is killed", folder: "tests/long", huge: true },
  {
    name: "package",
    title: "The packed package in every runtime, browser, bundler and test runner",
    folder: "tests/package",
    prepare: packageToolsOnce,
  },
  {
    name: "examples",
    title: "Examples, guides and README, as a stranger runs them",
    folder: "tests/examples",
    atOnce: 2,
    prepare: packageToolsOnce,
  },
  {
    name: "docs",
    title: "The documentation site",
    folder: "tests/docs",
    prepare: docsTools,
    meanwhile: "scripts",
  },
  {
    name: "interop",
    title: "Official clients on the local Hub; other people's servers behind the router class",
    work: interop,
    counts: (text) => sumOf(nodeCounts(text), pythonCounts(text)),
  },
];
let tools;
const NAMES = STAGES.map(({ name }) => name);

await main(async () => {
  const only = process.argv.slice(2);
  const unknown = only.filter((name) => name !== "quick" && !NAMES.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no stage ${unknown.join(", ")}. There are ${NAMES.join(", ")}, and quick for some of them.`);
    return 1;
  }
  const stages = only.length === 0 ? STAGES.filter(({ huge }) => !huge) : chosen(only);
  const env = await setup({ tests: only.join() !== "quick" });
  const inMemory = withMemoryFolder(env);
  const prepared = new Map(stages.map((stage) => [stage, prepare(stage, stage.huge ? env : inMemory)]));
  // A failure is told where the stage has its turn.
  for (const ready of prepared.values()) Promise.resolve(ready).catch(() => {});
  const results = [];
  const begun = new Map();
  for (const stage of stages) {
    for (const other of stages.filter(({ meanwhile }) => meanwhile === stage.name)) begun.set(other, outcome(other, prepared.get(other), true));
    heading(`${stage.name}: ${stage.title}`);
    const { text, ...result } = await (begun.get(stage) ?? outcome(stage, prepared.get(stage)));
    if (begun.has(stage)) process.stdout.write(text);
    results.push({ ...stage, ...result });
  }
  return conclude(results);
});

async function prepare(stage, env) {
  return (await stage.prepare?.(env)) ?? env;
}

/** The stages with these names; `quick` stands for those of the inner loop. */
function chosen(only) {
  const quickly = (stage) => (stage.quick === true ? stage : { ...stage, command: stage.quick });
  return STAGES.flatMap((stage) => {
    if (only.includes(stage.name)) return [stage];
    return only.includes("quick") && stage.quick ? [quickly(stage)] : [];
  });
}

/**
 * Runs a stage: how many tests passed and failed, how long it took, and what it printed. A stage that fails has at least
 * one failure.
 */
async function outcome(stage, ready, quiet = false) {
  const start = performance.now();
  let text = "";
  const onText = (piece) => {
    text += piece;
  };
  let good = false;
  try {
    good = await perform(stage, await ready, { onText, quiet });
  } catch (error) {
    onText(`${error.message}\n`);
    if (!quiet) console.error(error.message);
  }
  const { passed, failed, skipped = 0 } = (stage.counts ?? (stage.folder ? nodeCounts : noCounts))(text, good);
  const seconds = (performance.now() - start) / 1000;
  return { passed, failed: good ? failed : Math.max(failed, 1), skipped, seconds, failures: good ? "" : failuresIn(text), text };
}

async function perform({ command, folder, atOnce, work }, env, output) {
  if (work) return (await work(env, output)) !== false;
  return await succeeds(command ?? nodeTests(testFiles(folder), atOnce), env, output);
}

async function succeeds([program, ...args], env, output) {
  return (await show(program, args, { ...output, env, timeout: PATIENCE })) === 0;
}

/** Each file has servers of its own. One after the other, unless it is known that nothing is measured. */
function nodeTests(files, atOnce = 1) {
  return [process.execPath, "--test", "--test-reporter=spec", `--test-concurrency=${atOnce}`, ...files];
}

/** The test files of a folder; a folder without any is a mistake, not a success. */
function testFiles(folder) {
  const files = existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder)).sort() : [];
  const tests = files.filter((name) => name.endsWith(".test.mjs")).map((name) => path.join(folder, name));
  if (tests.length === 0) throw new Error(`${folder} has no *.test.mjs`);
  return tests;
}

/** What Node tests and what Python tests, both whatever came of the other. */
async function interop(env, output) {
  const python = [env.PYTHON, "-m", "unittest", "discover", "-v", "-s", "tests/interop", "-p", "test_*.py"];
  const good = await succeeds(nodeTests(testFiles("tests/interop")), env, output);
  return (await succeeds(python, env, output)) && good;
}

/** What two stages need is installed once. */
function packageToolsOnce(env) {
  tools ??= packageTools(env);
  return tools;
}

/** What builds the documentation. */
async function docsTools(env) {
  await npmPackages("docs", env);
  return env;
}

/** What judges the page. */
async function pageTools(env) {
  await npmPackages("tests/page", env);
  return env;
}

/** The libraries that models are used with, and MCP's conformance suite. */
async function agentTools(env) {
  await npmPackages("tests/agent", env);
  return env;
}

/** As far as it goes in a moment; `npm run fuzz -- --seconds 600` goes further. */
async function fuzzed(env, { onText }) {
  return await fuzz(env, { seconds: 3, onText });
}

function cargoTest(...targets) {
  return ["cargo", "test", "-q", "--workspace", ...targets];
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
  for (const { name, failures } of results.filter(({ failed }) => failed > 0)) console.log(`\n${name}:\n${failures}`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") > 0 ? 1 : 0;
}
