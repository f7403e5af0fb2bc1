/** Browsers and workers: what can be read only once goes into a Blob, which a browser keeps on disk if it is large. */
import type { FileContent } from "../types/commit.js";
import type { AbortSignal, AsyncBytes, ReadableStream } from "../types/platform.js";

/** A content that is at hand until it is let go. */
export interface Spooled {
  content: FileContent;
  release(): Promise<void>;
}

export async function spool(source: AsyncBytes | ReadableStream, signal: AbortSignal | undefined): Promise<Spooled> {
  const pieces: BlobPart[] = [];
  for await (const piece of chunks(source)) {
    (signal as globalThis.AbortSignal | undefined)?.throwIfAborted();
    pieces.push(piece as BlobPart);
  }
  return { content: new Blob(pieces), release: async () => {} };
}

/** The pieces of a stream, also where it is no async iterable. */
export async function* chunks(source: AsyncBytes | ReadableStream): AsyncGenerator<Uint8Array | string> {
  if (Symbol.asyncIterator in source) {
    yield* source as AsyncBytes;
    return;
  }
  const reader = (source as globalThis.ReadableStream<Uint8Array>).getReader();
  let done = false;
  try {
    for (;;) {
      const read = await reader.read();
      done = read.done;
      if (read.done) return;
      yield read.value;
    }
  } finally {
    if (!done) await reader.cancel().catch(() => {});
  }
}
