/** How the pieces of a large body keep little memory: lent, or given away and freed. */
import { lends } from "#load";
import { type Body, opened } from "../body.js";

/** Bytes of the buffer. */
const SIZE = 1 << 20;

/**
 * A body whose pieces lie in the same buffer, each until the next one is read, or belong to who reads them, whichever costs
 * the runtime less. Undefined for a stream that is not one of bytes: others may hold what it gives.
 */
export function lent(body: unknown): Body | undefined {
  const reader = readerOf(body);
  if (!reader) return undefined;
  if (!lends) {
    reader.releaseLock();
    return { ...(opened(body) as Body), gives: true };
  }
  let buffer = new ArrayBuffer(SIZE);
  const read = async () => {
    const { value, done } = await fill(reader, buffer);
    if (value) buffer = value.buffer;
    return done ? undefined : value;
  };
  return { read, cancel: () => void reader.cancel().catch(() => {}), lends: true };
}

/** A reader that fills the buffers it is given; undefined where a runtime has none for this stream. */
export function readerOf(stream: unknown): ReadableStreamBYOBReader | undefined {
  try {
    return (stream as ReadableStream).getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/** Chromium's garbage collector takes a stream whose read is waited for if nothing else holds it, and the read never ends. */
const reading = new Set<ReadableStreamBYOBReader>();

/** Reads into a buffer, which is the caller's again with what is read. */
export async function fill(reader: ReadableStreamBYOBReader, buffer: ArrayBuffer): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  reading.add(reader);
  try {
    return await reader.read(new Uint8Array(buffer));
  } finally {
    reading.delete(reader);
  }
}
