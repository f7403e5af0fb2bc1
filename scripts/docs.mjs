// `npm run docs`: the documentation site, built from docs/ and from the package's types into .cache/docs. What has not
// changed is not built again.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { setupAndBuild } from "./build.mjs";
import { npmPackages } from "./lib/npm.mjs";
import { run } from "./lib/progress.mjs";
import { root } from "./lib/run.mjs";
import { main, say } from "./lib/say.mjs";

/** Where the site stands. */
export const site = path.join(root, ".cache/docs");
const stamp = path.join(site, ".built");
const next = path.join(root, ".cache/docs-next");
const docs = path.join(root, "docs");

/** Builds the site of what was built of the package. */
export async function buildDocs(env) {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await npmPackages("docs", env);
  const bin = (name) => path.join(docs, "node_modules/.bin", name);
  rmSync(path.join(docs, "api"), { recursive: true, force: true });
  await run("typedoc", bin("typedoc"), ["--options", "typedoc.json"], { env, cwd: docs });
  rmSync(next, { recursive: true, force: true });
  await run("vitepress build", bin("vitepress"), ["build"], { env: { ...env, DOCS_OUT: next }, cwd: docs });
  writeFileSync(path.join(next, ".built"), wanted);
  rmSync(site, { recursive: true, force: true });
  renameSync(next, site);
}

/** Makes the folder, with a page that says that the site is being built, unless there is a site. */
export function beginDocs() {
  if (existsSync(path.join(site, "index.html"))) return;
  mkdirSync(site, { recursive: true });
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8">${policy}<meta http-equiv="refresh" content="5"><title>hf-wasm</title><p>The documentation is being built. This page reloads until it is there.`;
  writeFileSync(path.join(site, "index.html"), page);
}

/** A hash of all that the site is made of. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of sources()) hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function sources() {
  const below = (folder, pattern) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => pattern.test(name) && !/(^|[\\/])(node_modules|api)[\\/]/.test(name))
      .map((name) => path.join(folder, name));
  const named = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "pkg/package.json", "www/icon.svg"].map((name) => path.join(root, name));
  return [...named, ...below(docs, /\.(md|mjs|js|json|css|webp)$/), ...below(path.join(root, "pkg/dist"), /\.d\.ts$/)].sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    // `--built`: `npm start` has done that.
    await buildDocs(process.argv.includes("--built") ? process.env : await setupAndBuild());
    say(`the site: ${path.relative(root, site)}`);
  });
}
