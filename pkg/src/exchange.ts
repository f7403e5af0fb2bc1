/** A request and its response, as the core asks for them. What `fetch` gives may be a stand-in: nothing of it is trusted. */
import { depth } from "./depth.js";
import { type Body, MalformedResponse, named, opened } from "./body.js";
import { ReadMode } from "./core_bg.js";
import type { Host } from "./download/first.js";
import { HEADERS } from "./generated/constants.js";
import { serializeError } from "./serialize-error.js";

/** JSON of more bytes than this is searched for its depth before it is parsed. */
const SHALLOW = 1 << 20;
/** Lists and objects within each other that JSON may have: beyond, a parser's memory is many times the text's. */
const DEEPEST = 1000;

export const decoder = new TextDecoder();

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The exchange in progress; a call has one at a time. */
export class Exchange {
  readonly #fetch: Fetch;
  #abort: AbortController | undefined;
  /** A response whose body is not opened yet. */
  #unread: Response | undefined;
  #body: Body | undefined;
  /** What has led here. */
  readonly #seen: Response[] = [];
  #range: string | undefined;
  /** Bytes of a file that is read later, once they have come. */
  later: Promise<number> | undefined;
  /** Bytes that came, for records. */
  received = 0;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    this.close();
    this.later = undefined;
    this.#range = (init.headers as Record<string, string>)["range"];
    const { signal } = (this.#abort = new AbortController());
    init.signal = signal;
    const response = await this.#fetch(url, init);
    // A `fetch` that heeds no signal may respond when nobody waits any more.
    if (signal.aborted) discard(response);
    else {
      this.#seen.push(response);
      this.#unread = response;
    }
    return checked(response);
  }

  /** Closes the connection. A `fetch` that heeds no signal notices that its body is cancelled. */
  close(): void {
    this.#abort?.abort();
    this.#body?.cancel();
    if (this.#unread) discard(this.#unread);
    this.#abort = this.#body = this.#unread = undefined;
  }

  /** The next bytes of a body; undefined at its end. */
  async readChunk(response: Response): Promise<Uint8Array | undefined> {
    if (response.body === null) return undefined;
    this.#body ??= this.#open(response);
    if (!this.#body) throw new MalformedResponse("the response has no body");
    const piece = await this.#body.read();
    this.received += piece?.byteLength ?? 0;
    return piece;
  }

  /**
   * Reads a body, of no more than `maxBytes`: at once if it is known to have no more than `atOnce`, else in pieces, each
   * of which `progressed` hears of. A large file is left open.
   */
  async read(response: Response, mode: ReadMode, maxBytes: number, atOnce: number, progressed: () => void, host: Host): Promise<unknown> {
    const announced = length(response);
    const isSmall = mode !== ReadMode.Blob && announced !== undefined && announced <= Math.min(maxBytes, atOnce);
    if (isSmall && readFrom("the body", () => typeof response.arrayBuffer === "function")) return await this.#readAtOnce(response, mode, announced);
    const download = mode === ReadMode.Blob ? await import("./download/first.js") : undefined;
    const body = this.#open(response, download?.lent);
    const isStandIn = !body && response.body !== null;
    const given = isStandIn && (await (await import("./stand-in.js")).otherwise(response, mode));
    if (isStandIn && mode !== ReadMode.Blob) return given;
    this.#body = body;
    if (download) {
      const leave = () => {
        let received = (_: number) => {};
        this.later = new Promise((resolve) => {
          received = resolve;
        });
        return received;
      };
      const file = await download.fileOf({ seen: this.#seen, body, given: given as Blob | false, range: this.#range, maxBytes, progressed, close: () => this.close(), leave }, host);
      if (!this.later) this.received += file.size;
      return file;
    }
    const pieces: Bytes[] = [];
    let size = 0;
    for (;;) {
      const piece = await body?.read();
      if (!piece) break;
      progressed();
      size += piece.byteLength;
      this.received += piece.byteLength;
      if (size > maxBytes) {
        this.close();
        throw new MalformedResponse(`the response is longer than ${maxBytes} bytes (maxResponseBytes)`);
      }
      pieces.push(piece);
    }
    if (mode !== ReadMode.Text && body) complete(size, announced);
    return parsed(response, mode, joined(pieces, size));
  }

  /** Opens a body, unless the exchange has been closed meanwhile: then nobody waits for it any more. */
  #open(response: Response, way: (body: unknown) => Body | undefined = opened): Body | undefined {
    if (this.#unread !== response) throw new Error("the exchange is closed");
    this.#unread = undefined;
    return readFrom("the body", () => way(response.body) ?? opened(response.body));
  }

  /** Reads a body as the platform does it fastest: each piece would cost as much as many bytes. */
  async #readAtOnce(response: Response, mode: ReadMode, announced: number): Promise<unknown> {
    this.#unread = undefined;
    const value: unknown = await response.arrayBuffer();
    if (!named(value, "ArrayBuffer")) throw new MalformedResponse("arrayBuffer() of the response gave no such thing");
    const bytes = new Uint8Array(value as ArrayBuffer);
    this.received += bytes.byteLength;
    if (mode !== ReadMode.Text) complete(bytes.byteLength, announced);
    return parsed(response, mode, bytes);
  }
}

/** What the bytes of a body say. */
function parsed(response: Response, mode: ReadMode, bytes: Bytes): unknown {
  if (mode === ReadMode.Bytes) return bytes;
  if (mode === ReadMode.Json && bytes.byteLength > SHALLOW && depth(bytes) > DEEPEST) {
    throw new MalformedResponse(`the response is JSON of more than ${DEEPEST} levels`);
  }
  const text = decoder.decode(bytes);
  if (mode === ReadMode.Text) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MalformedResponse(`the response is not JSON: ${text ? (header(response, "content-type") ?? "") : "empty"}`);
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The headers of a request, of lines of `name: value`. */
export function headersOf(lines: string): Record<string, string> {
  const pairs = lines.split("\n").filter(Boolean).map((line) => {
    const at = line.indexOf(": ");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
  });
  return Object.fromEntries(pairs);
}

/** The headers that the core reads, as lines of `name: value`. */
export function headerLines(response: Response): string {
  let lines = "";
  for (const name of HEADERS) {
    const value = header(response, name);
    if (value !== undefined) lines += `${name}: ${value.replace(/[\r\n]+/g, " ")}\n`;
  }
  return lines;
}

/** A header of a response, whatever a stand-in gives for one. */
export function header(response: Response, name: string): string | undefined {
  try {
    const value: unknown = response.headers?.get?.(name);
    return value === undefined || value === null ? undefined : String(value);
  } catch (thrown) {
    throw unreadable(`the header ${name}`, thrown);
  }
}

/** Reads a foreign object; where that throws, the error says what could not be read, and why. */
export function readFrom<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw unreadable(what, thrown);
  }
}

function unreadable(what: string, thrown: unknown): MalformedResponse {
  if (thrown instanceof MalformedResponse) return thrown;
  return new MalformedResponse(`${what} of the response cannot be read: ${serializeError(thrown).message}`);
}

/** What is no response at all is reported before it is used as one. A browser gives no status to what it hides. */
function checked(response: Response): Response {
  const [status, type] = readFrom<unknown[]>("the status", () => [response?.status, response?.type]);
  const possible = typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 999;
  if (possible || type === "opaqueredirect") return response;
  throw new MalformedResponse(`the response cannot be read: its status is ${serializeError(status).message}`);
}

/** Nobody reads it. */
function discard(response: Response): void {
  try {
    opened(response.body)?.cancel();
  } catch {
    // Then there is nothing to cancel.
  }
}

/** Bytes that a body has, where the response says. A coding's are another number, and a browser may hide the coding. */
export function length(response: Response): number | undefined {
  const length = header(response, "content-length");
  if (response.type === "cors" || !length || !/^\d+$/.test(length) || header(response, "content-encoding")) return undefined;
  return Number(length);
}

/** Fails where fewer bytes came than were announced. */
export function complete(size: number, announced: number | undefined): void {
  if (announced !== undefined && size < announced) throw new Error(`the response ended after ${size} of ${announced} bytes`);
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
