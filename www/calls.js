// What was called: each call with its requests, the waits between them, and where they led. Only memory keeps it, and
// no token or secret is part of it.

import { connection } from "./connection.js";
import { redact, safeBody, safeHeaders, safeUrl } from "./redact.js";

/** As many calls are kept. */
const KEPT = 200;

/** Newest first: `{ id, name, at, link, requests, waits, state, ms }`. */
export const calls = [];
const listeners = new Set();
const retryListeners = new Set();
/** Requests that the package has not reported yet. */
const pending = [];
let counter = 0;
export let sent = 0;

export function onCalls(listener) {
  listeners.add(listener);
}

/** Calls the listener before each wait for another attempt; returns what ends that. */
export function onRetry(listener) {
  retryListeners.add(listener);
  return () => retryListeners.delete(listener);
}

export function forgetCalls() {
  calls.length = 0;
  changed(null);
}

/** Begins a call that a person made; `again` runs it again. Returns what ends it. */
export function beginCall(endpoint, link, again) {
  const call = newCall(endpoint.name, { link, again, key: endpoint.key });
  const start = performance.now();
  return (state) => {
    call.state = state;
    call.ms = performance.now() - start;
    changed(call);
  };
}

/** The `fetch` of every client: notes what is sent and what comes back. */
export async function recordingFetch(url, init = {}) {
  const exchange = {
    at: new Date(),
    start: performance.now(),
    method: init.method ?? "GET",
    address: url,
    url: safeUrl(url, origins()),
    headers: safeHeaders(init.headers),
    body: safeBody(init.body),
    attempt: 1,
  };
  sent += 1;
  pending.push(exchange);
  try {
    const response = await fetch(url, init);
    Object.assign(exchange, {
      ms: performance.now() - exchange.start,
      status: response.status,
      replyHeaders: safeHeaders(response.headers),
      redirect: response.redirected ? safeUrl(response.url, origins()) : undefined,
    });
    return response;
  } catch (error) {
    Object.assign(exchange, { ms: performance.now() - exchange.start, failure: init.signal?.aborted ? "stopped" : "no response" });
    take(exchange);
    place(exchange, undefined);
    throw error;
  }
}

/** What the package tells of a response. */
export function recordResponse(info) {
  const exchange = take(pending.findLast((one) => one.method === info.method && one.status === info.status && one.address.startsWith(info.url.split("?")[0])));
  if (exchange === undefined) return;
  const { attempt, bucket, remaining, quota, requestId } = info;
  Object.assign(exchange, { attempt, bucket, remaining, quota, requestId });
  place(exchange, info.endpoint);
}

/** What the package tells of a wait before another attempt. */
export function recordRetry(info) {
  for (const listener of retryListeners) listener(info);
  const call = callOf(info.endpoint);
  call.steps.push({ wait: info.wait, reason: redact(info.reason), status: info.status, attempt: info.attempt });
  changed(call);
}

function take(exchange) {
  if (exchange === undefined) return undefined;
  pending.splice(pending.indexOf(exchange), 1);
  const { address, ...kept } = exchange;
  return kept;
}

function place(exchange, name) {
  const call = callOf(name);
  call.steps.push(exchange);
  call.last = exchange;
  changed(call);
}

/** The call under way that a request belongs to; else one of its own, as what an agent calls. */
function callOf(name) {
  const running = calls.filter(({ state }) => state === "running");
  const found = running.find((call) => call.name === name) ?? running[0];
  if (found !== undefined) return found;
  const last = calls[0];
  // The attempts of one call that no person made.
  if (last?.again === undefined && last?.name === name && last.steps.at(-1)?.wait !== undefined) return last;
  return newCall(name ?? "request", { state: "done" });
}

function newCall(name, more) {
  counter += 1;
  const call = { id: counter, name, at: new Date(), steps: [], last: undefined, state: "running", ...more };
  calls.unshift(call);
  calls.length = Math.min(calls.length, KEPT);
  changed(call);
  return call;
}

function changed(call) {
  for (const listener of listeners) listener(call);
}

function origins() {
  return [connection.hubUrl, connection.routerUrl].map((address) => new URL(address).origin);
}
