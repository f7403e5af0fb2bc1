/** Downloads that go to disk while they come. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, type FileHandle, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pause, unlessAborted } from "../abort.js";
import { receive, type Remote, type RemoteFile, type Sink } from "../cache/remote.js";
import { isAlive, type Place } from "./place.js";

/** Milliseconds that a file of another process may stand still, and between two looks at it. */
const GROWS = 3000;
const LOOK = 100;
/** Milliseconds after which a file that stands still is taken over where nobody knows of its process. */
const FORSAKEN = 300_000;
/** Milliseconds for which a list of a folder's unfinished files is used. */
const LISTED = 250;
/** Bytes that are written at a time, and milliseconds after which fewer are. */
const BLOCK = 1 << 20;
const SOON = 100;

/** What goes on at this moment, by the place of the blob, whatever the cache is called: who wants the same one waits for it. */
const underWay = new Map<string, Promise<void>>();

/** Puts a file among the blobs, unless it is there; `force` fetches it anew. Nothing unfinished stands there ever. */
export async function fetchBlob(remote: Remote, place: Place, commit: string, file: RemoteFile, force: boolean, progressed: (loaded: number) => void): Promise<void> {
  const folder = dirname(place.blob(file.etag));
  const real = () => realpath(folder);
  const blob = join(await real().catch(() => mkdir(folder, { recursive: true }).then(real)), file.etag);
  const signal = remote.call.signal as AbortSignal | undefined;
  for (let other = underWay.get(blob); other; other = underWay.get(blob)) await unlessAborted(signal, () => other.catch(() => {}));
  // Nothing is awaited between the look and this entry: files of equal content are asked for at the same time.
  const going = fetched(remote, place, commit, file, force, progressed);
  underWay.set(blob, going);
  try {
    await going;
  } finally {
    underWay.delete(blob);
    if (underWay.size === 0) listings.clear();
  }
}

async function fetched(remote: Remote, place: Place, commit: string, file: RemoteFile, force: boolean, progressed: (loaded: number) => void): Promise<void> {
  const blob = place.blob(file.etag);
  const incomplete = place.incomplete(file.etag);
  const signal = remote.call.signal as AbortSignal | undefined;
  for (const isLast of [false, true]) {
    if (!force && (await exists(blob))) return;
    await mkdir(dirname(blob), { recursive: true });
    await adopt(incomplete, signal);
    if (!force && (await broughtByOther(blob, incomplete, signal))) return;
    const sink = await FileSink.open(incomplete, file, signal, progressed);
    try {
      await receive(remote, place.repo, commit, file, sink);
    } finally {
      await sink.close();
    }
    try {
      return await rename(incomplete, blob);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT") throw error;
      // Another process took the file over. It may have made it the blob, or still be at it.
      if ((await stat(blob).catch(() => undefined))?.size === file.size) return;
      if (isLast) throw error;
    }
  }
}

/**
 * Waits while another process brings the same blob, as long as its file grows; resolves to whether it is there then. The Python
 * library locks by `flock`, which Node does not have. So each process writes to a file of its own, and what two of them
 * bring at once is only brought twice.
 */
async function broughtByOther(blob: string, incomplete: string, signal: AbortSignal | undefined): Promise<boolean> {
  const [folder, etag, own] = [dirname(blob), basename(blob), basename(incomplete)];
  for (;;) {
    signal?.throwIfAborted();
    if (await exists(blob)) return true;
    const names = (await unfinishedIn(folder)).filter((name) => name !== own && name.startsWith(`${etag}.`));
    const ages = await Promise.all(names.map(async (name) => Date.now() - ((await stat(`${folder}/${name}`).catch(() => undefined))?.mtimeMs ?? 0)));
    // Another machine's clock may be ahead of this one's.
    if (!ages.some((age) => Math.abs(age) < GROWS)) return exists(blob);
    await pause(LOOK, signal);
  }
}

/** A blob on its way to disk, hashed while it comes. Pieces are joined before they are written: a response comes in small ones. */
class FileSink implements Sink {
  have = 0;
  #hash: Hash;
  /** What has come, and is not handed to the disk yet. */
  #block: Uint8Array;
  #filled = 0;
  /** The buffer that the disk takes, by turns with the other. */
  #spare: Uint8Array | undefined;
  /** Where the next block goes. */
  #end = 0;
  /** The write that goes on; one that failed stays. */
  #writing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #handle: FileHandle;
  readonly #path: string;
  readonly #file: RemoteFile;
  readonly #progressed: (loaded: number) => void;

  private constructor(path: string, handle: FileHandle, file: RemoteFile, progressed: (loaded: number) => void) {
    this.#path = path;
    this.#handle = handle;
    this.#file = file;
    this.#progressed = progressed;
    this.#hash = hashOf(file);
    this.#block = new Uint8Array(Math.min(BLOCK, file.size));
  }

  /** Goes on with what is in the file. */
  static async open(path: string, file: RemoteFile, signal: AbortSignal | undefined, progressed: (loaded: number) => void): Promise<FileSink> {
    const there = await stat(path).catch(() => undefined);
    const sink = new FileSink(path, await open(path, there ? "r+" : "w+"), file, progressed);
    try {
      if (there && there.size > file.size) await sink.reset();
      else if (there && there.size > 0) {
        for await (const piece of createReadStream(path, { highWaterMark: BLOCK })) {
          signal?.throwIfAborted();
          sink.#hash.update(piece as Buffer);
        }
        sink.have = sink.#end = there.size;
      }
    } catch (error) {
      await sink.close();
      throw error;
    }
    progressed(sink.have);
    return sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.byteLength; ) {
      const piece = bytes.subarray(at, at + this.#block.byteLength - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.byteLength;
      at += piece.byteLength;
      if (this.#filled === this.#block.byteLength) await this.#flush();
    }
    this.have += bytes.byteLength;
    this.#progressed(this.have);
    if (this.#filled > 0) this.#timer ??= setTimeout(() => void this.#flush().catch(() => {}), SOON);
  }

  /** Hands what has come to the disk, as soon as that has what came before. */
  async #flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [full, filled] = [this.#block, this.#filled];
    if (filled === 0) return;
    this.#block = this.#spare ?? new Uint8Array(full.byteLength);
    this.#spare = full;
    this.#filled = 0;
    const written = this.#put(full.subarray(0, filled)).then(() => {
      this.#writing = undefined;
    });
    written.catch(() => {});
    this.#writing = written;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.byteLength - at, this.#end);
      at += bytesWritten;
      this.#end += bytesWritten;
    }
  }

  async isRight(): Promise<boolean> {
    await this.#flush();
    await this.#writing;
    return this.have === this.#file.size && this.#hash.copy().digest("hex") === this.#file.etag;
  }

  async reset(): Promise<void> {
    this.#filled = 0;
    await this.#writing;
    await this.#handle.close();
    // A new file: where another process took over the old one, that may be a blob by now.
    await rm(this.#path, { force: true });
    this.#handle = await open(this.#path, "w+");
    this.have = this.#end = 0;
    this.#hash = hashOf(this.#file);
  }

  /** Keeps what has come, for another time. */
  async close(): Promise<void> {
    await this.#flush().catch(() => {});
    await this.#writing?.catch(() => {});
    await this.#handle.close();
  }
}

/** What the etag of a file is the hash of. */
function hashOf({ etag, size }: RemoteFile): Hash {
  return etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

const listings = new Map<string, { at: number; names: Promise<string[]> }>();

/** Names of unfinished files. While files come, a folder of thousands is read once in a while, and not for each of them. */
function unfinishedIn(folder: string): Promise<string[]> {
  const known = listings.get(folder);
  if (known && Date.now() - known.at < LISTED) return known.names;
  const names = readdir(folder).then((all) => all.filter((name) => name.endsWith("incomplete")));
  listings.set(folder, { at: Date.now(), names });
  return names;
}

/** Takes over what a process left that is no more, and a copy of what has long stood still: no two write to one file. */
async function adopt(incomplete: string, signal: AbortSignal | undefined): Promise<void> {
  const [folder, name] = [dirname(incomplete), basename(incomplete)];
  const etag = name.slice(0, name.indexOf("."));
  for (const other of await unfinishedIn(folder)) {
    if (other === name || !other.startsWith(`${etag}.`) || !other.endsWith(".incomplete")) continue;
    const left = `${folder}/${other}`;
    const alive = isAlive(other.slice(etag.length + 1, -".incomplete".length));
    if (alive) continue;
    const [theirs, ours] = await Promise.all([stat(left).catch(() => undefined), stat(incomplete).catch(() => undefined)]);
    if (alive === undefined && Math.abs(Date.now() - (theirs?.mtimeMs ?? 0)) < FORSAKEN) continue;
    const remove = () => rm(left, { force: true });
    if (!theirs || (ours && theirs.size <= ours.size)) await remove();
    else if (alive === false) await rename(left, incomplete).catch(() => {});
    else await pipeline(createReadStream(left), createWriteStream(incomplete), { signal }).then(remove, () => {});
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
