// `npm run fuzz -- --seconds 600 [target …]`: libFuzzer tries the laws of tests/properties, each target for so many
// seconds, two at a time. What it finds stands in fuzz/artifacts; what it learns, in .cache/fuzz, and it goes on there.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { run } from "./lib/progress.mjs";
import { read, root, windows } from "./lib/run.mjs";
import { rust } from "./lib/rust.mjs";
import { heading, main, say } from "./lib/say.mjs";
import { compilers } from "./setup.mjs";

const SECONDS = 60;
/** In bytes; error messages are cut after 1000. */
const LONGEST_INPUT = 1200;
/** How much of what a target printed is shown when it found something that is no panic. */
const SHOWN_LINES = 40;

const COVERAGE = [
  "-Cpasses=sancov-module",
  "-Cllvm-args=-sanitizer-coverage-level=4",
  "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
  "-Cllvm-args=-sanitizer-coverage-pc-table",
  "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/** Builds and runs the targets, all if none is named; returns whether nothing was found. `onText` gets the table. */
export async function fuzz(env, { seconds, names = [], onText = () => {} }) {
  if (windows) {
    say("fuzzing is left out on Windows");
    return true;
  }
  const all = targets();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`no target ${unknown}; there are ${all.join(", ")}`);
  const chosen = names.length > 0 ? names : all;
  const folder = await build(env, chosen);
  say(`${chosen.length} targets, ${seconds} s each`);
  const results = await inTurn(chosen, Math.min(2, availableParallelism()), (name) => attack(name, folder, seconds));
  const table = tableOf(results);
  console.log(`\n${table}`);
  onText(table);
  for (const result of results.filter(({ found }) => found)) report(result, folder);
  return results.every(({ found }) => !found);
}

function targets() {
  return readdirSync(path.join(root, "fuzz/fuzz_targets"))
    .map((file) => path.parse(file).name)
    .sort();
}

/** Builds with libFuzzer's instrumentation, as `cargo fuzz build` does; returns the folder of the programs. */
async function build(env, names) {
  const host = /host: (.+)/.exec(read("rustc", ["-vV"], { env }).text)?.[1];
  const sanitizer = hasAddressSanitizer(env) ? ["-Zsanitizer=address"] : [];
  const flags = ["--cfg", "fuzzing", ...COVERAGE, ...sanitizer];
  // RUSTC_BOOTSTRAP: the sanitizer is an unstable flag of the stable compiler.
  const instrumented = { ...env, RUSTC_BOOTSTRAP: "1", CARGO_ENCODED_RUSTFLAGS: flags.join("\u001f") };
  const folder = path.join(root, "target/fuzz");
  const bins = names.flatMap((name) => ["--bin", name]);
  // With a target named, the flags are not for build scripts.
  const args = ["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", host, "--target-dir", folder];
  const how = sanitizer.length > 0 ? "with" : "without";
  await run(`cargo build of the fuzz targets, ${how} address sanitizer`, "cargo", [...args, ...bins], { env: instrumented });
  return path.join(folder, host, "release");
}

function hasAddressSanitizer(env) {
  const folder = read("rustc", ["--print", "target-libdir"], { env }).text;
  return existsSync(folder) && readdirSync(folder).some((file) => /^librustc.*rt[._]asan/.test(file));
}

/** Runs a target until its time is over or it finds something. */
async function attack(name, folder, seconds) {
  const [corpus, artifacts] = [`.cache/fuzz/${name}`, `fuzz/artifacts/${name}`];
  for (const place of [corpus, artifacts]) mkdirSync(path.join(root, place), { recursive: true });
  const options = [
    `-max_total_time=${seconds}`,
    `-dict=fuzz/dictionaries/${name}.dict`,
    `-artifact_prefix=${artifacts}/`,
    `-max_len=${LONGEST_INPUT}`,
    "-timeout=30",
    "-print_final_stats=1",
  ];
  const { code, text } = await quietly(path.join(folder, name), [corpus, `fuzz/corpus/${name}`, ...options]);
  const stat = (word) => Number(new RegExp(`^stat::${word}: +(\\d+)`, "m").exec(text)?.[1] ?? 0);
  const sizes = [...text.matchAll(/ corp: (\d+)/g)];
  const result = {
    name,
    text,
    executions: stat("number_of_executed_units"),
    rate: stat("average_exec_per_sec"),
    corpus: Number(sizes.at(-1)?.[1] ?? 0),
    found: code !== 0,
  };
  say(`${name}: ${grouped(result.executions)} executions, ${result.found ? "A FINDING" : "no finding"}`);
  return result;
}

/** Runs a program out of sight; returns its code and what it said last. */
function quietly(program, args) {
  return new Promise((resolve, reject) => {
    // No look for leaks: the core has no `unsafe`, and a container may not allow it.
    const env = { ...process.env, ASAN_OPTIONS: "detect_leaks=0", RUST_BACKTRACE: "0" };
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (piece) => {
      text = (text + piece).slice(-100_000);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

/** Does the work for each item, some at a time; returns the results in order. */
async function inTurn(items, workers, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

function tableOf(results) {
  const rows = results.map(({ name, executions, rate, corpus, found }) => [name, executions, rate, corpus, Number(found)]);
  const lines = [["target", "executions", "per second", "corpus", "findings"], ...rows];
  const line = ([name, ...numbers]) => name.padEnd(12) + numbers.map((number) => grouped(number).padStart(14)).join("");
  return lines.map((cells) => `${line(cells)}\n`).join("");
}

function grouped(number) {
  return number.toLocaleString("en");
}

function report({ name, text }, folder) {
  const input = /Test unit written to (\S+)/.exec(text)?.[1];
  const said = /^thread .* panicked[\s\S]*?(?=^==\d+)/m.exec(text)?.[0] ?? text.split("\n").slice(-SHOWN_LINES).join("\n");
  heading(`Finding of ${name}`);
  console.error(said.trim());
  console.error(input ? `\nagain with: ${path.relative(root, path.join(folder, name))} ${input}` : "\nno input was kept");
}

function parse(args) {
  const at = args.indexOf("--seconds");
  if (at < 0) return { seconds: SECONDS, names: args };
  const seconds = Number(args[at + 1]);
  if (!Number.isInteger(seconds) || seconds < 1) throw new Error("--seconds wants a whole number");
  return { seconds, names: args.toSpliced(at, 2) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    const options = parse(process.argv.slice(2));
    heading("Set-up");
    await compilers(["cc", "c++"]);
    const env = await rust();
    heading("Fuzz");
    return (await fuzz(env, options)) ? 0 : 1;
  });
}
