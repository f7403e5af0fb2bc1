// Builds the demo page into www/dist, a folder that can be served from anywhere: its modules and the package bundled, its
// style sheets with their fonts, the wasm, and the page itself, in which stands what the first paint needs.

import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";

import { root } from "./lib/run.mjs";

const from = (name) => path.join(root, name);
const dist = from("www/dist");
const to = (name) => path.join(dist, name);

/** Written into the page: the style of what is painted first, and the script that says what that is. */
const WITHIN = ["first.css", "first.js"];

// Names of chunks hold a hash: without this, old ones would stay.
rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["www/app.js", "www/first.js", "www/styles/first.css", "www/styles/page.css"],
  outdir: dist,
  entryNames: "[name]",
  assetNames: "[name]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "linked",
  alias: { "#load": "./pkg/dist/load/browser.js" },
  loader: { ".woff2": "file" },
  logLevel: "warning",
});
for (const name of ["core", "commit", "kernels", "kernels_simd"]) copyFileSync(from(`pkg/dist/${name}_bg.wasm`), to(`${name}_bg.wasm`));
copyFileSync(from("www/icon.svg"), to("icon.svg"));
writeFileSync(to("replies.d.ts"), declarations());
writeFileSync(to("index.html"), page());
for (const name of WITHIN) rmSync(to(name));

/** What the package declares of all responses of the API, as one text. */
function declarations() {
  const folder = from("pkg/dist/types");
  const texts = readdirSync(folder).filter((name) => name.endsWith(".d.ts")).sort().map((name) => readFileSync(path.join(folder, name), "utf8"));
  return texts.join("\n").replaceAll(/^(import |\/\/#).*\n/gm, "");
}

/** `www/index.html` with the first style and script in it, which its policy names, and with all modules to load at once. */
function page() {
  const [style, script] = WITHIN.map((name) => readFileSync(to(name), "utf8").trim());
  const { imports } = metafile.outputs["www/dist/app.js"];
  const modules = imports.filter(({ kind }) => kind === "import-statement").map((one) => `<link rel="modulepreload" href="${path.basename(one.path)}" fetchpriority="low">`);
  return readFileSync(from("www/index.html"), "utf8")
    .replace("style-src 'self'", `$& ${hash(style)}`)
    .replace("script-src 'self'", `$& ${hash(script)}`)
    .replace('<link rel="stylesheet" href="first.css">', () => `<style>${style}</style>`)
    .replace('<script src="first.js"></script>', () => `<script>${script}</script>`)
    .replace("</head>", () => `${modules.join("")}</head>`);
}

function hash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
