// A worker under workerd, as Cloudflare runs it.

import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";

import { bin, serving } from "../../package/lib/program.mjs";

/**
 * What a worker responds, as JSON: the module `source` in a project's folder, with these variables. Where `hub` is given,
 * every address is that Hub's.
 */
export async function inWorkerd(folder, source, env, hub) {
  const stdin = { contents: source, resolveDir: folder };
  const conditions = ["workerd", "worker", "import"];
  // The package's wasm is a module of the worker, as Cloudflare's own tool makes it.
  await build({ stdin, bundle: true, format: "esm", conditions, outdir: path.join(folder, "out"), loader: { ".wasm": "copy" }, external: ["node:*"], logLevel: "error" });
  const wasm = readdirSync(path.join(folder, "out")).filter((name) => name.endsWith(".wasm"));
  const modules = wasm.map((name) => `(name = "${name}", wasm = embed "out/${name}")`);
  const bindings = Object.entries(env).map(([name, value]) => `(name = "${name}", text = "${value}")`);
  const internet = hub ? `(name = "internet", external = (address = "${new URL(hub).host}", http = ()))` : `(name = "internet", network = (allow = ["public", "private"]))`;
  writeFileSync(
    path.join(folder, "workerd.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), ${internet}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "stdin.js", esModule = embed "out/stdin.js"), ${modules.join(", ")}],
  bindings = [${bindings.join(", ")}],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["nodejs_compat"],
);
`,
  );
  const ask = async (port) => await (await fetch(`http://127.0.0.1:${port}/`)).json();
  return await serving(bin("workerd"), ["serve", "workerd.capnp", "--control-fd=1"], folder, /"port":(\d+)/, ask);
}
