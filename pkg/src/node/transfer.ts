/** Downloads that go to disk while they come. The core makes the requests; the bytes never pass through it. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, type FileHandle, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { CallOptions, ClientOptions, TimeLimits } from "../client.js";
import { HfError, ProtocolError } from "../errors.js";
import { Hub, type HubOptions } from "../hub.js";
import { isAlive, type Place } from "./place.js";

/** A file of a commit. */
export interface RemoteFile {
  path: string;
  size: number;
  /** SHA-256 of a large file, else the id of git's blob. */
  etag: string;
}

/** Options of a client and of its calls. */
export type TransferOptions = HubOptions & CallOptions;

/** Attempts after which nothing more has come. */
const IN_VAIN = 5;
/** Milliseconds between two pieces. */
const IDLE = 60_000;
/** Names the file that a request is for; it is not sent. */
const FOR = "x-hf-wasm-download";

/** Bytes that stand for what they come in the place of: the core sees no more of them. */
const EMPTY = () => new Response(null, { status: 200 });

/** What goes on at this moment, by the place of the blob: who wants the same one waits for it. */
const underWay = new Map<string, Promise<void>>();

export class Transfer {
  readonly hub: Hub;
  readonly #options: TransferOptions;
  readonly #idle: number;
  /** Where to the files are received, by their numbers, and by the addresses that they were redirected to. */
  readonly #receivers = new Map<string, Receiver>();

  constructor(options: TransferOptions) {
    const base = options.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init));
    const fetch = (url: string, init: object) => this.#fetch(base as Fetch, url, init);
    this.hub = new Hub({ ...clientOptions(options), fetch: fetch as NonNullable<ClientOptions["fetch"]> });
    this.#options = options;
    const { timeout } = options;
    this.#idle = (typeof timeout === "object" ? timeout.idle : undefined) ?? IDLE;
  }

  /** What a single call may be told. */
  get call(): CallOptions {
    const { signal, timeout, retry, headers, maxResponseBytes } = this.#options;
    return { signal, timeout, retry, headers, maxResponseBytes };
  }

  /** Puts a file among the blobs, unless it is there; `force` fetches it anew. Nothing unfinished stands there ever. */
  async fetch(place: Place, commit: string, file: RemoteFile, force: boolean, progressed: (loaded: number) => void): Promise<void> {
    const blob = place.blob(file.etag);
    for (let other = underWay.get(blob); other; other = underWay.get(blob)) await other.catch(() => {});
    if (!force && (await exists(blob))) return;
    const going = this.#receive(place, commit, file, blob, progressed);
    underWay.set(blob, going);
    try {
      await going;
    } finally {
      underWay.delete(blob);
    }
  }

  async #receive(place: Place, commit: string, file: RemoteFile, blob: string, progressed: (loaded: number) => void): Promise<void> {
    const incomplete = place.incomplete(file.etag);
    await mkdir(dirname(blob), { recursive: true });
    await adopt(incomplete);
    const receiver = await Receiver.open(incomplete, file, this.#idle, progressed);
    try {
      if (receiver.have < file.size || file.size === 0) await this.#insist(place, commit, file, receiver);
      if (!receiver.isRight()) {
        // What a process left before may have been another's: all of it is fetched once more.
        await receiver.reset();
        await this.#insist(place, commit, file, receiver);
      }
      if (!receiver.isRight()) {
        await receiver.reset();
        throw new ProtocolError({ kind: "protocol", message: `downloadFile: what came of ${file.path} has another hash than the Hub names`, endpoint: "downloadFile" });
      }
    } finally {
      await receiver.close();
    }
    await rename(incomplete, blob);
  }

  /** Goes on for as long as more comes. */
  async #insist(place: Place, commit: string, file: RemoteFile, receiver: Receiver): Promise<void> {
    const { type, name } = place.repo;
    const { signal, retry, headers } = this.#options;
    const id = `${Math.random()}`;
    this.#receivers.set(id, receiver);
    try {
      for (let inVain = 0; ; ) {
        const before = receiver.have;
        try {
          // The head of the response counts as come when all of it has.
          const timeout: TimeLimits = { ...limits(this.#options.timeout), headers: Number.POSITIVE_INFINITY };
          const own = { ...Object.fromEntries(new Headers(headers as HeadersInit | undefined)), [FOR]: id };
          await this.hub.downloadFile({ repo: { type, name }, path: file.path, revision: commit }, { signal, timeout, retry: retry ?? { attempts: IN_VAIN }, headers: own });
          return;
        } catch (error) {
          const passing = error instanceof HfError && ["network", "timeout", "server"].includes(error.kind);
          inVain = receiver.have > before ? 0 : inVain + 1;
          if (!passing || retry === false || inVain > 0) throw error;
        }
      }
    } finally {
      for (const [key, other] of this.#receivers) if (other === receiver) this.#receivers.delete(key);
    }
  }

  async #fetch(base: Fetch, url: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>) };
    const receiver = this.#receivers.get(headers[FOR] ?? url);
    delete headers[FOR];
    if (!receiver) return base(url, { ...init, headers });
    // Bytes of a coding could not be counted.
    headers["accept-encoding"] = "identity";
    if (receiver.have > 0) headers["range"] = `bytes=${receiver.have}-`;
    if (receiver.have > 0 && receiver.tag) headers["if-range"] = receiver.tag;
    const response = await base(url, { ...init, headers });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location) {
      this.#receivers.set(new URL(location, url).href, receiver);
      await response.body?.cancel();
      return new Response(null, { status: response.status, headers: { location } });
    }
    if (response.status === 416) {
      // There is no more than what is here already, or less.
      await response.body?.cancel();
      await receiver.reset();
      throw new Error("the server has another file than before");
    }
    if (response.status !== 200 && response.status !== 206) return response;
    await receiver.take(response, init.signal ?? undefined);
    return EMPTY();
  }
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A blob on its way to disk, hashed while it comes. */
class Receiver {
  have = 0;
  /** The strong ETag of the response that the bytes came with, if they came in this process. */
  tag: string | undefined;
  #hash: Hash;
  readonly #handle: FileHandle;
  readonly #file: RemoteFile;
  readonly #idle: number;
  readonly #progressed: (loaded: number) => void;

  private constructor(handle: FileHandle, file: RemoteFile, idle: number, progressed: (loaded: number) => void) {
    this.#handle = handle;
    this.#file = file;
    this.#idle = idle;
    this.#progressed = progressed;
    this.#hash = hashOf(file);
  }

  /** Goes on with what is in the file. */
  static async open(path: string, file: RemoteFile, idle: number, progressed: (loaded: number) => void): Promise<Receiver> {
    const there = await stat(path).catch(() => undefined);
    const handle = await open(path, there ? "r+" : "w+");
    const receiver = new Receiver(handle, file, idle, progressed);
    if (there && there.size > file.size) await handle.truncate(0);
    else if (there && there.size > 0) {
      for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) receiver.#hash.update(piece as Buffer);
      receiver.have = there.size;
    }
    progressed(receiver.have);
    return receiver;
  }

  /** Writes what a response brings: the whole, or what is missing of it. */
  async take(response: Response, signal: AbortSignal | undefined): Promise<void> {
    if (response.status === 206) {
      const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
      const right = Number(first) === this.have && (total === "*" || Number(total) === this.#file.size);
      if (!right) {
        await response.body?.cancel();
        await this.reset();
        throw new Error("the server sent another range");
      }
    } else await this.reset();
    const tag = response.headers.get("etag") ?? undefined;
    this.tag = tag?.startsWith('"') ? tag : undefined;
    const reader = response.body?.getReader();
    try {
      for (;;) {
        const value = reader && (await this.#next(reader));
        if (!value) break;
        signal?.throwIfAborted();
        if (this.have + value.byteLength > this.#file.size) throw new Error(`more than ${this.#file.size} bytes came`);
        await this.#write(value);
      }
    } catch (error) {
      await reader?.cancel().catch(() => {});
      throw error;
    }
    if (this.have < this.#file.size) throw new Error(`the response ended after ${this.have} of ${this.#file.size} bytes`);
  }

  isRight(): boolean {
    return this.have === this.#file.size && this.#hash.copy().digest("hex") === this.#file.etag;
  }

  async reset(): Promise<void> {
    await this.#handle.truncate(0);
    this.have = 0;
    this.tag = undefined;
    this.#hash = hashOf(this.#file);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.byteLength - at, this.have + at);
      at += bytesWritten;
    }
    this.#hash.update(bytes);
    this.have += bytes.byteLength;
    this.#progressed(this.have);
  }

  /** The next bytes; undefined at the end. */
  async #next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      if (Number.isFinite(this.#idle)) timer = setTimeout(() => reject(new Error(`no more of the response within ${this.#idle} ms`)), this.#idle);
    });
    try {
      return (await Promise.race([reader.read(), late])).value;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What the etag of a file is the hash of. */
function hashOf({ etag, size }: RemoteFile): Hash {
  return etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

/** Takes over what a process left that is no more. */
async function adopt(incomplete: string): Promise<void> {
  const [folder, name] = [dirname(incomplete), basename(incomplete)];
  const etag = name.slice(0, name.indexOf("."));
  for (const other of await readdir(folder)) {
    if (other === name || !other.startsWith(`${etag}.`) || !other.endsWith(".incomplete")) continue;
    const owner = other.slice(etag.length + 1, -".incomplete".length);
    if (isAlive(owner)) continue;
    const [theirs, ours] = await Promise.all([stat(`${folder}/${other}`).catch(() => undefined), stat(incomplete).catch(() => undefined)]);
    if (theirs && (!ours || theirs.size > ours.size)) await rename(`${folder}/${other}`, incomplete).catch(() => {});
    else await rm(`${folder}/${other}`, { force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function limits(timeout: TransferOptions["timeout"]): TimeLimits {
  return typeof timeout === "number" ? { total: timeout } : (timeout ?? {});
}

/** What of the options a client takes. */
function clientOptions(options: TransferOptions): ClientOptions {
  const { signal: _, onProgress: __, ...client } = options;
  return client;
}
