// What the numbers were taken with.

import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { read, root } from "../../scripts/lib/run.mjs";
import { node } from "./children.mjs";
import { PACKAGES } from "./clients.mjs";

/** One paragraph: the versions, the machine. */
export function machine({ chromium, workerd }) {
  const of = (folder) => JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")).version;
  const clients = Object.values(PACKAGES).map((name) => `${name} ${of(`node_modules/${name}`)}`);
  const runtimes = [`Node ${read(node, ["-p", "process.versions.node"]).text}`, `Chromium ${chromium}`, `workerd ${workerd}`];
  const [{ model }] = os.cpus();
  const busy = os.loadavg()[2].toFixed(1);
  return `hf-wasm ${of("pkg")}, ${clients.join(", ")}; ${runtimes.join(", ")}. ${model.trim()}, ${os.cpus().length} cores, \
${(os.totalmem() / 2 ** 30).toFixed(0)} GB, ${os.type()} ${os.release().split("-")[0]}; on average ${busy} processes ran \
or waited to run, the bench's own among them.`;
}
