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

const DAY = 86_400;
/** Tokens are made and read by what is loaded with the first of them. */
const sealing = () => import("./sealed.js");

/** Writes a call down. @internal */
export async function writeDown(call: Omit<ApprovalRequest, "params" | "defer"> & { router: boolean; params: Record<string, unknown> }, options: ClientOptions, expiresIn = DAY): Promise<Deferred> {
  if (options.approvalKey === undefined) throw new TypeError("defer() needs the option approvalKey");
  const { encrypt, packed } = await sealing();
  const { id, agent, router, endpoint, rule } = call;
  const params = (await packed(call.params)) as Record<string, unknown>;
  const payload = { id, agent, router, baseUrl: options.endpoint ?? "", endpoint, params, rule, expires: Date.now() + expiresIn * 1000 };
  return { pending: await encrypt("pending", payload, options.approvalKey) };
}

/**
 * Reads a call that waits for approval, so that a person can decide. What was not made with this key, was changed, or is
 * too old, is refused.
 */
export async function readPending(token: string, { key }: { key: ApprovalKey }): Promise<PendingApproval> {
  const { decrypt } = await sealing();
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
  const { decrypt, encrypt } = await sealing();
  const payload = await decrypt("pending", token, key);
  return await encrypt("approved", { ...payload, expires: Date.now() + expiresIn * 1000 }, key);
}

/**
 * Makes a call that was approved, in this process or another. The policy is asked once more: what it has come to deny
 * stays denied. With a `store`, an approval is used once; without one it may be used until it expires.
 */
export async function resume<T = unknown>(client: Client, approval: string, { key, store }: { key: ApprovalKey; store?: ApprovalStore | undefined }): Promise<T> {
  const { decrypt, unpacked } = await sealing();
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
