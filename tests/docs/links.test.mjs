// No Markdown file of the repository names a file or a heading that is not there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root, encoding: "utf8" }).split("\n").filter((name) => existsSync(path.join(root, name)) && name !== "");

for (const page of pages) {
  const text = prose(page);
  const links = [...text.matchAll(/\]\(([^)\s:]+)\)/g), ...text.matchAll(/<(?:img|a)[^>]* (?:src|href)="([^":]+)"/g)].map(([, link]) => link);
  if (links.length > 0) test(page, () => assert.deepEqual(links.filter((link) => !leads(page, link)), []));
}

/** Whether a link leads to a file or folder, and, with an anchor, to a heading of it. */
function leads(page, link) {
  const [name, anchor] = link.split("#");
  const file = name === "" ? page : path.join(path.dirname(page), name);
  if (name.startsWith("/") || !existsSync(path.join(root, file))) return /^\/\w+$/.test(name) && page === "docs/index.md";
  return anchor === undefined || anchors(file).includes(anchor);
}

function anchors(file) {
  return [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading));
}

/** Without its code. */
function prose(page) {
  return readFileSync(path.join(root, page), "utf8").replace(/^```.*?^```$/gms, "");
}

/** As GitHub makes anchors of headings. */
function slug(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}
