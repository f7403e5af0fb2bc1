// What came of the cells, as a table.

const MARKS = { passed: "ok", failed: "FAILED", absent: "not run" };

/** `rows` hold a cell's group, name, state, what to say of it, and its seconds. */
export function table(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = [];
  for (const group of new Set(rows.map((row) => row.group))) {
    lines.push("", group);
    for (const { name, state, said, seconds } of rows.filter((row) => row.group === group)) {
      const time = seconds === undefined ? "" : `${seconds.toFixed(0)} s`;
      lines.push(`  ${name.padEnd(width)}  ${MARKS[state].padEnd(7)}  ${time.padStart(5)}  ${said}`);
    }
  }
  return lines.join("\n");
}
