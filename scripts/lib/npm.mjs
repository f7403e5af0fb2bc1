// The npm packages of the lock file, installed when they are not the ones that stand in node_modules.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { before, root, run } from "./run.mjs";
import { say } from "./say.mjs";

const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".installed");

/** Installs what package-lock.json says; returns `env` with the packages' programs on PATH. */
export async function npmPackages(env) {
  const wanted = createHash("sha256").update(readFileSync(path.join(root, "package-lock.json"))).digest("hex");
  if (text(stamp) !== wanted) {
    say("npm ci (TypeScript, binaryen, Biome, esbuild and the official clients for the tests)");
    await run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { env });
    writeFileSync(stamp, wanted);
  }
  say("npm packages: as in package-lock.json");
  return before(env, path.join(modules, ".bin"));
}

function text(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
