// Every recorded reply satisfies its declared type.

import assert from "node:assert/strict";
import { test } from "node:test";

import { callOf } from "../recordings/calls.mjs";
import { interactions, missing } from "../recordings/read.mjs";
import { complaints } from "./check.mjs";

/** What single providers add to a completion; callers reach it by `raw`. */
const PROVIDERS_OWN = ["kv_transfer_params", "metadata", "prompt", "prompt_logprobs", "service_tier", "sla_metrics"];

/** Vectors of texts, and of their tokens. */
const TYPES = { Embeddings: "Embeddings<number[] | number[][] | number[][][]>" };

test("every recorded reply satisfies its type", { skip: missing() }, (context) => {
  const values = interactions().flatMap((interaction) => {
    const call = callOf(interaction);
    if (call.passed || interaction.response.status !== 200) return [];
    return valuesOf(call, interaction.response.body).map((value) => ({ id: interaction.id, type: TYPES[call.reply] ?? call.reply, value }));
  });
  context.diagnostic(`${values.length} recorded replies of ${new Set(values.map(({ type }) => type)).size} types`);
  assert.equal(complaints("recorded", values, PROVIDERS_OWN), "");
  assert.ok(values.length > 50, "the recordings hold more than 50 typed replies");
});

test("a reply of another shape is refused", () => {
  const wrong = { id: "made up", type: "ModelInfo", value: { _id: "1", id: "acme/x", likes: "many" } };
  const unknown = { id: "made up", type: "Refs", value: { branches: [], tags: [], converts: [], novelty: 1 } };
  assert.match(complaints("wrong", [wrong]), /Type 'string' is not assignable to type 'number'/);
  assert.match(complaints("unknown", [unknown]), /novelty/);
});

function valuesOf(call, body) {
  if (call.reply === "CommitResult") return [{ ...JSON.parse(body), skipped: [], ignored: [], warnings: [] }];
  if (call.form === "json") return [JSON.parse(body)];
  if (call.form === "pages") return JSON.parse(body);
  if (call.form === "numbered") return JSON.parse(body).discussions;
  if (call.form === "events") return chunks(body);
  return [];
}

/** The data of a recorded stream; an error in mid-stream is no chunk. */
function chunks(body) {
  return body
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim())
    .filter((data) => data !== "[DONE]" && !data.startsWith('{"error"'))
    .map((data) => JSON.parse(data));
}
