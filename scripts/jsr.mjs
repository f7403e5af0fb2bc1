// Makes the package as JSR wants it, in .cache/jsr: a module names its own declarations there. Publish from that folder
// with `deno publish --allow-slow-types`, or try it with `--dry-run` besides.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const pkg = fileURLToPath(new URL("../pkg", import.meta.url));
const out = fileURLToPath(new URL("../.cache/jsr", import.meta.url));

rmSync(out, { recursive: true, force: true });
for (const name of ["dist", "README.md", "LICENSE", "jsr.json"]) {
  cpSync(path.join(pkg, name), path.join(out, name), { recursive: true });
}
for (const name of readdirSync(path.join(out, "dist"), { recursive: true })) {
  const file = path.join(out, "dist", name);
  const types = file.replace(/\.js$/, ".d.ts");
  // The glue's declarations hold what the shell uses; the wasm imports more of it.
  if (!file.endsWith(".js") || file.endsWith("_bg.js") || !existsSync(types)) continue;
  const code = readFileSync(file, "utf8");
  // A program has its first line for itself, and nobody imports it.
  if (!code.startsWith("#!")) writeFileSync(file, `// @ts-self-types="./${path.basename(types)}"\n${code}`);
}
console.log(out);
