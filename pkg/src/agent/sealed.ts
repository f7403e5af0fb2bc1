/** Tokens of calls that wait for approval: what they hold, encrypted and decrypted. */
import type { CryptoKey } from "../types/platform.js";
import type { ApprovalKey } from "./approval.js";

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

/** Characters of a token; what carries large files is not written down. */
const LONGEST = 1_000_000;
/** Bytes before the text that is encrypted: those that make no two texts alike. */
const NONCE = 12;
const BYTES = "$base64";

export async function encrypt(stage: Stage, payload: Payload, key: ApprovalKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt(algorithm(stage, iv), await derived(key), bytesOf(JSON.stringify(payload)));
  const token = encode(iv) + encode(new Uint8Array(sealed));
  if (token.length > LONGEST) throw new TypeError("the call is too large to be deferred");
  return token;
}

export async function decrypt(stage: Stage, token: string, key: ApprovalKey): Promise<Payload> {
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
export async function packed(value: unknown): Promise<unknown> {
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

export function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  const bytes = (value as Record<string, unknown>)[BYTES];
  if (typeof bytes === "string") return decode(bytes);
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, unpacked(property)]));
}
