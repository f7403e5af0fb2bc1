/** A measure as Markdown. */
export function table({ title, head, rows }) {
  const lines = [head, head.map((_, column) => (column === 0 ? "---" : "---:")), ...rows];
  return [`### ${title}`, "", ...lines.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** All goals, and which of them are reached. */
export function goals(results) {
  const rows = results.flatMap(({ goals }) => goals).map(({ what, most, here }) => [what, most, here.toFixed(2), verdict(here / most)]);
  return table({ title: "Goals", head: ["", "at most", "here", ""], rows });
}

function verdict(share) {
  return share <= 1 ? "reached" : `**missed by ${((share - 1) * 100).toFixed(0)} %**`;
}
