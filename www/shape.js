// What comes back from an endpoint, as the package's own TypeScript declares it.

import { copyButton } from "./copy.js";
import { fill, h } from "./dom.js";
import { code } from "./highlight.js";

/** The declarations of all replies, which the build takes from the package; loaded when they are first wanted. */
const DECLARATIONS = "replies.d.ts";
/** Where a declaration begins, with the comment before it. */
const BEGIN = /^(?=(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export )/m;

let declarations;

/** `{ element, show }` */
export function createShape(endpoint) {
  const element = h("div.code-box");
  let isShown = false;

  async function show() {
    if (isShown) return;
    isShown = true;
    try {
      declarations ??= await load();
      const text = shapeOf(endpoint);
      fill(element, copyButton(() => text), code(text));
    } catch {
      isShown = false;
      fill(element, h("p.empty", {}, "The types could not be loaded."));
    }
  }

  return { element, show };
}

/** By name, in the order in which the package declares them. */
async function load() {
  const response = await fetch(DECLARATIONS);
  if (!response.ok) throw new Error(`${response.status}`);
  const parts = (await response.text()).split(BEGIN).map((text) => text.trim());
  return new Map(parts.map((text) => [/^export (?:interface|type) (\w+)/m.exec(text)?.[1], text]).filter(([name]) => name !== undefined));
}

function shapeOf({ name, host, type }) {
  const used = new Set();
  const use = (text) => {
    for (const [word] of text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "").matchAll(/\b[A-Z]\w+/g)) {
      if (used.has(word) || !declarations.has(word)) continue;
      used.add(word);
      use(declarations.get(word));
    }
  };
  use(type);
  const declared = [...used].map((one) => declarations.get(one).replace(/^export /m, "").replaceAll(/^(?: {4})+/gm, (indent) => indent.slice(indent.length / 2)));
  return [`${host}.${name}(…): ${type}`, ...declared].join("\n\n");
}
