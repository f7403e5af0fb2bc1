/** A request and its response, as the core asks for them. What `fetch` gives may be a stand-in: nothing of it is trusted. */
import { type Body, named, opened, Senseless } from "./body.js";
import { words } from "./words.js";

/** How a body is read whole; the numbers are the core's. */
const JSON_VALUE = 0;
const TEXT = 1;
const BYTES = 2;
const BLOB = 3;
export type How = typeof JSON_VALUE | typeof TEXT | typeof BYTES | typeof BLOB;
/** For a response whose body cannot be read piece by piece, as that of a stand-in for a `Response`. */
const WHOLE = ["json", "text", "arrayBuffer", "blob"] as const;

/** JSON of more bytes than this is searched for its depth before it is parsed. */
const SHALLOW = 1 << 20;
/** Lists and objects within each other that JSON may have: beyond, a parser's memory is many times the text's. */
const DEEPEST = 1000;

export const decoder = new TextDecoder();

export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** What is sent. */
export interface Outgoing {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: BodyInit | undefined;
  redirect: RequestRedirect;
}

/** The exchange under way; a call has one at a time. */
export class Exchange {
  readonly #send: Send;
  #stop: AbortController | undefined;
  #body: Body | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  async begin({ url, method, headers, body, redirect }: Outgoing): Promise<Response> {
    this.close();
    const { signal } = (this.#stop = new AbortController());
    const init: RequestInit = { method, headers, signal, redirect };
    if (body !== undefined) init.body = body;
    const response = await this.#send(url, init);
    // A `fetch` that heeds no signal may answer when nobody waits any more.
    if (signal.aborted) discard(response);
    return checked(response);
  }

  /** Closes the connection. A `fetch` that heeds no signal notices that its body is cancelled. */
  close(): void {
    this.#stop?.abort();
    this.#body?.cancel();
    this.#stop = this.#body = undefined;
  }

  /** The next bytes of a body; undefined at its end. */
  async piece(response: Response): Promise<Uint8Array | undefined> {
    this.#body ??= open(response);
    if (response.body === null) return undefined;
    if (!this.#body) throw new Senseless("the answer has no body");
    return await this.#body.read();
  }

  /** Reads a body, of no more than `most` bytes; `moved` hears of each piece. */
  async whole(response: Response, how: How, most: number, moved: () => void): Promise<unknown> {
    const body = open(response);
    if (!body && response.body !== null) return await otherwise(response, how);
    this.#body = body;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for (;;) {
      const piece = await body?.read();
      if (!piece) break;
      moved();
      size += piece.byteLength;
      if (size > most) {
        this.close();
        throw new Senseless(`the answer is longer than ${most} bytes (maxResponseBytes)`);
      }
      pieces.push(piece);
    }
    if (body && how !== TEXT) complete(response, size);
    if (how === BYTES) return joined(pieces, size);
    const type = header(response, "content-type") ?? "";
    if (how === BLOB) return new Blob(pieces, { type });
    const bytes = joined(pieces, size);
    if (how === JSON_VALUE && size > SHALLOW && depth(bytes) > DEEPEST) {
      throw new Senseless(`the answer is JSON of more than ${DEEPEST} levels`);
    }
    const text = decoder.decode(bytes);
    if (how === TEXT) return text;
    const value = parse(text);
    if (value === undefined) throw new Senseless(`the answer is not JSON: ${text ? type : "empty"}`);
    return value;
  }
}

/** A header of a response, whatever a stand-in gives for one. */
export function header(response: Response, name: string): string | undefined {
  const value: unknown = told(`the header ${name}`, () => response.headers?.get?.(name));
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  return told(`the header ${name}`, () => String(value));
}

/** Undefined for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a foreign object; where that throws, the error says what could not be read, and why. */
function told<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof Senseless ? thrown : new Senseless(`${what} of the response cannot be read: ${words(thrown).message}`);
  }
}

/** What is no response at all is told before it is taken for one. A browser gives no status to what it hides. */
function checked(response: Response): Response {
  const [status, type] = told<unknown[]>("the status", () => [response?.status, response?.type]);
  const possible = typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 999;
  if (possible || type === "opaqueredirect") return response;
  throw new Senseless(`the answer cannot be read: its status is ${words(status).message}`);
}

/** Nobody reads it. */
function discard(response: Response): void {
  try {
    open(response)?.cancel();
  } catch {
    // Then there is nothing to cancel.
  }
}

function open(response: Response): Body | undefined {
  return told("the body", () => opened(response.body));
}

/** Fails where fewer bytes came than were announced; a coding and its length are another's, or hidden in a browser. */
function complete(response: Response, size: number): void {
  const length = header(response, "content-length");
  if (response.type === "cors" || header(response, "content-encoding") || !length || !/^\d+$/.test(length)) return;
  if (size < Number(length)) throw new Error(`the answer ended after ${size} of ${length} bytes`);
}

/** How many lists and objects stand within each other, at most. */
function depth(bytes: Uint8Array): number {
  const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];
  let [depth, most] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
      continue;
    }
    // `[` and `]` are `{` and `}` less one bit.
    if ((byte | 0x20) === OPEN) most = Math.max(most, ++depth);
    else if ((byte | 0x20) === CLOSE) depth--;
  }
  return most;
}

/** Reads a body by the response's own methods, whose pieces nobody sees. */
async function otherwise(response: Response, how: How): Promise<unknown> {
  const method = WHOLE[how];
  const read = told("the body", () => response[method]);
  if (typeof read !== "function") throw new Senseless("the answer has no body");
  const value: unknown = await read.call(response);
  const right = [true, typeof value === "string", named(value, "ArrayBuffer"), typeof (value as Blob | undefined)?.size === "number"][how];
  if (!right) throw new Senseless(`${method}() of the response gave no such thing`);
  return how === BYTES ? new Uint8Array(value as ArrayBuffer) : value;
}

function joined(pieces: Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0] as Uint8Array<ArrayBuffer>;
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}
