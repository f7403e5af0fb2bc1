/**
 * Blobs of the cache. Each is a folder of parts, named by where they begin, so that what has come is kept when a tab is
 * closed; a file `done` says that all of them are there and right.
 */
import { sha256 } from "#load";
import type { RemoteFile, Sink } from "../cache/remote.js";
import { ofBlob, PacedHash } from "../hash-content.js";
import { hex } from "../hex.js";
import { entries, folder, locked, read, readJson, remove, unlessLocked, write } from "./store.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of a part, and milliseconds after which one is written that is smaller. */
const PART = 4 << 20;
const PATIENCE = 2000;
/** Milliseconds that the time of use is wrong by, at most: it is not written at each. */
const USED = 60_000;

const DONE = "done";

interface Done {
  size: number;
  /** When it was read last, in milliseconds since 1970. */
  used: number;
}

/** A blob, as the cache keeps it. */
export interface BlobEntry {
  folder: string;
  etag: string;
  size: number;
  used: number;
  isDone: boolean;
}

/** What a blob is called in the whole cache. */
export const blobName = ({ folder, etag }: Pick<BlobEntry, "folder" | "etag">) => `${folder}/${etag}`;

const placeOf = (repo: string, etag: string) => [repo, "blobs", etag];
const lockOf = (folder: string, etag: string) => blobName({ folder, etag });

/** A complete blob as a file, which stays on disk until it is read. */
export async function openBlob(repo: string, etag: string, name: string): Promise<File | undefined> {
  const place = placeOf(repo, etag);
  const done = await readJson<Done>([...place, DONE]);
  if (!done) return undefined;
  const parts = await partsOf(place);
  const file = new File(parts.map(([, part]) => part), name);
  // Parts that a browser has cleared away.
  if (file.size !== done.size) return undefined;
  // Where the disk is full, it counts as used when it was noted last.
  if (Date.now() - done.used > USED) await write([...place, DONE], JSON.stringify({ ...done, used: Date.now() })).catch(() => {});
  return file;
}

/** Puts a blob into the cache, unless it is there. One tab or worker brings it, others wait for that. */
export async function bringBlob(repo: string, file: RemoteFile, force: boolean, signal: AbortSignal | undefined, progressed: (loaded: number) => void, receive: (sink: Sink) => Promise<void>, evict: () => Promise<void>): Promise<void> {
  const place = placeOf(repo, file.etag);
  await locked(lockOf(repo, file.etag), signal, async () => {
    if (!force && (await openBlob(repo, file.etag, ""))) return progressed(file.size);
    await remove([...place, DONE]);
    if (force) await remove(place);
    const sink = new PartSink(place, file, progressed, evict);
    await sink.open(signal);
    try {
      await receive(sink);
    } finally {
      // What has come is kept also where the rest did not.
      await sink.flush().catch(() => {});
    }
    const done: Done = { size: file.size, used: Date.now() };
    await writeWithRoom([...place, DONE], JSON.stringify(done), evict);
  });
}

/** Writes a file, if need be in the room of what is evicted. */
async function writeWithRoom(name: readonly string[], content: Bytes | string, evict: () => Promise<void>): Promise<void> {
  try {
    await write(name, content);
  } catch (error) {
    if ((error as { name?: unknown }).name !== "QuotaExceededError") throw error;
    await evict();
    await write(name, content);
  }
}

/** A blob on its way to disk, part by part. */
class PartSink implements Sink {
  have = 0;
  #hash: PacedHash | undefined;
  /** What is to be written, and how many bytes of it have come. */
  readonly #pending: Bytes;
  #pendingSize = 0;
  #since = 0;
  readonly #place: readonly string[];
  readonly #file: RemoteFile;
  readonly #progressed: (loaded: number) => void;
  readonly #evict: () => Promise<void>;

  constructor(place: readonly string[], file: RemoteFile, progressed: (loaded: number) => void, evict: () => Promise<void>) {
    this.#place = place;
    this.#file = file;
    this.#pending = new Uint8Array(Math.min(PART, file.size));
    this.#progressed = progressed;
    this.#evict = evict;
  }

  /** Goes on with the parts that are there. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    await this.#begin();
    for (const [at, part] of await partsOf(this.#place)) {
      if (at !== this.have || at + part.size > this.#file.size) await remove([...this.#place, nameOf(at)]);
      else {
        if (this.#hash) {
          for await (const piece of ofBlob(part)) {
            signal?.throwIfAborted();
            await this.#hash.update(piece);
          }
        }
        this.have += part.size;
      }
    }
    this.#progressed(this.have);
  }

  async write(bytes: Bytes): Promise<void> {
    await this.#hash?.update(bytes);
    for (let at = 0; at < bytes.byteLength; ) {
      if (this.#pendingSize === 0) this.#since = performance.now();
      const piece = bytes.subarray(at, at + PART - this.#pendingSize);
      this.#pending.set(piece, this.#pendingSize);
      this.#pendingSize += piece.byteLength;
      this.have += piece.byteLength;
      at += piece.byteLength;
      if (this.#pendingSize === PART || performance.now() - this.#since > PATIENCE) await this.flush();
    }
    this.#progressed(this.have);
  }

  async flush(): Promise<void> {
    if (this.#pendingSize === 0) return;
    const bytes = this.#pending.subarray(0, this.#pendingSize);
    const name = [...this.#place, nameOf(this.have - this.#pendingSize)];
    this.#pendingSize = 0;
    await writeWithRoom(name, bytes, this.#evict);
  }

  async isRight(): Promise<boolean> {
    await this.flush();
    if (this.have !== this.#file.size) return false;
    const digest = this.#hash ? this.#hash.hash.digest() : await this.#gitHash();
    return hex(digest) === this.#file.etag;
  }

  async reset(): Promise<void> {
    this.#pendingSize = 0;
    this.have = 0;
    await remove(this.#place);
    await this.#begin();
  }

  async #begin(): Promise<void> {
    await folder(this.#place, true);
    this.#hash = this.#file.etag.length === 64 ? new PacedHash(await sha256()) : undefined;
  }

  /** Of a file that git holds, which is no large one. */
  async #gitHash(): Promise<Uint8Array> {
    const parts = (await partsOf(this.#place)).map(([, part]) => part);
    const content = await new Blob([`blob ${this.#file.size}\0`, ...parts]).arrayBuffer();
    return new Uint8Array(await crypto.subtle.digest("SHA-1", content));
  }
}

/** Every blob of the cache, complete or not. */
export async function allBlobs(): Promise<BlobEntry[]> {
  const found: BlobEntry[] = [];
  for (const [repo, { kind }] of await entries([])) {
    if (kind !== "directory") continue;
    for (const [etag] of await entries([repo, "blobs"])) {
      const place = placeOf(repo, etag);
      const [done, parts] = await Promise.all([readJson<Done>([...place, DONE]), partsOf(place)]);
      const size = parts.reduce((sum, [, part]) => sum + part.size, 0);
      const changed = Math.max(0, ...parts.map(([, part]) => part.lastModified));
      found.push({ folder: repo, etag, size, used: done?.used ?? changed, isDone: done !== undefined });
    }
  }
  return found;
}

/** Removes a blob, unless it is on its way. */
export function removeBlob({ folder, etag }: BlobEntry): Promise<boolean> {
  return unlessLocked(lockOf(folder, etag), () => remove(placeOf(folder, etag)));
}

async function partsOf(place: readonly string[]): Promise<[at: number, part: File][]> {
  const names = (await entries(place)).map(([name]) => name).filter((name) => name !== DONE).sort();
  const parts = await Promise.all(names.map(async (name) => [Number(name), await read([...place, name])] as const));
  return parts.filter((part): part is [number, File] => part[1] !== undefined);
}

function nameOf(at: number): string {
  return String(at).padStart(16, "0");
}
