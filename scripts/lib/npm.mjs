// The npm packages of the lock file, installed when they are not the ones that stand in node_modules.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { before, root, run } from "./run.mjs";
import { say } from "./say.mjs";

/** Installs what package-lock.json says; returns `env` with the packages' programs on PATH. */
export async function npmPackages(env) {
  await installIn(".", "TypeScript, binaryen, Biome, esbuild and the official clients for the tests", env);
  return before(env, path.join(root, "node_modules/.bin"));
}

/** Installs what the lock file of a folder says, unless it is there. */
export async function installIn(folder, what, env) {
  const cwd = path.join(root, folder);
  const stamp = path.join(cwd, "node_modules/.installed");
  const wanted = createHash("sha256").update(readFileSync(path.join(cwd, "package-lock.json"))).digest("hex");
  if (text(stamp) !== wanted) {
    say(`npm ci (${what})`);
    await run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { env, cwd });
    writeFileSync(stamp, wanted);
  }
  say(`npm packages: as in ${path.join(folder, "package-lock.json")}`);
}

function text(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
