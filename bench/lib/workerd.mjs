// workerd with a client in it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { bundle, layOutWasm, out } from "./bundle.mjs";
import { started } from "./children.mjs";

const require = createRequire(import.meta.url);

/** The program itself: the package's own is a Node that starts it, with time and work of its own. */
function program() {
  const { platform, arch } = process;
  const name = `${platform === "win32" ? "windows" : platform}-${arch === "x64" ? "64" : arch}`;
  return require.resolve(`@cloudflare/workerd-${name}/bin/workerd${platform === "win32" ? ".exe" : ""}`);
}

/** Prepares a worker of a client; gives the file to start it with. */
export async function prepareWorker(name) {
  layOutWasm();
  const worker = readFileSync(new URL("worker.mjs", import.meta.url), "utf8").replaceAll("#client", `./clients/${name}.mjs`);
  await bundle(worker, { name: `worker-${name}`, conditions: ["workerd", "worker", "browser"] });
  const modules = name === "hf-wasm" ? ["core_bg.wasm", "commit_bg.wasm", "kernels_simd_bg.wasm"] : [];
  const wasm = modules.map((module) => `, (name = "${module}", wasm = embed "${module}")`).join("");
  const file = path.join(out, `worker-${name}.capnp`);
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker-${name}.js")${wasm}],
      compatibilityDate = "2025-11-01",
      compatibilityFlags = ["nodejs_compat"])),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);
`,
  );
  return file;
}

/** `{ run, cpu, stop }`: makes calls, tells milliseconds on processors so far, ends. */
export async function startWorker(file, origin) {
  const { child, line } = await started(program(), ["serve", file, "--control-fd=1"]);
  const { port } = JSON.parse(line);
  return {
    async run(what, times) {
      const response = await fetch(`http://127.0.0.1:${port}/${what}?times=${times}&origin=${origin}`);
      const text = await response.text();
      if (text !== "done") throw new Error(`${path.basename(file)} ${what}: ${text}`);
    },
    cpu: () => onProcessor(child.pid),
    stop: () => child.kill("SIGKILL"),
  };
}

/** Of all threads. The kernel counts in nanoseconds; `/proc/<pid>/stat` would tell hundredths of a second. */
function onProcessor(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const of = (thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return threads.reduce((sum, thread) => sum + of(thread), 0) / 1e6;
}

export const version = require("workerd/package.json").version;
