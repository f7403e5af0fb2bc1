/** Files in the cache that `huggingface_hub` (Python) shares: blobs by their hash, and snapshots that point to them. */
import { constants } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { absent, COMMIT, HASH, notHere } from "../cache/names.js";
import { type Patterns, wanted } from "../cache/patterns.js";
import { orCached, Remote, type RemoteFile, several, type TransferOptions } from "../cache/remote.js";
import { metered } from "../progress.js";
import type { RepoDesignation } from "../types/common.js";
import { checkPath, isOffline, isSet, Place, PROCESS } from "./place.js";
import { exists, fetchBlob } from "./transfer.js";

const OFFLINE = "Download it while there is a network, or unset HF_HUB_OFFLINE and localFilesOnly.";

/** Options of the client that downloads, and of the download. `onProgress` hears of every piece of every file. */
export type CacheOptions = TransferOptions;

interface CacheParams {
  /** Repository: `acme/x`, `datasets/acme/x`, `spaces/acme/x` or `{ type, name }`. */
  repo: RepoDesignation;
  /** Branch, tag, commit id, or `refs/pr/N`. Default `main`. */
  revision?: string | undefined;
  /** Folder of the cache. Default: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `~/.cache/huggingface/hub`. */
  cacheDir?: string | undefined;
  /** Sends no request, and gives what is in the cache. Default: whether `HF_HUB_OFFLINE` is set. */
  localFilesOnly?: boolean | undefined;
  /** Fetches what is in the cache anew. */
  forceDownload?: boolean | undefined;
}

export interface DownloadFileToCacheDirParams extends CacheParams {
  /** Path of the file in the repository. */
  path: string;
}

export interface SnapshotDownloadParams extends CacheParams {
  /** Only files of these, as `*.json`; `*` matches a slash too. */
  allowPatterns?: Patterns;
  /** No files of these. */
  ignorePatterns?: Patterns;
  /** Files at the same time. Default 8. */
  maxWorkers?: number | undefined;
}

/** Puts one file into the cache, unless it is there, and gives the path of it in the snapshot of its commit. */
export async function downloadFileToCacheDir(params: DownloadFileToCacheDirParams, options: CacheOptions = {}): Promise<string> {
  const { repo, path, revision = "main", cacheDir, localFilesOnly = isOffline() } = params;
  const place = new Place(repo, cacheDir);
  checkPath("path", path);
  checkPath("revision", revision);
  if (COMMIT.test(revision) && !params.forceDownload && (await exists(place.pointer(revision, path)))) return place.pointer(revision, path);
  const cached = () => local(place, revision, path);
  return localFilesOnly ? cached() : orCached(bringFile(place, revision, params, options), cached, params);
}

async function bringFile(place: Place, revision: string, { path, forceDownload = false }: DownloadFileToCacheDirParams, options: CacheOptions): Promise<string> {
  const remote = new Remote(options);
  const commit = await remote.commitOf(place.repo, revision);
  const pointer = place.pointer(commit, path);
  if (!forceDownload && (await exists(pointer))) {
    await remember(place, revision, commit);
    return pointer;
  }
  const file = await remote.file(place.repo, commit, path);
  if (!file) {
    await keep(place, place.missing(commit, path), "");
    throw absent(place.repo, path, revision);
  }
  await put(remote, place, commit, file, forceDownload, progress(options));
  await remember(place, revision, commit);
  return pointer;
}

/** Puts the files of a revision into the cache, unless they are there, and gives the folder that has them all. */
export async function snapshotDownload(params: SnapshotDownloadParams, options: CacheOptions = {}): Promise<string> {
  const { repo, revision = "main", cacheDir, localFilesOnly = isOffline(), forceDownload = false, maxWorkers = 8 } = params;
  const place = new Place(repo, cacheDir);
  checkPath("revision", revision);
  const isWanted = wanted(params.allowPatterns, params.ignorePatterns);
  const report = progress(options);
  const cached = () => localSnapshot(place, revision, isWanted);
  if (localFilesOnly) return cached();
  const remote = new Remote(options);
  const list = async () => {
    const commit = await remote.commitOf(place.repo, revision);
    return { commit, files: (await tree(place, commit)) ?? (await listed(remote, place, commit)) };
  };
  const found = await orCached<string | Awaited<ReturnType<typeof list>>>(list(), cached, params);
  if (typeof found === "string") return found;
  const { commit, files } = found;
  const wantedFiles = files.filter((file) => isWanted(file.path));
  for (const { path } of wantedFiles) checkPath("path", path);
  await mkdir(place.snapshot(commit), { recursive: true });
  await several(wantedFiles, maxWorkers, options.signal as AbortSignal | undefined, async (file, signal) => {
    const pointer = place.pointer(commit, file.path);
    if (!forceDownload && (await exists(pointer))) return report?.({ phase: "download", path: file.path, loaded: file.size, total: file.size });
    await put(new Remote({ ...options, hub: remote.hub, signal }), place, commit, file, forceDownload, report);
  });
  await remember(place, revision, commit);
  return place.snapshot(commit);
}

function progress({ onProgress }: CacheOptions): CacheOptions["onProgress"] {
  return onProgress && metered(onProgress);
}

/** The files of a commit, which never change: the list is kept, too. */
async function listed(remote: Remote, place: Place, commit: string): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  // A path may have any name, `__proto__` too.
  const index: Record<string, object> = Object.create(null) as Record<string, object>;
  for await (const { entry, ...file } of remote.files(place.repo, commit)) {
    checkPath("path", file.path);
    files.push(file);
    const large = entry.lfs && { lfs_sha256: entry.lfs.oid, lfs_size: entry.lfs.size };
    index[file.path] = { size: file.size, blob_id: entry.oid, ...large };
  }
  await keep(place, place.tree(commit), JSON.stringify({ format_version: 1, files: index }));
  return files;
}

/** The list of a commit's files as it was kept, by us or by the Python library. */
async function tree(place: Place, commit: string): Promise<RemoteFile[] | undefined> {
  try {
    const { format_version, files } = JSON.parse(await readFile(place.tree(commit), "utf8")) as { format_version: number; files: Record<string, Known> };
    if (format_version !== 1) return undefined;
    return Object.entries(files).map(([path, { size, blob_id, lfs_sha256, lfs_size }]) => {
      checkPath("path", path);
      const etag = lfs_sha256 ?? blob_id;
      if (!HASH.test(etag)) throw new Error("no hash");
      return { path, size: lfs_size ?? size, etag };
    });
  } catch {
    return undefined;
  }
}

interface Known {
  size: number;
  blob_id: string;
  lfs_sha256?: string;
  lfs_size?: number;
}

/** Fetches a blob, if it is not there, and lets the snapshot point to it. */
async function put(remote: Remote, place: Place, commit: string, file: RemoteFile, force: boolean, onProgress: CacheOptions["onProgress"]): Promise<void> {
  const report = (loaded: number) => onProgress?.({ phase: "download", path: file.path, loaded, total: file.size });
  await fetchBlob(remote, place, commit, file, force, report);
  const [blob, pointer] = [place.blob(file.etag), place.pointer(commit, file.path)];
  await mkdir(dirname(pointer), { recursive: true });
  if (!isSet("HF_HUB_DISABLE_SYMLINKS")) {
    try {
      if (force) await rm(pointer, { force: true });
      await link(relative(dirname(pointer), blob), pointer);
      report(file.size);
      return;
    } catch (error) {
      // Windows allows it to few.
      if (!["EPERM", "ENOTSUP", "ENOSYS", "EACCES"].includes(String((error as { code?: unknown }).code))) throw error;
    }
  }
  // Files of equal content are copied at the same time, each by a name of its own.
  const copy = `${blob}.${unique()}.copy`;
  try {
    await copyFile(blob, copy, constants.COPYFILE_FICLONE);
    await rename(copy, pointer);
  } catch (error) {
    await rm(copy, { force: true });
    throw error;
  }
  report(file.size);
}

/** Makes a link, unless there is one that leads somewhere. */
async function link(target: string, pointer: string): Promise<void> {
  try {
    await symlink(target, pointer);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    if (await exists(pointer)) return;
    // Such as an absolute one in a cache that was moved.
    await rm(pointer, { force: true });
    await link(target, pointer);
  }
}

/** Notes which commit a revision points to. */
async function remember(place: Place, revision: string, commit: string): Promise<void> {
  if (revision === commit) return;
  const ref = place.ref(revision);
  if ((await readFile(ref, "utf8").catch(() => "")) !== commit) await keep(place, ref, commit);
}

/**
 * Writes a note, whole or not at all: what stands beside a reference would be taken for one. The call has its file without
 * it, also where nothing can be written.
 */
async function keep(place: Place, path: string, text: string): Promise<void> {
  const made = join(place.folder, `.${unique()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(made, text);
    await rename(made, path);
  } catch {
    await rm(made, { force: true }).catch(() => {});
  }
}

function unique(): string {
  return `${PROCESS}-${Math.random().toString(36).slice(2)}`;
}

/** The commit that a revision pointed to when it was seen last. */
async function known(place: Place, revision: string): Promise<string | undefined> {
  if (COMMIT.test(revision)) return revision;
  const commit = (await readFile(place.ref(revision), "utf8").catch(() => "")).trim();
  return COMMIT.test(commit) ? commit : undefined;
}

async function local(place: Place, revision: string, path: string): Promise<string> {
  const commit = await known(place, revision);
  if (commit && (await exists(place.pointer(commit, path)))) return place.pointer(commit, path);
  if (commit && (await exists(place.missing(commit, path)))) throw absent(place.repo, path, revision);
  throw notHere(place.repo, `${path} at ${revision}`, OFFLINE);
}

async function localSnapshot(place: Place, revision: string, isWanted: (path: string) => boolean): Promise<string> {
  const commit = await known(place, revision);
  if (!commit || !(await exists(place.snapshot(commit)))) throw notHere(place.repo, revision, OFFLINE);
  for (const { path } of (await tree(place, commit)) ?? []) {
    if (isWanted(path) && !(await exists(place.pointer(commit, path)))) throw notHere(place.repo, `${path} at ${revision}`, OFFLINE);
  }
  return place.snapshot(commit);
}
