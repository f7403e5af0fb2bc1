/** Browsers and workers: what can be read only once goes into a Blob, which a browser keeps on disk if it is large. */
import { unlessAborted } from "../abort.js";
import { type Steps, stepsOf } from "../body.js";
import type { FileContent } from "../types/commit.js";
import type { AbortSignal, AsyncBytes, ReadableStream } from "../types/platform.js";

/** A content that is at hand until it is let go. */
export interface Spooled {
  content: FileContent;
  /** Bytes of such contents that may be held at the same time. Undefined for what is not held for the upload. */
  room?: number | undefined;
  release(): Promise<void>;
}

/** Bytes in memory. */
const ROOM = 256 << 20;

export async function spool(source: AsyncBytes | ReadableStream, signal: AbortSignal | undefined): Promise<Spooled> {
  const pieces: BlobPart[] = [];
  for await (const piece of chunks(source, signal)) pieces.push(piece as BlobPart);
  return { content: new Blob(pieces), room: ROOM, release: async () => {} };
}

/** The pieces of a stream, also where it is no async iterable, until the signal ends it. */
export async function* chunks(source: AsyncBytes | ReadableStream, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array | string> {
  const steps = stepsOf(source) as Steps;
  let done: boolean | undefined = false;
  try {
    for (;;) {
      const step = (await unlessAborted(signal as globalThis.AbortSignal | undefined, () => steps.next())) as IteratorResult<Uint8Array | string>;
      done = step.done;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    if (!done) steps.cancel();
  }
}
