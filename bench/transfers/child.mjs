// One transfer in a fresh Node: `node child.mjs CLIENT TASK ARGUMENTS`, which are JSON, those of a small transfer first. It
// says when it is ready, and when it is done; at each, whoever started it looks at the process, and lets it go on.

import { once } from "node:events";

const [client, task, given] = process.argv.slice(2);
const run = (await import(`./${client}.mjs`)).tasks[task];
const [small, large] = JSON.parse(given);
// What is loaded once is no matter of the size.
await run(...small);
await said("ready");
await run(...large);
await said("done");
process.exit();

async function said(word) {
  process.stdout.write(`${word}\n`);
  await once(process.stdin, "data");
}
