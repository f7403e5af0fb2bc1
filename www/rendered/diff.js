// The difference of two texts, by the library `diff`, which is loaded when one is shown.

import { fill, h } from "../dom.js";

/** Longer texts are not compared: it would take too long. */
const LONGEST = 400_000;

/** `before` is null where there is no such file yet. */
export async function showDiff(element, path, before, after) {
  if ((before ?? "").includes("\0") || after.includes("\0")) {
    fill(element, h("p.muted", {}, "A binary file: there is no text to compare."));
    return;
  }
  if ((before ?? "").length + after.length > LONGEST) {
    fill(element, h("p.muted", {}, "Too long to compare here."));
    return;
  }
  if (before === after) {
    fill(element, h("p.muted", {}, "Unchanged."));
    return;
  }
  const { structuredPatch } = await import("diff");
  const { hunks } = structuredPatch(path, path, before ?? "", after, "", "", { context: 3 });
  showHunks(element, hunks, before === null ? "New file" : undefined);
}

function showHunks(element, hunks, title) {
  const lines = hunks.flatMap(({ oldStart, newStart, lines: own }) => [`@@ ${oldStart} → ${newStart} @@`, ...own]);
  fill(element, title === undefined ? null : h("p.muted", {}, title), diffLines(lines));
}

/** Lines of a diff, coloured by their first letter; a screen reader hears the letter. */
export function diffLines(lines) {
  const kind = (line) => (line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : line.startsWith("@@") ? "place" : "same");
  return h("pre.code.diff", { tabindex: "0", "aria-label": "Difference" }, lines.map((line) => h(`span.${kind(line)}`, {}, `${line}\n`)));
}
