/** What caches ask the Hub for: the commit of a revision, its files, and their bytes. */
import type { CallOptions, ClientOptions } from "../client.js";
import { contentOf } from "../download/file.js";
import { type ErrorKind, HfError, NotFoundError, ProtocolError } from "../errors.js";
import { Hub, type HubOptions } from "../hub.js";
import type { AbortSignal } from "../types/platform.js";
import { either } from "../pages.js";
import type { RepoId } from "../types/common.js";
import type { TreeEntry } from "../types/files.js";
import { checkPath, COMMIT, HASH } from "./names.js";

/** A file of a commit. */
export interface RemoteFile {
  path: string;
  size: number;
  /** SHA-256 of a large file, else the id of git's blob. */
  etag: string;
}

/** Options of a client and of its calls; `hub` is a client that makes them. */
export type TransferOptions = HubOptions & CallOptions & { hub?: Hub | undefined };

/** Where the Hub cannot be reached, fails or refuses; and of a repository that it does not have, or hides. */
const AWAY: readonly ErrorKind[] = ["network", "timeout", "server", "rateLimited", "unauthorized", "forbidden", "gated"];

function isAway(error: unknown): boolean {
  if (!(error instanceof HfError)) return false;
  return AWAY.includes(error.kind) || (error.kind === "notFound" && error.missing !== "revision" && error.missing !== "entry");
}

/** What the Hub gives; where it gives nothing, what the cache has of it, as in the Python library, and else the Hub's error. */
export async function orCached<T>(asked: Promise<T>, cached: () => Promise<T>, { forceDownload = false }: { forceDownload?: boolean | undefined }): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (forceDownload || !isAway(error)) throw error;
    return await cached().catch(() => Promise.reject(error as Error));
  }
}

/** The client and the options of each call. */
export class Remote {
  readonly hub: Hub;
  readonly call: CallOptions;

  constructor({ hub, signal, onProgress: _, ...options }: TransferOptions) {
    const { timeout, retry, headers, maxResponseBytes } = options;
    this.hub = hub ?? new Hub(options as ClientOptions);
    this.call = { signal, timeout, retry, headers, maxResponseBytes };
  }

  /** The commit that a revision points to. */
  async commitOf(repo: RepoId, revision: string): Promise<string> {
    if (COMMIT.test(revision)) return revision;
    const { hub, call } = this;
    const [params, name] = [{ repo: repo.name, revision, expand: ["sha" as const] }, repo.name];
    const info = { model: () => hub.modelInfo(params, call), dataset: () => hub.datasetInfo(params, call), space: () => hub.spaceInfo(params, call) };
    const sha = repo.type === "kernel" ? await this.#lastCommit(repo, revision) : ((await info[repo.type]()) as { sha?: string }).sha;
    if (!sha || !COMMIT.test(sha)) throw new NotFoundError({ kind: "notFound", message: `${name} has no commit at ${revision}`, missing: "revision" });
    return sha;
  }

  /** For repositories of which there is no info. */
  async #lastCommit(repo: RepoId, revision: string): Promise<string | undefined> {
    for await (const { id } of this.hub.listCommits({ repo, revision, limit: 1 }, this.call)) return id;
    return undefined;
  }

  /** A file; undefined where the commit has none at the path. */
  async file(repo: RepoId, commit: string, path: string): Promise<RemoteFile | undefined> {
    const entries = await this.hub.pathsInfo({ repo, revision: commit, paths: [path] }, this.call);
    const entry = entries.find((entry) => entry.type === "file" && entry.path === path);
    return entry && fileOf(entry);
  }

  /** The files of a commit. */
  async *files(repo: RepoId, commit: string): AsyncGenerator<RemoteFile & { entry: TreeEntry }> {
    for await (const entry of this.hub.listFiles({ repo, revision: commit, recursive: true }, this.call)) {
      if (entry.type === "file") yield { ...fileOf(entry), entry };
    }
  }
}

function fileOf(entry: TreeEntry): RemoteFile {
  const { path, size, oid, lfs } = entry;
  checkPath("path", path);
  const etag = lfs?.oid ?? oid;
  // It becomes a name.
  if (!HASH.test(etag)) throw new HfError({ kind: "protocol", message: `the Hub returned no hash for ${path}` });
  return { path, size, etag };
}

/** Where the bytes of a file go, and what is there of it. */
export interface Sink {
  /** Bytes that are there. */
  have: number;
  /** The bytes hold until it is done. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets what is there. */
  reset(): Promise<void>;
  /** Whether all is there, and of the right hash. */
  isRight(): Promise<boolean>;
}

/** Brings what is missing of a file. What was there before may have been another's: then all of it is fetched once more. */
export async function receive({ hub, call }: Remote, repo: RepoId, commit: string, file: RemoteFile, sink: Sink): Promise<void> {
  for (const isLast of [sink.have === 0, true]) {
    try {
      if (sink.have < file.size) await bring(hub, call, repo, commit, file, sink);
      if (await sink.isRight()) return;
      await sink.reset();
      if (!isLast) continue;
    } catch (error) {
      const isOther = error instanceof HfError && ["protocol", "invalidInput", "preconditionFailed"].includes(error.kind);
      if (isOther) await sink.reset();
      if (!isOther || isLast) throw error;
      continue;
    }
    throw new ProtocolError({ kind: "protocol", message: `downloadFile ${repo.name}: hash mismatch: the downloaded bytes of ${file.path} are not those that the Hub lists`, endpoint: "downloadFile" });
  }
}

async function bring(hub: Hub, call: CallOptions, repo: RepoId, commit: string, { path, size }: RemoteFile, sink: Sink): Promise<void> {
  const range = sink.have > 0 ? { start: sink.have } : undefined;
  const handle = await hub.downloadFile({ repo, path, revision: commit, range }, call);
  if (handle.size !== size - sink.have) throw new ProtocolError({ kind: "protocol", message: `downloadFile ${repo.name}: ${path}: expected ${size - sink.have} bytes, but the server sends ${handle.size}`, endpoint: "downloadFile" });
  const [content, start] = contentOf(handle);
  for await (const piece of content.read(start, start + handle.size, { borrow: true, unchecked: true })) await sink.write(piece);
}

/** Works through a list, several at a time. One that fails ends all, and is what this fails with. */
export async function several<T>(list: Iterable<T>, most: number, signal: AbortSignal | undefined, work: (item: T, signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const both = signal ? either(signal as globalThis.AbortSignal, stop) : stop.signal;
  const left = list[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); !next.done && !both.aborted; next = left.next()) await work(next.value, both);
  };
  const workers = Array.from({ length: Math.max(1, Math.floor(most)) }, () => worker().catch((error: unknown) => stop.abort(error)));
  await Promise.all(workers);
  // The first that failed has aborted the others.
  both.throwIfAborted();
  stop.abort();
}
