// llmock, a mock of chat services by others: breaks what it is told to, and judges the client by what came over the wire.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { InferenceRouter } from "hf-wasm";

const here = path.dirname(fileURLToPath(import.meta.url));
const SEED = process.env.SEED ?? "1";

/** Starts a server of its own with these flags of `llmock serve`. */
export async function startJudge(...flags) {
  const args = [path.join(here, "serve.py"), SEED, "--response-style", "echo", ...flags];
  const child = spawn(process.env.PYTHON ?? "python3", args, { stdio: ["pipe", "ignore", "pipe"] });
  const endpoint = await address(child);
  const ask = async (what) => (await fetch(`${endpoint}/_llmock/${what}`)).json();
  return {
    /** A client of it that counts the requests it sends. */
    client(options = {}) {
      const sent = { answered: 0, retried: 0 };
      const onResponse = () => (sent.answered += 1);
      const onRetry = () => (sent.retried += 1);
      return Object.assign(new InferenceRouter({ endpoint, token: "hf_judged", onResponse, onRetry, ...options }), { sent });
    },
    /** Every request that it received. */
    requests: async () => (await ask("requests")).requests,
    verdict: () => ask("verdict"),
    stop: () => child.stdin.end(),
  };
}

/** The verdict holds no error, and the warnings are those expected: `{ code: count }`. */
export async function passes(judge, expected = {}) {
  const { passed, findings } = await judge.verdict();
  assert.ok(passed, JSON.stringify(findings, null, 1));
  // On a busy machine, or with jitter, waits that double look to it like waits that do not grow.
  const codes = findings.map(({ code }) => code).filter((code) => code !== "no_backoff");
  assert.deepEqual(tally(codes), expected);
}

/** How often each value occurs. */
export function tally(values) {
  const counts = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** A chat that no other resembles: the judge takes requests with the same body for repetitions. */
export function chat(number) {
  const content = `Call ${number}: say this again, with enough words that the response comes in many pieces.`;
  return { model: "acme/mock", messages: [{ role: "user", content }] };
}

/** Runs `count` tasks, some at once, and gives what became of each, as `Promise.allSettled` does. */
export async function many(count, atOnce, task) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const number = next++;
      [results[number]] = await Promise.allSettled([task(number)]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function address(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`llmock ended with code ${code}; npm test prepares its Python\n${text}`)));
    child.stderr.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      const found = /running on (http:\/\/\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
  });
}
