/** Several parts of a file at once, in their order. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of a part. */
const PART = 8 << 20;

/** The server sends the whole file where a part is asked for. */
export class SendsWhole extends Error {}

type Read = (start: number, end: number, isPart: boolean) => AsyncGenerator<Bytes, void, undefined>;

/**
 * Reads a range in parts, `most` at the same time, each of which is held until it is its turn. From a server that sends no
 * parts it is read in one go.
 */
export async function* inOrder(start: number, end: number, most: number, read: Read): AsyncGenerator<Bytes, void, undefined> {
  const parts: Part[] = [];
  let [at, given] = [start, start];
  try {
    while (at < end || parts.length > 0) {
      for (; at < end && parts.length < most; at += PART) parts.push(new Part(read(at, Math.min(at + PART, end), true)));
      const part = parts[0] as Part;
      for (let piece = await part.next(); piece; piece = await part.next()) {
        given += piece.byteLength;
        yield piece;
      }
      parts.shift();
    }
  } catch (error) {
    if (!(error instanceof SendsWhole)) throw error;
    for (const part of parts.splice(0)) part.stop();
    yield* read(given, end, false);
  } finally {
    for (const part of parts) part.stop();
  }
}

/** A part on its way. */
class Part {
  readonly #pieces: Bytes[] = [];
  readonly #source: AsyncGenerator<Bytes, void, undefined>;
  #isOver = false;
  #failure: { error: unknown } | undefined;
  #wake = () => {};

  constructor(source: AsyncGenerator<Bytes, void, undefined>) {
    this.#source = source;
    void this.#run();
  }

  async next(): Promise<Bytes | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece) return piece;
      if (this.#failure) throw this.#failure.error;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  stop(): void {
    void this.#source.return().catch(() => {});
  }

  async #run(): Promise<void> {
    try {
      for await (const piece of this.#source) {
        this.#pieces.push(piece);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#isOver = true;
    this.#wake();
  }
}
