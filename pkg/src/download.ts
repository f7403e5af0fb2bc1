/**
 * A file on its way: what came before a break is kept, the rest is asked for, and a large file is held to its SHA-256.
 * Loaded by the first file.
 */
import { sha256 } from "#load";
import { type Body, MalformedResponse } from "./body.js";
import { complete, type Fetch, header, length } from "./exchange.js";

type Bytes = Uint8Array<ArrayBuffer>;

export class Download {
  /** What is here. */
  readonly #pieces: Bytes[] = [];
  #size = 0;
  /** The strong ETag of the response that it is of. */
  #tag: string | undefined;
  /** Whether the response that is about to be read goes on with it. */
  #goesOn = false;
  /** Counts the requests: what still comes of an earlier one is not wanted. */
  #turn = 0;

  /** Asks for what is missing. What another file, or the same one whole, answers begins anew. */
  async fetch(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
    this.#turn++;
    this.#goesOn = false;
    const headers = init.headers as Record<string, string>;
    const asked = this.#size > 0 && this.#tag !== undefined && headers["range"] === undefined;
    const first = this.#size;
    let response: Response;
    try {
      response = await fetch(url, asked ? { ...init, headers: { ...headers, range: `bytes=${first}-` } } : init);
    } catch (error) {
      // Where a page may not ask for a part, it is not tried again.
      this.#drop();
      throw error;
    }
    if (!asked || (response.status >= 300 && response.status < 400) || response.type === "opaqueredirect") return response;
    if (response.status === 206) {
      const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header(response, "content-range") ?? "") ?? [];
      if (Number(start) === first && header(response, "etag") === this.#tag) {
        this.#goesOn = true;
        return whole(response, String(total));
      }
    }
    this.#drop();
    if (response.status !== 206 && response.status !== 416) return response;
    await response.body?.cancel();
    return fetch(url, init);
  }

  /** Reads the rest of a file, of no more than `maxBytes` in all, from the last of the responses that led to it. */
  async read(seen: readonly Response[], body: Body | undefined, maxBytes: number, progressed: () => void, close: () => void): Promise<Blob> {
    const response = seen.at(-1) as Response;
    const turn = this.#turn;
    if (!this.#goesOn) this.#drop();
    const tag = header(response, "etag");
    this.#tag = response.status === 200 && tag?.startsWith('"') ? tag : undefined;
    for (;;) {
      const piece = await body?.read();
      if (turn !== this.#turn) throw new Error("the request was given up");
      if (!piece) break;
      progressed();
      this.#pieces.push(piece);
      this.#size += piece.byteLength;
      if (this.#size > maxBytes) {
        close();
        throw new MalformedResponse(`the response is longer than ${maxBytes} bytes (maxResponseBytes)`);
      }
    }
    if (body) complete(this.#size, length(response));
    const pieces = this.#pieces.slice();
    this.#drop();
    const named = response.status === 200 && oidOf(seen);
    if (named && (await hashOf(pieces)) !== named) throw new MalformedResponse("the bytes that came have another SHA-256 than the file");
    return new Blob(pieces, { type: header(response, "content-type") ?? "" });
  }

  #drop(): void {
    this.#pieces.length = this.#size = 0;
    this.#tag = undefined;
  }
}

/** The rest of a file as the response that it completes. */
function whole(response: Response, total: string): Response {
  const get = (name: string) => (name === "content-range" ? null : name === "content-length" ? total : response.headers.get(name));
  const { type, url, redirected, body } = response;
  return { status: 200, headers: { get }, type, url, redirected, body } as unknown as Response;
}

/** The SHA-256 of a large file, which the Hub names where it redirects; a browser hides that. The ETag of a CDN is its own. */
function oidOf(seen: readonly Response[]): string | undefined {
  const tags = seen.map((response) => header(response, "x-linked-etag"));
  return tags.map((tag) => /^"([0-9a-f]{64})"$/.exec(tag ?? "")?.[1]).reverse().find((oid) => oid !== undefined);
}

async function hashOf(pieces: Bytes[]): Promise<string> {
  const hash = await sha256();
  for (const piece of pieces) hash.update(piece);
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
