// A file as what it is: markdown rendered, images drawn, tables as tables, other text with its colours.

import { fill, h } from "../dom.js";
import { many } from "../format.js";
import { code } from "../highlight.js";
import { showMarkdown } from "./markdown.js";

/** Larger files are not shown, and of a table no more rows. */
const READABLE = 400_000;
const ROWS = 50;
const IMAGES = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", avif: "image/avif", svg: "image/svg+xml" };

/** `load(path)` gives another file of the repository. */
export async function showFile(element, path, blob, load) {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (ending in IMAGES) {
    const source = URL.createObjectURL(new Blob([blob], { type: IMAGES[ending] }));
    fill(element, h("img", { src: source, alt: path }));
    return;
  }
  const text = blob.size <= READABLE ? await readText(blob) : null;
  if (text === null) {
    fill(element, h("p.muted", {}, "Not shown: the content is not a short text."));
    return;
  }
  const rows = { csv: () => separated(text, ","), tsv: () => separated(text, "\t"), jsonl: () => lines(text) }[ending]?.();
  if (rows !== undefined && rows.length > 1) fill(element, table(rows, path));
  else if (ending === "md") await showMarkdown(element, text, { load });
  else fill(element, code(text));
}

/** The text of a blob, or null when it is not UTF-8. */
async function readText(blob) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await blob.arrayBuffer());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

function table([head, ...body], name) {
  return h("div.stack.slim", {},
    h("div.table-box", { tabindex: "0", role: "region", "aria-label": name }, h("table", {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, body.slice(0, ROWS).map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))))),
    body.length > ROWS ? h("p.muted", {}, `The first ${ROWS} of ${many(body.length, "line")}`) : null);
}

/** Rows of CSV or TSV, quotes as in RFC 4180. */
function separated(text, separator) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += letter;
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === separator || letter === "\n") {
      rows.at(-1).push(cell.replace(/\r$/, ""));
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  if (cell !== "") rows.at(-1).push(cell);
  return rows.filter((row) => row.length > 0);
}

/** Objects of JSON lines as rows, their keys first; undefined where a line is no object. */
function lines(text) {
  try {
    const objects = text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
    const keys = [...new Set(objects.flatMap((one) => Object.keys(one)))];
    return [keys, ...objects.map((one) => keys.map((key) => (typeof one[key] === "object" ? JSON.stringify(one[key]) : String(one[key] ?? ""))))];
  } catch {
    return undefined;
  }
}
