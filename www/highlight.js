// Colours JSON, JavaScript and TypeScript's types, as spans of text.

import { h } from "./dom.js";

const TOKENS = /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<key>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\\n]|\\.)*")|(?<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?<word>\b(?:import|from|const|for|await|of|new|true|false|null|interface|type|extends)\b)|(?<call>\b[A-Za-z_]\w*(?=\())|(?<key2>\b[A-Za-z_]\w*(?=\??:\s))/g;

/** At most this many characters are coloured and shown. */
const LIMIT = 120_000;

export function code(text) {
  const shown = text.length > LIMIT ? text.slice(0, text.lastIndexOf("\n", LIMIT)) : text;
  const pre = h("pre.code", { tabindex: "0" });
  let end = 0;
  for (const match of shown.matchAll(TOKENS)) {
    if (match.index > end) pre.append(shown.slice(end, match.index));
    const kind = Object.entries(match.groups).find(([, part]) => part !== undefined)[0];
    pre.append(h(`span.t-${kind.replace("2", "")}`, {}, match[0]));
    end = match.index + match[0].length;
  }
  pre.append(shown.slice(end));
  if (shown.length < text.length) pre.append(h("span.t-comment", {}, `\n… ${text.length - shown.length} more characters; copy to have them all`));
  return pre;
}

/** JSON text in which bytes are named, not printed. */
export function jsonText(value) {
  const text = JSON.stringify(value, (_, part) => (part instanceof Blob ? { blob: part.type, size: part.size } : part), 2);
  return text ?? "// nothing came back: the call has no reply body";
}
