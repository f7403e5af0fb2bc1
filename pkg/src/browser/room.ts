/** How much the cache holds, and what goes when it has to be less. */
import { allBlobs, removeBlob } from "./blobs.js";

export interface EvictOptions {
  /** Bytes that the cache may hold: what was not used for the longest time goes first. */
  maxSize?: number | undefined;
  /** Milliseconds: what was not used for longer goes. */
  maxAge?: number | undefined;
}

/** Removes what was not used for long, and resolves to their bytes. What is on its way stays. */
export async function evictCache({ maxSize = Number.POSITIVE_INFINITY, maxAge = Number.POSITIVE_INFINITY }: EvictOptions): Promise<number> {
  const blobs = (await allBlobs()).sort((one, other) => one.used - other.used);
  let size = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const before = size;
  const now = Date.now();
  for (const blob of blobs) {
    const isOld = now - blob.used > maxAge;
    if (size <= maxSize && !isOld) break;
    if (await removeBlob(blob)) size -= blob.size;
  }
  return before - size;
}

/**
 * Makes room for so many bytes more, within `maxSize` and within what the browser allows to the origin; for any number, by
 * removing all that is not in use. What does not fit even so, fails when it is written.
 */
export async function makeRoom(bytes: number, maxSize: number | undefined): Promise<void> {
  if (maxSize !== undefined) await evictCache({ maxSize: Math.max(0, maxSize - bytes) });
  const { quota = Number.POSITIVE_INFINITY, usage = 0 } = await navigator.storage.estimate();
  const missing = bytes - (quota - usage);
  if (!(missing > 0)) return;
  const size = (await allBlobs()).reduce((sum, blob) => sum + blob.size, 0);
  await evictCache({ maxSize: Math.max(0, size - missing) });
}
