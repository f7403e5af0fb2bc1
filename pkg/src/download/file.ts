/** A file of the Hub, or a part of one, that is read when it is asked for. */
import { CANCELLED, either } from "../pages.js";
import type { AbortSignal, Blob, ReadableStream } from "../types/platform.js";
import type { Content } from "./content.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** How a file is read. */
export interface ReadOptions {
  /** Requests at the same time, for a part of 8 MiB each. Default 1. They hold so many parts in memory. */
  parallel?: number | undefined;
  /** Ends the read. That of the call ends every read. */
  signal?: AbortSignal | undefined;
}

/** How pieces are read by the package itself. */
export interface PieceOptions extends ReadOptions {
  /** A piece need hold only until the next one is read. */
  borrow?: boolean;
  /** Who reads checks the hash. */
  unchecked?: boolean;
}

/** What the Hub says of a file. */
export interface HubFileInfo {
  /** Path in the repository. */
  path: string;
  /** `ETag` of the response, with its quotes. */
  etag: string | undefined;
  /** Commit that the file was read at; undefined where a browser hides it. */
  commit: string | undefined;
  /** SHA-256 of a large file, which reads of the whole file are held to; undefined where a browser hides it. */
  sha256: string | undefined;
}

/**
 * Where the bytes of a file come from, and where in that it begins.
 *
 * @internal
 */
export let contentOf: (file: HubFile) => [content: Content, start: number];

/**
 * What `downloadFile` gives: a file, or a part of one, with the methods of a `Blob`. A file of at most 1 MiB, or 10 MB in a
 * browser, has been read already, and so has one whose size the server does not state. Of a larger one the response is open,
 * and is what the first read takes; what is read of it later is asked for by range.
 */
export class HubFile implements HubFileInfo {
  /** Bytes. */
  readonly size: number;
  /** Media type, as `Blob` names it; may be empty. */
  readonly type: string;
  readonly path: string;
  readonly etag: string | undefined;
  readonly commit: string | undefined;
  readonly sha256: string | undefined;
  readonly #content: Content;
  /** Where it begins in the content. */
  readonly #start: number;

  /** @internal */
  constructor(info: HubFileInfo, content: Content, start: number, end: number, type: string) {
    this.size = end - start;
    this.type = type;
    ({ path: this.path, etag: this.etag, commit: this.commit, sha256: this.sha256 } = info);
    this.#content = content;
    this.#start = start;
  }

  /** Media type. */
  get contentType(): string {
    return this.type;
  }

  /** A part of it, from `start` up to but not including `end`; negative ones count from the end. Nothing is read yet. */
  slice(start = 0, end = this.size, type = this.type): HubFile {
    const within = (at: number) => Math.min(Math.max(Math.trunc(at < 0 ? this.size + at : at) || 0, 0), this.size);
    const from = within(start);
    return new HubFile(this, this.#content, this.#start + from, this.#start + Math.max(within(end), from), type);
  }

  /** Its bytes, in order. A large file that is read whole is held to its SHA-256 before the stream closes. */
  stream(options: ReadOptions = {}): ReadableStream {
    const stop = new AbortController();
    if (options.signal) either(options.signal, stop);
    const pieces = this.#read({ ...options, signal: stop.signal });
    const pull = async (controller: ReadableStreamDefaultController<Bytes>) => {
      const { done, value } = await pieces.next();
      if (!done) return controller.enqueue(value);
      controller.close();
      stop.abort();
    };
    // A piece that is waited for is given up.
    const cancel = async () => {
      stop.abort(CANCELLED);
      await pieces.return();
    };
    return new globalThis.ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  }

  async bytes(options: ReadOptions = {}): Promise<Bytes> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for await (const piece of this.#read({ ...options, borrow: true })) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    return bytes;
  }

  async arrayBuffer(options?: ReadOptions): Promise<ArrayBuffer> {
    return (await this.bytes(options)).buffer;
  }

  async blob(options: ReadOptions = {}): Promise<Blob> {
    const held = this.#content.held?.(this.#start, this.#start + this.size, this.type);
    if (held) return held;
    const pieces: Bytes[] = [];
    for await (const piece of this.#read(options)) pieces.push(piece);
    return new globalThis.Blob(pieces, { type: this.type });
  }

  async text(options?: ReadOptions): Promise<string> {
    return new TextDecoder().decode(await this.bytes(options));
  }

  async json<T = unknown>(options?: ReadOptions): Promise<T> {
    return JSON.parse(await this.text(options)) as T;
  }

  #read(options: PieceOptions): AsyncGenerator<Bytes, void, undefined> {
    return this.#content.read(this.#start, this.#start + this.size, options);
  }

  /** @internal */
  static {
    contentOf = (file) => [file.#content, file.#start];
  }
}
