/** Where the bytes of a file come from: memory, or a response that is still open. */
import { type Body, opened } from "../body.js";
import type { PieceOptions } from "./file.js";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Content {
  read(start: number, end: number, options: PieceOptions): AsyncGenerator<Bytes, void, undefined>;
  /** An open response that has the bytes from `start`, which belongs to who takes it. */
  take(start: number, at: number): OpenBody | undefined;
  /** What is in memory. */
  held?(start: number, end: number, type: string): Blob;
}

/** The body of a response, at some position of the file. */
export class OpenBody {
  /** Position of the next byte. */
  at: number;
  /** Position after the last byte of the response. */
  readonly end: number;
  /** Bytes that have come of it. */
  received = 0;
  readonly #body: Body;
  /** Hears once that nothing more is read, and how many bytes came. */
  #closed: ((received: number) => void) | undefined;
  /** The piece that came last, and what of it is to be read yet. */
  #last: Bytes | undefined;
  #rest: Bytes | undefined;

  constructor(body: Body, at: number, end: number, closed?: (received: number) => void) {
    this.#body = body;
    this.at = at;
    this.end = end;
    this.#closed = closed;
  }

  /** Whether a piece holds only until the next one is read. */
  get lends(): boolean {
    return this.#body.lends === true;
  }

  async read(): Promise<Bytes | undefined> {
    let piece = this.#rest;
    if (!piece) {
      piece = await this.#body.read();
      this.received += piece?.byteLength ?? 0;
      this.#last = piece ?? this.#last;
    }
    this.#rest = undefined;
    this.at += piece?.byteLength ?? 0;
    return piece;
  }

  /** Goes back to a position in the last piece; false if that does not have it. */
  rewind(position: number): boolean {
    if (!this.#last || position > this.at) return false;
    const begins = this.at + (this.#rest?.byteLength ?? 0) - this.#last.byteLength;
    if (position < begins) return false;
    this.#rest = this.#last.subarray(position - begins);
    this.at = position;
    return true;
  }

  /** Frees the piece that came last, which nobody needs any more: a collector sees only the small object that holds it. */
  free(): void {
    if (!this.#body.gives || this.#rest) return;
    (this.#last?.buffer as Transferable | undefined)?.transfer?.(0);
    this.#last = undefined;
  }

  close(): void {
    this.#body.cancel();
    this.#closed?.(this.received);
    this.#closed = undefined;
  }
}

/** Node 20 has no `transfer`. */
interface Transferable {
  transfer?(size: number): ArrayBuffer;
}

/** Bytes that have been read already. */
export class Held implements Content {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  async *read(start: number, end: number, { signal }: PieceOptions): AsyncGenerator<Bytes, void, undefined> {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await this.held(start, end, "").arrayBuffer());
    if (bytes.byteLength > 0) yield bytes;
  }

  take(start: number, at: number): OpenBody {
    const rest = this.held(start, this.#blob.size, "");
    return new OpenBody(opened(rest.stream()) as Body, at, at + rest.size);
  }

  held(start: number, end: number, type: string): Blob {
    const blob = this.#blob;
    return start === 0 && end === blob.size && type === blob.type ? blob : blob.slice(start, end, type);
  }
}
