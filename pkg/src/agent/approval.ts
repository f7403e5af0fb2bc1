/** A call that waits for a person, written down as a token: encrypted with the owner's key, so nobody else can make, read or change one. */
import type { Client, ClientOptions } from "../client.js";
import { internals } from "../client.js";
import { HUB, ROUTER } from "../generated/rows.js";
import type { ApprovalRequest, Deferred } from "./record.js";
import { Secrets } from "../secrets.js";
import { sentence } from "./sentence.js";
import { shown } from "./shown.js";
import type { CryptoKey } from "../types/platform.js";

/** The owner's key: a secret of at least 32 characters, or a `CryptoKey` for HMAC that may sign. */
export type ApprovalKey = string | CryptoKey;

/** Where it is noted which approvals were used. Redis, a worker's KV, or a `Map` in memory. */
export interface ApprovalStore {
  get(key: string): unknown | Promise<unknown>;
  /** `ttl`: milliseconds for which the value must be kept. */
  set(key: string, value: string, options: { ttl: number }): unknown | Promise<unknown>;
  /** Adds to a number, 0 at first, and gives the sum, in one step. Without it, two that resume at the same moment may both pass. */
  increment?(key: string, by: number, options: { ttl: number }): number | Promise<number>;
}

/** A call that waits for approval, as its token states. */
export interface PendingApproval {
  id: string;
  agent?: string | undefined;
  endpoint: string;
  /** Base URL of the API. */
  baseUrl: string;
  rule: string;
  /** Without secrets. */
  params: Record<string, unknown>;
  /** Made anew of the parameters: `Delete the repository acme/x with all its files`. */
  sentence: string;
  expires: Date;
}

interface Payload {
  id: string;
  agent?: string | undefined;
  router: boolean;
  baseUrl: string;
  endpoint: string;
  params: Record<string, unknown>;
  rule: string;
  /** Milliseconds since 1970. */
  expires: number;
}

type Stage = "pending" | "approved";

const DAY = 86_400;
/** Characters of a token; what carries large files is not written down. */
const LONGEST = 1_000_000;
/** Bytes before the text that is encrypted: those that make no two texts alike. */
const NONCE = 12;
const BYTES = "$base64";

/** Writes a call down. @internal */
export async function writeDown(call: Omit<ApprovalRequest, "params" | "defer"> & { router: boolean; params: Record<string, unknown> }, options: ClientOptions, expiresIn = DAY): Promise<Deferred> {
  if (options.approvalKey === undefined) throw new TypeError("defer() needs the option approvalKey");
  const { id, agent, router, endpoint, rule } = call;
  const params = (await packed(call.params)) as Record<string, unknown>;
  const payload: Payload = { id, agent, router, baseUrl: options.endpoint ?? "", endpoint, params, rule, expires: Date.now() + expiresIn * 1000 };
  return { pending: await encrypt("pending", payload, options.approvalKey) };
}

/**
 * Reads a call that waits for approval, so that a person can decide. What was not made with this key, was changed, or is
 * too old, is refused.
 */
export async function readPending(token: string, { key }: { key: ApprovalKey }): Promise<PendingApproval> {
  const { router, expires, params, ...call } = await decrypt("pending", token, key);
  const template = (router ? ROUTER : HUB)[call.endpoint]?.[3] ?? `Call|Called ${call.endpoint}`;
  return { ...call, params: shown(params, new Secrets()), sentence: sentence(template, params, false), expires: new Date(expires) };
}

/**
 * Approves a call: makes the token with which it can be resumed, once.
 *
 * @param options - `expiresIn`: seconds for which it may be resumed. Default: an hour.
 */
export async function approvePending(token: string, { key, expiresIn = 3600 }: { key: ApprovalKey; expiresIn?: number | undefined }): Promise<string> {
  const payload = await decrypt("pending", token, key);
  return await encrypt("approved", { ...payload, expires: Date.now() + expiresIn * 1000 }, key);
}

/**
 * Makes a call that was approved, in this process or another. The policy is asked once more: what it has come to deny
 * stays denied. With a `store`, an approval is used once; without one it may be used until it expires.
 */
export async function resume<T = unknown>(client: Client, approval: string, { key, store }: { key: ApprovalKey; store?: ApprovalStore | undefined }): Promise<T> {
  const { id, router, baseUrl, endpoint, params, expires } = await decrypt("approved", approval, key);
  const own = internals(client);
  if (own.router !== router || own.options.endpoint !== baseUrl) throw new TypeError("the approval is for a client of another API or base URL");
  if (store) {
    const [used, options] = [`hf-wasm:approval:${id}`, { ttl: expires - Date.now() }];
    const wasUsed = store.increment ? (await store.increment(used, 1, options)) > 1 : (await store.get(used)) != null;
    if (wasUsed) throw new TypeError("the approval was used before");
    if (!store.increment) await store.set(used, "used", options);
  }
  return (await own.call(endpoint, unpacked(params) as object)) as T;
}

async function encrypt(stage: Stage, payload: Payload, key: ApprovalKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt(algorithm(stage, iv), await derived(key), bytesOf(JSON.stringify(payload)));
  const token = encode(iv) + encode(new Uint8Array(sealed));
  if (token.length > LONGEST) throw new TypeError("the call is too large to be deferred");
  return token;
}

async function decrypt(stage: Stage, token: string, key: ApprovalKey): Promise<Payload> {
  const secret = await derived(key);
  const bytes = decode(String(token));
  const text = await crypto.subtle.decrypt(algorithm(stage, bytes.subarray(0, NONCE)), secret, bytes.subarray(NONCE)).catch(() => {
    throw new TypeError(`this is no ${stage} call made with this key`);
  });
  const payload = JSON.parse(new TextDecoder().decode(text)) as Payload;
  if (payload.expires <= Date.now()) throw new TypeError(`the ${stage} call has expired`);
  return payload;
}

/** The stage is bound to the text: a call that waits is not one that was approved. */
function algorithm(stage: Stage, iv: Uint8Array<ArrayBuffer>) {
  return { name: "AES-GCM", iv, additionalData: bytesOf(stage) };
}

/** The key that encrypts, which is made of the owner's. */
async function derived(key: ApprovalKey): Promise<CryptoKey> {
  if (typeof key === "string" && key.length < 32) throw new TypeError("the key must have 32 characters or more");
  const own = typeof key === "string" ? await crypto.subtle.importKey("raw", bytesOf(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]) : key;
  const made = await crypto.subtle.sign("HMAC", own, bytesOf("hf-wasm approvals"));
  return await crypto.subtle.importKey("raw", made.slice(0, 16), "AES-GCM", false, ["encrypt", "decrypt"]);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes; none where the text is no base64. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** Parameters as JSON has them. */
async function packed(value: unknown): Promise<unknown> {
  if (value instanceof Blob) return { [BYTES]: encode(new Uint8Array(await value.arrayBuffer())) };
  if (value instanceof ArrayBuffer) return { [BYTES]: encode(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return { [BYTES]: encode(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (Array.isArray(value)) return await Promise.all(value.map(packed));
  if (typeof value !== "object" || value === null) return value;
  // It would come back as something else than what was shown.
  if (BYTES in value) throw new TypeError(`a call with a property ${BYTES} cannot be deferred`);
  const properties = Object.entries(value).map(async ([name, property]) => [name, await packed(property)] as const);
  return Object.fromEntries(await Promise.all(properties));
}

function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  const bytes = (value as Record<string, unknown>)[BYTES];
  if (typeof bytes === "string") return decode(bytes);
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, unpacked(property)]));
}
