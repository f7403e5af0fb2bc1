// The program that does what the panel does.

import { connection, hasToken } from "../connection.js";
import { literal, options } from "../code/javascript.js";

export function agentCode({ model, routerUrl, messages, policy, maxTurns }) {
  return [
    'import { Hub, InferenceRouter } from "hf-wasm";',
    'import { runTools, tools } from "hf-wasm/agent";',
    "",
    `const policy = ${literal(policy)};`,
    `const router = new InferenceRouter(${routerUrl === connection.routerUrl ? options("router") : literal({ endpoint: routerUrl, token: null })});`,
    "const hub = new Hub({",
    ...(hasToken() ? ['  token: "hf_…",'] : []),
    ...(connection.mode === "real" ? [] : [`  endpoint: ${JSON.stringify(connection.hubUrl)},`]),
    "  policy,",
    "  approve: ({ sentence }) => confirm(sentence),",
    "  onCall: ({ decision, sentence }) => console.log(decision, sentence),",
    "});",
    "",
    "const run = runTools({",
    "  router,",
    `  model: ${JSON.stringify(model)},`,
    "  tools: await tools({ hub }),",
    `  messages: ${literal(messages, "  ")},`,
    `  maxTurns: ${literal(maxTurns)},`,
    "});",
    'for await (const step of run) if (step.type === "text") console.log(step.text);',
  ].join("\n");
}
