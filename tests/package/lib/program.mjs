// Programs that a cell runs: their output is kept, and shown where the cell fails.

import { spawn } from "node:child_process";
import path from "node:path";

import { here } from "./place.mjs";

/** A program of tests/package/node_modules. */
export const bin = (name) => path.join(here, "node_modules/.bin", name);
/** A script that does to a project what a tool's own program does. */
export const drive = (name) => path.join(here, `drive/${name}.mjs`);
/** Node by its major version: the one that runs this, or one of the packages. */
export const node = (major) => (major ? path.join(here, `node_modules/node-${major}/bin/node`) : process.execPath);

/** No program reports home, asks for updates, or paints its output. */
const QUIET = {
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  CI: "1",
  DENO_NO_UPDATE_CHECK: "1",
  DO_NOT_TRACK: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  PARCEL_WORKERS: "1",
  WRANGLER_SEND_METRICS: "false",
  // What this process was told about its own tests is not for others.
  NODE_OPTIONS: undefined,
  NODE_TEST_CONTEXT: undefined,
  HF_TOKEN: undefined,
  HF_ENDPOINT: undefined,
};

/** Runs a program to its end and gives its output; throws with all of it when the program fails. */
export function run(program, args, cwd, { env = {}, timeout = 120_000 } = {}) {
  const { child, text } = start(program, args, cwd, env);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(text());
      else reject(new Error(`${path.basename(program)} ${args.join(" ")}: ${signal ?? `code ${code}`}\n${text()}`));
    });
  });
}

/** Runs a program that serves, until `task` is done with it, which gets the address that it prints, and the id of its process. */
export async function serving(program, args, cwd, pattern, task, { env = {}, timeout = 60_000 } = {}) {
  const { child, text } = start(program, args, cwd, env);
  try {
    return await task(await printed(child, text, pattern, timeout), child.pid);
  } catch (error) {
    throw new Error(`${error.stack}\n--- ${path.basename(program)} ---\n${text()}`);
  } finally {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await ended;
    }
  }
}

function start(program, args, cwd, env) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...QUIET, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
  }
  return { child, text: () => text };
}

function printed(child, text, pattern, timeout) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`printed no ${pattern} within ${timeout} ms`)), timeout);
    const look = () => {
      const found = pattern.exec(text());
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1] ?? found[0]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with code ${code}`)));
  });
}
