// The packed package, installed into an empty project. Each cell has a project of its own, far from this repository,
// so that nothing is found here that a user would not have.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const here = fileURLToPath(new URL("..", import.meta.url));
export const root = path.resolve(here, "../..");

/**
 * `{ files, tarballs, folder(name), project(fixture, addresses), plain(from), remove }`: the names of the packed files, the
 * package and what it depends on as a registry would have them, and folders to work in.
 */
export function pack() {
  const base = mkdtempSync(path.join(tmpdir(), "hf-wasm-package-"));
  const reported = npm(["pack", "--json", "--pack-destination", base], path.join(root, "pkg"));
  const [own] = JSON.parse(reported);
  const empty = path.join(base, "empty");
  mkdirSync(empty);
  // What the package depends on is here already: nothing is fetched.
  const { dependencies } = JSON.parse(readFileSync(path.join(root, "pkg/package.json"), "utf8"));
  const libraries = Object.keys(dependencies).map((name) => {
    const [library] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", base], path.join(root, "node_modules", name)));
    return library;
  });
  const tarballs = [own, ...libraries].map(({ name, filename, integrity, shasum }) => {
    const manifest = JSON.parse(readFileSync(path.join(root, name === own.name ? "pkg" : `node_modules/${name}`, "package.json"), "utf8"));
    return { manifest, file: path.join(base, filename), integrity, shasum };
  });
  npm(["install", "--offline", "--no-audit", "--no-fund", ...tarballs.map(({ file }) => file)], empty);
  let made = 0;
  return {
    files: own.files.map((file) => file.path),
    tarballs,
    /** An empty folder. */
    folder(name) {
      const folder = path.join(base, `${++made}-${name}`);
      mkdirSync(folder);
      return folder;
    },
    /**
     * A project with the package, the suite, and the files of a fixture. `addresses` are what the suite works with: an
     * emulator's, and where an outcome goes; `part` among them says which cases run (suite/parts.mjs).
     */
    project(fixture, addresses) {
      const folder = path.join(base, `${++made}-${fixture}`);
      cpSync(empty, folder, { recursive: true });
      const suite = path.join(folder, "suite");
      for (const name of ["assert.mjs", "context.mjs", "everywhere.mjs", "cases"]) {
        cpSync(path.join(root, "tests/runtimes", name), path.join(suite, name), { recursive: true });
      }
      cpSync(path.join(here, "suite"), suite, { recursive: true });
      for (const name of ["resilience/memory.mjs", "resilience/watch.mjs", "runtimes/context.mjs", "runtimes/assert.mjs"]) {
        cpSync(path.join(root, "tests", name), path.join(folder, name));
      }
      cpSync(path.join(here, "fixtures", fixture), folder, { recursive: true });
      writeFileSync(path.join(folder, "addresses.mjs"), `export default ${JSON.stringify(addresses)};\n`);
      return folder;
    },
    /** A project with the package and the files of a folder, and nothing else. */
    plain(from) {
      const folder = path.join(base, `${++made}-${from ? path.basename(from) : "plain"}`);
      cpSync(empty, folder, { recursive: true });
      if (from) cpSync(from, folder, { recursive: true });
      return folder;
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** The wasm files below a folder, which have to be so many; a bundle with fewer or with more has gone wrong. */
export function wasmIn(folder, count) {
  const found = filesIn(folder, ".wasm");
  if (found.length !== count) throw new Error(`${found.length} wasm files, and not ${count}: ${found}`);
  return found;
}

/** The files below a folder whose name ends so. */
export function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending) && !name.split(path.sep).includes("node_modules"))
    .map((name) => path.join(folder, name));
}

function npm(args, cwd) {
  const options = { cwd, encoding: "utf8", shell: process.platform === "win32" };
  const { status, stdout, stderr } = spawnSync("npm", args, options);
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: ${stderr}`);
  return stdout;
}
