// The blocks of code of a page of the documentation.

import { readFileSync } from "node:fs";
import path from "node:path";

import { root } from "../../package/lib/place.mjs";

/** What only Node has, or only what the package has for files on disk. */
const NODE_ALONE = /from "(node:|hf-wasm\/node|@huggingface\/|openai")/;

/**
 * The blocks of a page, in their order: language, code, the lines that it says it prints (after `//>`), and, for a
 * program, where it runs.
 */
export function blocksOf(page) {
  const text = readFileSync(path.join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].map(([whole, language, code]) => ({
    page,
    name: `${page}:${text.slice(0, text.indexOf(whole)).split("\n").length}`,
    language,
    code,
    printed: [...code.matchAll(/\/\/> (.*)$/gm)].map(([, line]) => line),
    isProgram: language === "js" && !/^export default /m.test(code),
    isPortable: !NODE_ALONE.test(code),
  }));
}

/** A program as a module whose default export runs it: imports stand at the top, `console` is a parameter. */
export function asModule({ code }) {
  const imports = code.match(/^import .*$/gm) ?? [];
  const rest = code.replace(/^import .*$/gm, "");
  return `${imports.join("\n")}\nexport default async (console) => {\n${rest}\n};\n`;
}

/** The source of a function that runs programs one after the other, and gives what each printed, or threw. */
export const RUN_ALL = `
export async function runAll(programs) {
  const results = [];
  for (const program of programs) {
    const lines = [];
    const log = (...values) => void lines.push(values.join(" "));
    try {
      await program({ log, warn() {}, error() {} });
      results.push({ lines });
    } catch (error) {
      results.push({ lines, error: String(error?.stack ?? error) });
    }
  }
  return results;
}
`;
