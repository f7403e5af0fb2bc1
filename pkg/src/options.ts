/** Options as callers write them, checked and in the one form that the core reads (src/web/options.rs). */
import type { CallOptions, ClientOptions, RetryPolicy, TimeLimits } from "./client.js";
import type { HeadersInit } from "./types/platform.js";

const CLIENT_OPTIONS = ["token", "endpoint", "fetch", "timeout", "maxResponseBytes", "pace", "retry", "headers", "onResponse", "onRetry", "policy", "approve", "approvalKey", "onCall", "audit", "session"];
const CALL_OPTIONS = ["signal", "timeout", "maxResponseBytes", "retry", "headers", "onProgress", "store"];
const TIMEOUTS = ["headers", "idle", "total"];
const RETRY = ["attempts", "maxDelay", "maxElapsed"];

type Header = [name: string, value: string];

/** Why options are refused. The core words the failure, and looks among the `known` names for what was meant. */
export class Refusal {
  constructor(
    readonly field: string,
    readonly problem: string,
    readonly known: string[] = [],
  ) {}
}

/**
 * The options of a client, or why they are refused. Functions stay here; the core hears only that they are there.
 * `headers` come before the caller's. `followsRedirects`: the runtime shows no redirect, and follows it. `recorded`: somebody hears of every response.
 */
export function clientOptions(options: ClientOptions, headers: Header[], followsRedirects: boolean, recorded: boolean): object {
  return checked(() => {
    checkNames(options, "", CLIENT_OPTIONS);
    const { endpoint, fetch, token, pace, onResponse } = options;
    if (typeof fetch !== "function") throw new Refusal("fetch", "must be a function");
    if (!isAbsent(token) && typeof token !== "string" && typeof token !== "function" && token !== false) {
      throw new Refusal("token", "must be a string or a function; null or false for none");
    }
    return {
      common: common(options, headers),
      endpoint: typeof endpoint === "string" ? endpoint : "",
      token: typeof token === "string" ? token : undefined,
      isTokenFunction: typeof token === "function",
      pace: Boolean(pace),
      followsRedirects,
      onResponse: recorded || typeof onResponse === "function",
      // Commits hear of every retry.
      onRetry: true,
    };
  });
}

/** The options of a call, or why they are refused; undefined if there are none for the core. */
export function callOptions(options: CallOptions | undefined): object | undefined {
  if (isAbsent(options)) return undefined;
  return checked(() => {
    checkNames(options, "", CALL_OPTIONS);
    const { signal, ...others } = options;
    if (!isAbsent(signal) && !isSignal(signal)) throw new Refusal("signal", "must be an AbortSignal");
    if (Object.values(others).every(isAbsent)) return undefined;
    const { onProgress, store } = others;
    if (!isAbsent(store) && !["get", "set", "delete"].every((name) => typeof (store as never)[name] === "function")) {
      throw new Refusal("store", "must have the methods get, set and delete");
    }
    return { common: common(options), onProgress: typeof onProgress === "function" };
  });
}

/** Whether this can be listened to as an `AbortSignal` can. */
export function isSignal(signal: unknown): signal is AbortSignal {
  const { addEventListener, removeEventListener } = Object(signal) as Partial<AbortSignal>;
  return typeof addEventListener === "function" && typeof removeEventListener === "function";
}

function checked<T>(read: () => T): T | { refusal: Refusal } {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Refusal) return { refusal: thrown };
    throw thrown;
  }
}

/** What clients and calls have in common. */
function common({ timeout, maxResponseBytes, retry, headers }: CallOptions, others: Header[] = []): object {
  return {
    timeout: timeouts(timeout),
    maxBytes: positive("maxResponseBytes", maxResponseBytes),
    retry: retryPolicy(retry),
    headers: [...others, ...headerPairs(headers)],
  };
}

/** Refuses an option that would be lost without a word. `owner` is the option that they belong to, if any. */
function checkNames(options: unknown, owner: string, known: string[]): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) throw new Refusal("options", "must be an object");
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !known.includes(name)) throw new Refusal(owner + name, "is not an option", known);
  }
}

/** A number is the limit of the whole call. */
function timeouts(given: number | TimeLimits | undefined): object {
  if (typeof given !== "object" || given === null) return { total: positive("timeout", given) };
  checkNames(given, "timeout.", TIMEOUTS);
  const { headers, idle, total } = given;
  return { headers: positive("timeout.headers", headers), idle: positive("timeout.idle", idle), total: positive("timeout.total", total) };
}

/** `false` sends once; absent members are the usual ones. */
function retryPolicy(given: RetryPolicy | boolean | undefined): object | undefined {
  if (isAbsent(given)) return undefined;
  if (typeof given === "boolean") return given ? {} : { attempts: 1, maxElapsed: 0 };
  if (typeof given !== "object") throw new Refusal("retry", "must be false or { attempts, maxDelay, maxElapsed }");
  checkNames(given, "retry.", RETRY);
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !(typeof value === "number" && value >= 0)) {
      throw new Refusal(`retry.${name}`, "must be a number of 0 or more");
    }
  }
  return { ...given };
}

/** Names in lower case, and values. */
export function headerPairs(given: HeadersInit | undefined): Header[] {
  if (isAbsent(given)) return [];
  const isRecord = typeof given === "object" && [null, "Object"].includes(Object.getPrototypeOf(given)?.constructor?.name ?? null);
  const isIterable = typeof given === "object" && Symbol.iterator in given;
  const pairs: unknown[] = isIterable ? [...given] : isRecord ? Object.entries(given) : [undefined];
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new Refusal("headers", "must be Headers, a list of pairs, or an object of strings");
  }
  return (pairs as [string, unknown][]).map(([name, value]) => {
    if (typeof value !== "string") throw new Refusal(`headers.${name}`, "must be a string");
    return [String(name).toLowerCase(), value];
  });
}

function positive(name: string, given: unknown): number | undefined {
  if (isAbsent(given)) return undefined;
  if (typeof given === "number" && given > 0) return given;
  throw new Refusal(name, "must be a number above 0");
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
