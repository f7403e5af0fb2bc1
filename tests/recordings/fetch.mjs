// A `fetch` that answers with a recording, and what it was asked.

import assert from "node:assert/strict";

/** Headers that describe the bytes of the recorded connection, not the ones given here. */
const OF_THE_CONNECTION = ["content-length", "content-encoding", "transfer-encoding", "connection"];

/** `preupload` answers a commit's first question. */
export function recordedFetch(recorded, preupload) {
  const requests = [];
  const fetch = async (url, init = {}) => {
    requests.push({
      url: String(url),
      method: init.method ?? "GET",
      headers: new Headers(init.headers),
      body: init.body,
    });
    return response(preupload && String(url).includes("/preupload/") ? preupload : recorded);
  };
  return { fetch, requests };
}

function response({ status, headers, body, pieces }) {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name.toLowerCase()));
  const text = body ?? (status >= 400 ? (headers["x-error-message"] ?? "") : "");
  return new Response(pieces ? streamed(pieces) : text, { status, headers: kept });
}

function streamed(pieces) {
  const left = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** What went out is what was recorded, as far as the call has the same address. */
export function sameRequest(call, { request }, requests) {
  const sent = requests.at(-1);
  assert.equal(sent.headers.get("authorization"), null, "no token was given");
  if (request.url === null) return;
  assert.equal(sent.method, request.method);
  if (call.on === "hub") assert.equal(comparable(sent.url), comparable(request.url));
  if (!request.body) return;
  if (call.name === "commit") assert.deepEqual(lines(sent.body), lines(request.body));
  else if (call.on === "hub") assert.deepEqual(JSON.parse(sent.body), JSON.parse(request.body));
  else sameRouterBody(call, JSON.parse(sent.body), JSON.parse(request.body));
}

/** Recorded bodies may also name a model or carry options of older clients. */
function sameRouterBody(call, sent, recorded) {
  const { stream, ...members } = sent;
  assert.equal(stream ?? false, call.form === "events");
  if (call.name.startsWith("chat")) {
    for (const [name, value] of Object.entries(members)) {
      if (name in recorded) assert.deepEqual(value, recorded[name], name);
    }
    return;
  }
  assert.deepEqual(members.inputs, recorded.inputs);
  assert.deepEqual(members.parameters, recorded.parameters);
}

function comparable(address) {
  const url = new URL(address);
  const query = [...url.searchParams].map(([key, value]) => `${key.replace("[]", "")}=${value}`).sort();
  return [url.host + decodeURIComponent(url.pathname), ...query].join(" ");
}

function lines(ndjson) {
  return ndjson
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
