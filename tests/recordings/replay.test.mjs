// Every recorded interaction that belongs to one of our calls, replayed through an injected `fetch`:
// the right request goes out, and the right result or the right error comes back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { callOf } from "./calls.mjs";
import { interactions, missing } from "./read.mjs";
import { expectedError } from "./errors.mjs";
import { recordedFetch, sameRequest } from "./fetch.mjs";
import { chunksOf, splits } from "./streams.mjs";

test("recorded interactions", { skip: missing() }, async (context) => {
  const { Hub, InferenceRouter } = await import("hf-wasm");
  const all = interactions();
  const passed = new Map();
  let replayed = 0;
  for (const interaction of all) {
    const call = callOf(interaction);
    const reason =
      call.passed ??
      (call.form === "redirect" && !target(interaction, all) && "a redirect whose target was not recorded");
    if (reason) {
      passed.set(reason, [...(passed.get(reason) ?? []), interaction.id]);
      continue;
    }
    const client = (fetch) => new (call.on === "hub" ? Hub : InferenceRouter)({ fetch, retry: false });
    await context.test(`${interaction.id} ${call.name}`, () => replay(call, interaction, all, client));
    replayed += 1;
  }
  context.diagnostic(`${replayed} of ${all.length} interactions replayed`);
  for (const [reason, ids] of passed) context.diagnostic(`${ids.length} passed over: ${reason} (${ids.join(", ")})`);
  assert.ok(replayed > 80, "more than 80 interactions are ours");
});

async function replay(call, interaction, all, client) {
  const { response } = interaction;
  if (call.form === "events" && response.status === 200) return replayStream(call, interaction, client);
  const answer = call.form === "redirect" ? target(interaction, all) : interaction;
  // Images were recorded without their bytes.
  const given = call.form === "bytes" && answer.response.body === "" ? { ...answer.response, body: "JPEG" } : answer.response;
  const { fetch, requests } = recordedFetch(given, preuploadBefore(call, interaction, all));
  const result = run(client(fetch), call);
  if (response.status >= 400) await assert.rejects(result, expectedError(call, response));
  else checkResult(call, given, await result);
  sameRequest(call, interaction, requests);
}

/** The result; of a list the first page, of a stream the list of its chunks. */
async function run(client, call) {
  const result = client[call.name](call.params);
  if (call.form !== "events") return await result;
  const chunks = [];
  for await (const chunk of result) chunks.push(chunk);
  return chunks;
}

function checkResult(call, { headers, body }, result) {
  if (call.form === "empty") return assert.equal(result, undefined);
  if (call.form === "bytes") {
    assert.equal(result.type, headers["content-type"]);
    return assert.equal(result.size, body.length);
  }
  const recorded = JSON.parse(body);
  if (call.form === "numbered") {
    assert.deepEqual(result.items, recorded.discussions);
    return assert.ok(result.next, "183 discussions are more than a page");
  }
  if (call.form === "pages") {
    assert.deepEqual(result.items, recorded);
    return assert.equal(Boolean(result.next), Boolean(headers.link));
  }
  return assert.deepEqual(result, call.name === "commit" ? { ...recorded, skipped: [], ignored: [], warnings: [] } : recorded);
}

/** The stream whole, cut in two at many places, and byte by byte. */
async function replayStream(call, interaction, client) {
  const { chunks, error } = chunksOf(interaction.response.body);
  for (const pieces of splits(interaction.response.body)) {
    const { fetch, requests } = recordedFetch({ ...interaction.response, body: null, pieces });
    const received = [];
    const reading = (async () => {
      for await (const chunk of client(fetch)[call.name](call.params)) received.push(chunk);
    })();
    if (error === undefined) await reading;
    else await assert.rejects(reading, (thrown) => thrown.kind !== "protocol" && thrown.message.includes(error));
    assert.deepEqual(received, chunks);
    sameRequest(call, interaction, requests);
  }
}

/** What stands where a recorded redirect leads. */
function target({ request, response }, all) {
  const address = new URL(response.headers.location ?? redirectionIn(response.body), request.url).href;
  return all.find((other) => other.request.url === address && other.response.status === 200);
}

/** The body of a redirect repeats the address. */
function redirectionIn(body) {
  return /Redirecting to (\S+)/.exec(body)?.[1] ?? "/nowhere";
}

/** A commit asks preupload first: the recorded answer that came before it. */
function preuploadBefore(call, interaction, all) {
  if (call.name !== "commit") return undefined;
  const before = all.slice(0, all.indexOf(interaction)).reverse();
  return before.find((other) => other.request.url?.includes("/preupload/")).response;
}
