/** How much the cache holds, and what goes when it has to be less. */
import { InvalidInputError } from "../errors.js";
import { allBlobs, blobName, removeBlob } from "./blobs.js";

export interface EvictOptions {
  /** Bytes that the cache may hold: what was not used for the longest time goes first. */
  maxSize?: number | undefined;
  /** Milliseconds: what was not used for longer goes. */
  maxAge?: number | undefined;
}

/** Removes what was not used for long, and resolves to their bytes. What is on its way stays. */
export async function evictCache(options: EvictOptions): Promise<number> {
  return await evict(options, new Map());
}

/** `kept` are those that stay, by name. */
async function evict({ maxSize = Number.POSITIVE_INFINITY, maxAge = Number.POSITIVE_INFINITY }: EvictOptions, kept: ReadonlyMap<string, number>): Promise<number> {
  const blobs = (await allBlobs()).sort((one, other) => one.used - other.used);
  let size = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const before = size;
  const now = Date.now();
  for (const blob of blobs) {
    const isOld = now - blob.used > maxAge;
    if (size <= maxSize && !isOld) break;
    if (!kept.has(blobName(blob)) && (await removeBlob(blob))) size -= blob.size;
  }
  return before - size;
}

/**
 * Makes room for blobs, whose sizes are given by name, within `maxSize` and within what the browser allows to the origin.
 * Those that are there already stay. Gives what removes all the rest, for when the browser has less room than it said.
 */
export async function roomFor(wanted: ReadonlyMap<string, number>, maxSize: number | undefined): Promise<() => Promise<void>> {
  const total = [...wanted.values()].reduce((sum, size) => sum + size, 0);
  if (maxSize !== undefined && total > maxSize) throw new InvalidInputError({ kind: "invalidInput", field: "maxSize", message: `"maxSize" is ${maxSize} bytes, less than the ${total} that were asked for` });
  const evictOthers = async () => void (await evict({ maxSize: 0 }, wanted));
  const { quota = Number.POSITIVE_INFINITY, usage = 0 } = await navigator.storage.estimate();
  // Where there is room for all, a cache of thousands is not read.
  if (maxSize === undefined && total <= quota - usage) return evictOthers;
  const blobs = await allBlobs();
  const held = blobs.reduce((sum, { size }) => sum + size, 0);
  const there = blobs.reduce((sum, blob) => sum + (wanted.has(blobName(blob)) ? blob.size : 0), 0);
  const missing = Math.max(0, total - there);
  const allowed = Math.min(maxSize ?? Number.POSITIVE_INFINITY, held + quota - usage) - missing;
  if (held > allowed) await evict({ maxSize: Math.max(0, allowed) }, wanted);
  return evictOthers;
}
