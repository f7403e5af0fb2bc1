/** A request and its answer, as the core asks for them. */

/** An answer that makes no sense. */
export class Senseless {
  constructor(readonly problem: string) {}
}

/** How a body is read whole; the numbers are the core's. */
const JSON_VALUE = 0;
const TEXT = 1;
const BYTES = 2;
type How = typeof JSON_VALUE | typeof TEXT | typeof BYTES | 3;
/** For an answer whose body cannot be read piece by piece, as that of a stand-in for a `Response`. */
const WHOLE = ["json", "text", "arrayBuffer", "blob"] as const;

export const decoder = new TextDecoder();

type Bytes = Uint8Array<ArrayBuffer>;
type Reader = ReadableStreamDefaultReader<Bytes>;

export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** The exchange under way; a call has one at a time. */
export class Exchange {
  readonly #send: Send;
  readonly #redirect: RequestRedirect;
  #stop: AbortController | undefined;
  #reader: Reader | undefined;

  constructor(send: Send, redirect: RequestRedirect) {
    this.#send = send;
    this.#redirect = redirect;
  }

  begin(url: string, method: string, headers: Record<string, string>, body: BodyInit | undefined): Promise<Response> {
    this.close();
    this.#stop = new AbortController();
    const init: RequestInit = { method, headers, signal: this.#stop.signal, redirect: this.#redirect };
    if (body !== undefined) init.body = body;
    try {
      return this.#send(url, init);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** Closes the connection. A `fetch` that heeds no signal notices that its body is cancelled. */
  close(): void {
    this.#stop?.abort();
    // A body that failed rejects with its error, which the caller has.
    this.#reader?.cancel().catch(() => {});
    this.#stop = this.#reader = undefined;
  }

  /** The next bytes of a body; undefined at its end. */
  async piece(response: Response): Promise<Bytes | undefined> {
    if (response.body === null) return undefined;
    this.#reader ??= opened(response);
    if (!this.#reader) throw new Senseless("the answer has no body that streams");
    return bytes(await this.#reader.read());
  }

  /** Reads a body, of no more than `most` bytes; `moved` hears of each piece. */
  async whole(response: Response, how: How, most: number, moved: () => void): Promise<unknown> {
    const reader = response.body ? opened(response) : undefined;
    if (!reader && response.body !== null) return await otherwise(response, how);
    this.#reader = reader;
    const pieces: Bytes[] = [];
    let size = 0;
    for (;;) {
      const piece = reader && bytes(await reader.read());
      if (!piece) break;
      moved();
      size += piece.byteLength;
      if (size > most) {
        this.close();
        throw new Senseless(`the answer is longer than ${most} bytes (maxResponseBytes)`);
      }
      pieces.push(piece);
    }
    if (how === BYTES) return joined(pieces, size);
    const type = header(response, "content-type") ?? "";
    if (how !== TEXT && how !== JSON_VALUE) return new Blob(pieces, { type });
    const text = decoder.decode(joined(pieces, size));
    if (how === TEXT) return text;
    const value = parse(text);
    if (value === undefined) throw new Senseless(`the answer is not JSON: ${text ? type : "empty"}`);
    return value;
  }
}

/** A header of an answer that may be a stand-in. */
export function header(response: Response, name: string): string | undefined {
  return response?.headers?.get?.(name) ?? undefined;
}

/** Undefined for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function opened({ body }: Response): Reader | undefined {
  return typeof body?.getReader === "function" ? body.getReader() : undefined;
}

/** Reads a body by the answer's own methods, whose pieces nobody sees. */
async function otherwise(response: Response, how: How): Promise<unknown> {
  const method = WHOLE[how];
  if (typeof response[method] !== "function") throw new Senseless("the answer has no body");
  const value = await response[method]();
  return how === BYTES ? new Uint8Array(value as ArrayBuffer) : value;
}

/** What was read; undefined at the end. */
function bytes({ done, value }: ReadableStreamReadResult<Bytes>): Bytes | undefined {
  if (done || ArrayBuffer.isView(value)) return value;
  throw new Senseless("the answer's body holds something else than bytes");
}

function joined(pieces: Bytes[], size: number): Bytes {
  if (pieces.length === 1) return pieces[0] as Bytes;
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}
