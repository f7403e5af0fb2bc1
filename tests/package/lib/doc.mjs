// The lines that the fixtures run, in the documentation: what stands between `<!-- lines: … -->` and `<!-- /lines -->`
// is taken from the named files of the fixtures. `node tests/package/lib/doc.mjs` brings it up to date.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { here, root } from "./place.mjs";

export const documents = ["README.md", "docs/runtimes.md"];

const BLOCK = /(<!-- lines: (.+?) -->\n)[\s\S]*?(<!-- \/lines -->)/g;
const EXAMPLE = /^[^\n]*(?:\/\/|<!--) example[^\n]*\n([\s\S]*?)^[^\n]*(?:\/\/|<!--) end/m;
const LANGUAGES = { ".html": "html", ".json": "json", ".jsx": "jsx", "": "sh" };

/** A document with the lines that the fixtures have now. */
export function filled(text) {
  return text.replace(BLOCK, (_, begin, names, end) => `${begin}${names.split(" ").map(shown).join("")}${end}`);
}

export const read = (name) => readFileSync(path.join(root, name), "utf8");

function shown(name) {
  const text = readFileSync(path.join(here, "fixtures", name), "utf8");
  const extension = path.extname(name);
  const lines = extension === ".json" ? text : extension ? example(name, text) : `npx ${text}`;
  return `\`\`\`${LANGUAGES[extension] ?? "js"}\n${lines}\`\`\`\n`;
}

function example(name, text) {
  const lines = EXAMPLE.exec(text)?.[1].split("\n");
  if (!lines) throw new Error(`${name} marks no example`);
  const indent = Math.min(...lines.filter(Boolean).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const name of documents) writeFileSync(path.join(root, name), filled(read(name)));
}
