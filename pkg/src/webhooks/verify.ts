/** Whether a request is a delivery of the Hub: its secret, its size, its payload. */
import type { Request } from "../types/platform.js";
import { hex } from "../hex.js";
import { eventOf, type WebhookEvent } from "./event.js";

export interface VerifyOptions {
  /** The secret that the webhook was registered with; several while one takes the place of another. */
  secret: string | readonly string[];
  /** Bytes of a body. Default 1 MiB. */
  maxBytes?: number | undefined;
}

/** A request that is no delivery of the Hub. `status` is the one to respond with. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  constructor(
    /** 401 without a secret, 403 with a wrong one, 405, 413, or 400 for a body that is no payload of version 3. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const ENCODER = new TextEncoder();

/**
 * The event of a request. Rejects with a `WebhookError` whose `status` is the one to respond with. Nothing of the body is read
 * before the secret is known to be right.
 */
export async function verifyWebhook(request: Request, options: VerifyOptions): Promise<WebhookEvent> {
  return (await verified(request as globalThis.Request, secretsOf(options), options.maxBytes)).event;
}

/** The secrets of the options. None, or an empty one, would let everybody in. */
export function secretsOf({ secret }: VerifyOptions): string[] {
  const secrets = typeof secret === "string" ? [secret] : [...(secret ?? [])];
  if (secrets.length > 0 && secrets.every((one) => typeof one === "string" && one !== "")) return secrets;
  throw new TypeError("secret: must be a string, or a list of strings, none of them empty");
}

/** @internal The event, and the SHA-256 of the body. */
export async function verified(request: globalThis.Request, secrets: string[], maxBytes = 1 << 20): Promise<{ event: WebhookEvent; digest: string }> {
  if (request.method !== "POST") throw new WebhookError(405, "A webhook is delivered by POST");
  const given = request.headers.get("x-webhook-secret");
  if (given === null) throw new WebhookError(401, "The header X-Webhook-Secret is missing");
  if (!(await isOneOf(given, secrets))) throw new WebhookError(403, "X-Webhook-Secret is wrong");
  const bytes = await read(request, maxBytes);
  const event = parsed(bytes);
  if (!event) throw new WebhookError(400, "The body is no webhook payload of version 3");
  return { event, digest: hex(await sha256(bytes)) };
}

/** Compares digests, all of each and of every secret, so that the time reveals nothing of where they differ. */
async function isOneOf(given: string, secrets: string[]): Promise<boolean> {
  const [own, ...known] = await Promise.all([given, ...secrets].map((secret) => sha256(ENCODER.encode(secret))));
  let found = false;
  for (const secret of known) {
    let difference = 0;
    for (const [at, byte] of secret.entries()) difference |= byte ^ (own?.[at] ?? 256);
    found = difference === 0 || found;
  }
  return found;
}

/** The whole body, unless it is longer than it may be. */
async function read(request: globalThis.Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = () => new WebhookError(413, `The body is longer than ${maxBytes} bytes`);
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLong();
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > maxBytes) {
      // How the rest is dropped is no concern of the response.
      reader.cancel().catch(() => {});
      throw tooLong();
    }
    pieces.push(piece.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function parsed(bytes: Uint8Array): WebhookEvent | undefined {
  try {
    return eventOf(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
