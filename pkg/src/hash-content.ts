/** The SHA-256 of a large content, of which only pieces are held. */
import { fill, readerOf } from "./download/lent.js";
import { hex } from "./hex.js";
import type { Sha256 } from "./kernels.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes that are read at a time: of a stream, and of a Blob that has none. */
const PIECE = 1 << 20;
const STEP = 4 << 20;
/** Milliseconds between two events. */
const EVENT = 50;
/** Bytes that are hashed at a time, and milliseconds after which other work has its turn: half of what a frame has. */
const SLICE = 128 << 10;
const TURN = 8;

export async function hashed(hash: Sha256, content: Blob | Bytes, report: (loaded: number, total: number) => void, signal: AbortSignal): Promise<string> {
  const total = "size" in content ? content.size : content.byteLength;
  const paced = new PacedHash(hash);
  let loaded = 0;
  report(loaded, total);
  let told = performance.now();
  for await (const piece of "size" in content ? ofBlob(content) : ofBytes(content)) {
    signal.throwIfAborted();
    await paced.update(piece);
    loaded += piece.byteLength;
    const now = performance.now();
    if (now - told < EVENT || loaded >= total) continue;
    told = now;
    report(loaded, total);
  }
  if (loaded !== total) throw new Error("the content has another size than before");
  report(loaded, total);
  return hex(hash.digest());
}

/** A hash that lets other work have its turn, so that a page draws its frames however slow the device is. */
export class PacedHash {
  #since = performance.now();

  constructor(readonly hash: Sha256) {}

  async update(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += SLICE) {
      this.hash.update(bytes.subarray(at, at + SLICE));
      if (performance.now() - this.#since < TURN) continue;
      await new Promise<void>(later);
      this.#since = performance.now();
    }
  }
}

/** Runs a function after other work had its turn. Some runtimes have a `setImmediate` or a `MessageChannel` that throws. */
function later(run: () => void): void {
  try {
    (globalThis as unknown as { setImmediate(run: () => void): void }).setImmediate(run);
  } catch {
    // A timer of a browser waits for longer than a message.
    try {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        run();
      };
      port2.postMessage(undefined);
    } catch {
      setTimeout(run);
    }
  }
}

function* ofBytes(bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** The pieces of a Blob, each of which holds until the next one is asked for. Two buffers, by turns: what is read anew each time piles up until the collector comes, in Chromium for gigabytes. */
export async function* ofBlob(blob: Blob): AsyncGenerator<Bytes> {
  const stream = blob.stream?.();
  const reader = readerOf(stream);
  if (!reader) {
    // It may have opened a file.
    void stream?.cancel?.()?.catch(() => {});
    for (let at = 0; at < blob.size; at += STEP) yield new Uint8Array(await blob.slice(at, at + STEP).arrayBuffer());
    return;
  }
  const begin = (buffer: ArrayBuffer) => {
    const read = fill(reader, buffer);
    read.catch(() => {});
    return read;
  };
  try {
    let [next, spare] = [begin(new ArrayBuffer(PIECE)), new ArrayBuffer(PIECE)];
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = begin(spare);
      yield value;
      spare = value.buffer;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}
