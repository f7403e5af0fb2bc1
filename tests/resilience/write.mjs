// `npm run faults`: runs the matrix in every runtime and writes docs/faults.md.

import { RUNTIMES, runMatrix } from "./matrix.mjs";
import { write } from "./report.mjs";

const runs = {};
for (const runtime of Object.keys(RUNTIMES)) runs[runtime] = await runMatrix(runtime);
write(runs);
const problems = Object.values(runs).flatMap((cells) => cells.flatMap(({ problems }) => problems));
for (const problem of problems) console.error(problem);
console.log(`docs/faults.md is written; ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
