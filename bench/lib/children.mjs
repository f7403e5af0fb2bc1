// Processes of the bench: the server, and children that measure in a fresh Node.

import { execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
/** A token or an endpoint of one's own has no place in a measurement. */
export const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HF_")));

/** `{ origin, stop }` */
export async function startServer() {
  const { child, line } = await started(process.execPath, [file("../server.mjs")]);
  return { origin: line, stop: () => child.kill() };
}

/** Starts a program and waits for its first line. */
export async function started(program, args, options = {}) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"], ...options });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { child, line };
}

/** The Node that is measured; ours may be another one. */
export const node = createRequire(import.meta.url).resolve("node/bin/node");

/** What a task of `node.mjs` found out in a process of its own. */
export async function inNode(...args) {
  const all = ["--expose-gc", file("node.mjs"), ...args];
  const { stdout } = await promisify(execFile)(node, all, { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
