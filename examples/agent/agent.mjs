// An agent that works on the Hub under a policy. A model gets the endpoints as tools; policy.json says what it may do, and
// what it has to ask you about. Every call is written to calls.ndjson, also those that were denied.
//
// Run it:  HF_TOKEN=… node agent.mjs "Find the three most downloaded BERT models and write them into alice/notes"
//
// MODEL names another model of the router. With `npm start` of the repository: HF_ENDPOINT=http://127.0.0.1:8787
// HF_INFERENCE_ENDPOINT=http://127.0.0.1:8787/router HF_TOKEN=hf_emulator_write MODEL=emulator/echo.

import { appendFile, readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";

import { Hub, InferenceRouter } from "hf-wasm";
import { ndjson, runTools, tools } from "hf-wasm/agent";

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const governed = {
  policy: JSON.parse(await readFile(new URL("policy.json", import.meta.url), "utf8")),
  approve: async ({ sentence }) => (await terminal.question(`Allow: ${sentence}? (y/n) `)).trim() === "y" || "a person declined",
  onCall: ndjson((line) => appendFile("calls.ndjson", line)),
};
const hub = new Hub(governed);
const router = new InferenceRouter(governed);

const run = runTools({
  router,
  model: process.env.MODEL ?? "openai/gpt-oss-120b:fastest",
  messages: [
    { role: "system", content: "You work on the Hugging Face Hub. Use the tools. Say at the end in one sentence what you did." },
    { role: "user", content: process.argv[2] ?? "List models, search: bert, limit: 3" },
  ],
  tools: await tools({ hub }),
  maxTurns: 10,
  maxTokens: 100_000,
});

for await (const step of run) {
  if (step.type === "text") process.stdout.write(step.text);
  if (step.type === "call") console.log(`\n→ ${step.name} ${step.arguments}`);
  if (step.type === "result" && step.result.isError) console.log(`  ${step.result.text}`);
}
const { reason, usage } = await run;
console.log(`\n${reason}: ${usage.turns} turns`);
terminal.close();
await hub.flushRecords();
