// What the folder of a fixture may say: the command that its user would give, and what its configuration imports.

import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";

import { here } from "./place.mjs";
import { bin } from "./program.mjs";

/** The fixture's command, which the documentation shows too: a program of tests/package/node_modules, and its words. */
export function commandOf(folder) {
  const [program, ...args] = readFileSync(path.join(folder, "command"), "utf8").trim().split(" ");
  return [bin(program), ...args];
}

/** A cell whose `tools` stand, before it runs, where its configuration and its tests import them from. */
export function equipped(cell) {
  const run = (given) => {
    for (const name of cell.tools ?? []) {
      const place = path.join(given.folder, "node_modules", name);
      mkdirSync(path.dirname(place), { recursive: true });
      symlinkSync(path.join(here, "node_modules", name), place);
    }
    return cell.run(given);
  };
  return { ...cell, run };
}

/** Puts packages into a project with all that they depend on: Next.js follows no link that leads out of it. */
export function copied(names, folder) {
  for (const name of names) {
    const [from, to] = [here, folder].map((base) => path.join(base, "node_modules", name));
    // What is for other systems is not here.
    if (existsSync(to) || !existsSync(from)) continue;
    cpSync(from, to, { recursive: true });
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(path.join(to, "package.json"), "utf8"));
    copied(Object.keys({ ...dependencies, ...optionalDependencies }), folder);
  }
}
