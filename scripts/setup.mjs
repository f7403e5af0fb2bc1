// Makes everything ready that the builds (and, with `--tests`, the tests) need; says what it finds and installs.

import { pathToFileURL } from "node:url";

import { canInstall, install, isDebian } from "./lib/apt.mjs";
import { chromium } from "./lib/chromium.mjs";
import { npmBin, npmPackages } from "./lib/npm.mjs";
import { together } from "./lib/progress.mjs";
import { pythonPackages } from "./lib/python.mjs";
import { before, find } from "./lib/run.mjs";
import { rust } from "./lib/rust.mjs";
import { heading, Missing, main, say } from "./lib/say.mjs";
import { toolsBin, wasmTools } from "./lib/wasm-tools.mjs";

const NODE = 20;

/** Returns the environment in which every further command runs. What needs Rust alone can be done `meanwhile`. */
export async function setup({ tests = false, meanwhile = () => {} } = {}) {
  heading(tests ? "Set-up for the tests" : "Set-up");
  node();
  await git();
  await compilers(tests ? ["cc", "c++"] : ["cc"]);
  const env = before(await rust(), npmBin, toolsBin);
  const [complete] = await together(
    async () => (tests ? await pythonPackages(await chromium(env)) : env),
    () => npmPackages(".", env),
    () => wasmTools(env),
    () => meanwhile(env),
  );
  return complete;
}

function node() {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < NODE) {
    throw new Missing(`Node ${NODE} or newer is needed, this is ${version}. What brings it:`, "https://nodejs.org");
  }
  say(`Node ${version}`);
}

async function git() {
  if (find("git") || (canInstall() && (await install(["git"])))) return;
  throw new Missing("git is missing. What brings it:", ...systemPackages("git", "xcode-select --install"));
}

/** What cargo links with and builds SQLite and libgit2 with, and the fuzz targets build libFuzzer with. */
const COMPILERS = {
  cc: { language: "C", packages: ["gcc", "libc6-dev"] },
  "c++": { language: "C++", packages: ["g++"] },
};

/** Makes compilers answer to these names. */
export async function compilers(programs) {
  for (const program of programs) {
    const { language, packages } = COMPILERS[program];
    if (process.platform === "win32" || find(program) || (canInstall() && (await install(packages)))) continue;
    const commands = systemPackages(packages[0], "xcode-select --install");
    throw new Missing(`A ${language} compiler is missing. What brings it:`, ...commands);
  }
}

function systemPackages(name, mac) {
  if (process.platform === "darwin") return [mac];
  if (process.platform === "win32") return ["https://git-scm.com"];
  return isDebian() ? [`apt-get install ${name}   (as root)`] : [`your system's package \`${name}\``];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    await setup({ tests: process.argv.includes("--tests") });
  });
}
