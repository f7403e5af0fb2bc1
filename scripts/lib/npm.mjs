// The npm packages of the lock file, installed when they are not the ones that stand in node_modules.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { run } from "./progress.mjs";
import { root } from "./run.mjs";

/** The folder with the packages' programs. */
export const npmBin = path.join(root, "node_modules/.bin");

/** Installs what the lock file of a folder says, unless it is there. */
export async function npmPackages(folder, env) {
  const cwd = path.join(root, folder);
  const stamp = path.join(cwd, "node_modules/.installed");
  const wanted = createHash("sha256").update(readFileSync(path.join(cwd, "package-lock.json"))).digest("hex");
  if (text(stamp) === wanted) return;
  await run(folder === "." ? "npm ci" : `npm ci in ${folder}`, "npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { env, cwd });
  writeFileSync(stamp, wanted);
}

function text(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
