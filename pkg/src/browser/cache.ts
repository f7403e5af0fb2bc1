/** Files of the Hub in the origin private file system of a page or worker. */
import { absent, checkPath, COMMIT, folderOf, notHere, repoOf } from "../cache/names.js";
import { type Patterns, wanted } from "../cache/patterns.js";
import { orCached, receive, Remote, type RemoteFile, several, type TransferOptions } from "../cache/remote.js";
import { metered, type Progress } from "../progress.js";
import type { RepoDesignation, RepoId } from "../types/common.js";
import type { File } from "../types/platform.js";
import { blobName, bringBlob, openBlob } from "./blobs.js";
import { roomFor } from "./room.js";
import { locked, read, readJson, write } from "./store.js";

/** Options of the client that downloads, and of the download. `onProgress` hears of every piece of every file. */
export type CacheOptions = TransferOptions;

interface CacheParams {
  /** Repository: `acme/x`, `datasets/acme/x`, `spaces/acme/x` or `{ type, name }`. */
  repo: RepoDesignation;
  /** Branch, tag, commit id, or `refs/pr/N`. Default `main`. */
  revision?: string | undefined;
  /** Sends no request, and gives what is in the cache. Default: whether the browser is offline. */
  localFilesOnly?: boolean | undefined;
  /** Fetches what is in the cache anew. */
  forceDownload?: boolean | undefined;
  /** Bytes that the cache may hold with what is fetched: what was not used for the longest time makes room. */
  maxSize?: number | undefined;
}

export interface DownloadFileToCacheParams extends CacheParams {
  /** Path of the file in the repository. */
  path: string;
}

export interface SnapshotDownloadParams extends CacheParams {
  /** Only files of these, as `*.json`; `*` matches a slash too. */
  allowPatterns?: Patterns;
  /** No files of these. */
  ignorePatterns?: Patterns;
  /** Files at the same time. Default 4. */
  maxWorkers?: number | undefined;
}

/** The files of a commit that the cache has. */
export interface Snapshot {
  commit: string;
  paths: string[];
  /** A file, which stays on disk until it is read. Rejects if it is not among `paths`, or has been removed. */
  file(path: string): Promise<File>;
}

/** What is known of a commit's files. */
interface Tree {
  /** Whether these are all. */
  isComplete: boolean;
  files: Record<string, { etag: string; size: number }>;
}

type Report = ((progress: Progress) => void) | undefined;

const OFFLINE = "Download it while there is a network, or set localFilesOnly to false.";

/** Puts one file into the cache, unless it is there, and gives it as a `File`, which stays on disk until it is read. */
export async function downloadFileToCache(params: DownloadFileToCacheParams, options: CacheOptions = {}): Promise<File> {
  const { path, revision = "main", localFilesOnly = isOffline() } = params;
  const repo = repoOf(params.repo);
  checkPath("path", path);
  checkPath("revision", revision);
  const cached = () => local(repo, revision, path);
  if (localFilesOnly) return cached();
  if (COMMIT.test(revision) && !params.forceDownload) {
    const there = await stored(repo, revision, path);
    if (there) return there;
  }
  return orCached(bringFile(repo, revision, params, options), cached, params);
}

async function bringFile(repo: RepoId, revision: string, params: DownloadFileToCacheParams, options: CacheOptions): Promise<File> {
  const { path } = params;
  const remote = new Remote(options);
  const commit = await remote.commitOf(repo, revision);
  const listedFile = (await treeOf(repo, commit)).files[path];
  const file = listedFile ? { path, ...listedFile } : await remote.file(repo, commit, path);
  if (!file) throw absent(repo, path, revision);
  const evict = await roomFor(blobsOf(repo, [file]), params.maxSize);
  await put(remote, repo, commit, file, params, options.onProgress && metered(options.onProgress), evict);
  if (!listedFile) {
    await keepTree(repo, commit, (tree) => {
      tree.files[path] = { etag: file.etag, size: file.size };
    });
  }
  await remember(repo, revision, commit);
  return opened(repo, file, revision);
}

/** Puts the files of a revision into the cache, unless they are there. */
export async function snapshotDownload(params: SnapshotDownloadParams, options: CacheOptions = {}): Promise<Snapshot> {
  const { revision = "main", localFilesOnly = isOffline(), maxWorkers = 4 } = params;
  const repo = repoOf(params.repo);
  checkPath("revision", revision);
  const isWanted = wanted(params.allowPatterns, params.ignorePatterns);
  const cached = () => localSnapshot(repo, revision, isWanted);
  if (localFilesOnly) return cached();
  const remote = new Remote(options);
  const list = async () => {
    const commit = await remote.commitOf(repo, revision);
    return { commit, files: await listed(remote, repo, commit) };
  };
  const found = await orCached<Snapshot | Awaited<ReturnType<typeof list>>>(list(), cached, params);
  if (!("files" in found)) return found;
  const { commit, files } = found;
  const needed = files.filter(({ path }) => isWanted(path));
  const report = options.onProgress && metered(options.onProgress);
  const own = blobsOf(repo, needed);
  const evict = await roomFor(own, params.maxSize);
  await several(needed, maxWorkers, options.signal as AbortSignal | undefined, (file, signal) =>
    put(new Remote({ ...options, hub: remote.hub, signal }), repo, commit, file, params, report, evict),
  );
  await remember(repo, revision, commit);
  return snapshotOf(repo, commit, needed);
}

async function put(remote: Remote, repo: RepoId, commit: string, file: RemoteFile, { forceDownload = false }: CacheParams, onProgress: Report, evict: () => Promise<void>): Promise<void> {
  const report = (loaded: number) => onProgress?.({ phase: "download", path: file.path, loaded, total: file.size });
  const signal = remote.call.signal as AbortSignal | undefined;
  const bring = (sink: Parameters<typeof receive>[4]) => receive(remote, repo, commit, file, sink);
  await bringBlob(folderOf(repo), file, forceDownload, signal, report, bring, evict);
}

/** The blobs of these files, each once, by their names in the cache. */
function blobsOf(repo: RepoId, files: RemoteFile[]): Map<string, number> {
  return new Map(files.map(({ etag, size }) => [blobName({ folder: folderOf(repo), etag }), size]));
}

/** The files of a commit, which never change: the list is kept. */
async function listed(remote: Remote, repo: RepoId, commit: string): Promise<RemoteFile[]> {
  const tree = await treeOf(repo, commit);
  if (tree.isComplete) return filesOf(tree);
  // A path may have any name, `__proto__` too.
  const files = Object.create(null) as Tree["files"];
  for await (const { path, etag, size } of remote.files(repo, commit)) files[path] = { etag, size };
  await keepTree(repo, commit, (tree) => Object.assign(tree, { isComplete: true, files }));
  return filesOf({ isComplete: true, files });
}

function filesOf({ files }: Tree): RemoteFile[] {
  return Object.entries(files).map(([path, file]) => ({ path, ...file }));
}

const placeOfTree = (repo: RepoId, commit: string) => [folderOf(repo), "trees", `${commit}.json`];

async function treeOf(repo: RepoId, commit: string): Promise<Tree> {
  const { isComplete = false, files = {} } = (await readJson<Partial<Tree>>(placeOfTree(repo, commit))) ?? {};
  // A path may have any name.
  return { isComplete, files: Object.assign(Object.create(null), files) as Tree["files"] };
}

/** Notes what is known of a commit's files. The call has them without it, also where the disk is full. */
async function keepTree(repo: RepoId, commit: string, change: (tree: Tree) => void): Promise<void> {
  await locked(folderOf(repo), undefined, async () => {
    const tree = await treeOf(repo, commit);
    change(tree);
    await write(placeOfTree(repo, commit), JSON.stringify(tree)).catch(() => {});
  });
}

const placeOfRef = (repo: RepoId, revision: string) => [folderOf(repo), "refs", encodeURIComponent(revision)];

/** Notes which commit a revision points to, where the disk is not full. */
async function remember(repo: RepoId, revision: string, commit: string): Promise<void> {
  if ((await known(repo, revision)) !== commit) await write(placeOfRef(repo, revision), commit).catch(() => {});
}

/** The commit that a revision pointed to when it was seen last. */
async function known(repo: RepoId, revision: string): Promise<string | undefined> {
  if (COMMIT.test(revision)) return revision;
  const commit = (await (await read(placeOfRef(repo, revision)))?.text())?.trim();
  return commit && COMMIT.test(commit) ? commit : undefined;
}

async function stored(repo: RepoId, commit: string, path: string): Promise<File | undefined> {
  const file = (await treeOf(repo, commit)).files[path];
  return file && (await openBlob(folderOf(repo), file.etag, path.split("/").at(-1) as string));
}

async function local(repo: RepoId, revision: string, path: string): Promise<File> {
  const commit = await known(repo, revision);
  const there = commit && (await stored(repo, commit, path));
  if (there) return there;
  const { isComplete, files } = commit ? await treeOf(repo, commit) : { isComplete: false, files: {} };
  throw isComplete && !(path in files) ? absent(repo, path, revision) : notHere(repo, `${path} at ${revision}`, OFFLINE);
}

async function localSnapshot(repo: RepoId, revision: string, isWanted: (path: string) => boolean): Promise<Snapshot> {
  const commit = await known(repo, revision);
  const tree = commit ? await treeOf(repo, commit) : undefined;
  if (!commit || !tree?.isComplete) throw notHere(repo, revision, OFFLINE);
  const needed = filesOf(tree).filter(({ path }) => isWanted(path));
  for (const file of needed) await opened(repo, file, revision);
  return snapshotOf(repo, commit, needed);
}

async function opened(repo: RepoId, { path, etag }: RemoteFile, revision: string): Promise<File> {
  const file = await openBlob(folderOf(repo), etag, path.split("/").at(-1) as string);
  if (!file) throw notHere(repo, `${path} at ${revision}`, OFFLINE);
  return file;
}

function snapshotOf(repo: RepoId, commit: string, files: RemoteFile[]): Snapshot {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const file = async (path: string) => {
    const found = byPath.get(path);
    if (!found) throw absent(repo, path, commit);
    return opened(repo, found, commit);
  };
  return { commit, paths: [...byPath.keys()], file };
}

function isOffline(): boolean {
  return navigator.onLine === false;
}
