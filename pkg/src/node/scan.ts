/** What is in the cache, repository by repository. */
import type { Stats } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { repoOfFolder } from "../cache/names.js";
import type { RepoId } from "../types/common.js";
import { getHFHubCachePath } from "./place.js";

export interface CachedFileInfo {
  /** In the snapshot. */
  path: string;
  /** What it points to. */
  blob: { path: string; size: number; lastModifiedAt: Date; lastAccessedAt: Date };
}

export interface CachedRevisionInfo {
  commitOid: string;
  path: string;
  size: number;
  files: CachedFileInfo[];
  /** Branches, tags and pull requests that point here. */
  refs: string[];
  lastModifiedAt: Date;
}

export interface CachedRepoInfo {
  id: RepoId;
  path: string;
  /** Bytes; a file of several revisions counts once. */
  size: number;
  filesCount: number;
  revisions: CachedRevisionInfo[];
  lastAccessedAt: Date;
  lastModifiedAt: Date;
}

export interface HFCacheInfo {
  size: number;
  repos: CachedRepoInfo[];
  /** What could not be read. */
  warnings: Error[];
}

/** Describes the cache, by default the one that `HF_HUB_CACHE` and `HF_HOME` name. One that does not exist is empty. */
export async function scanCacheDir(cacheDir: string = getHFHubCachePath()): Promise<HFCacheInfo> {
  const [repos, warnings]: [CachedRepoInfo[], Error[]] = [[], []];
  for (const name of (await readdir(cacheDir).catch(absent)) ?? []) {
    const path = join(cacheDir, name);
    if (name.startsWith(".")) continue;
    try {
      if (!(await stat(path)).isDirectory()) continue;
      repos.push(await scanCachedRepo(path, name));
    } catch (error) {
      warnings.push(error as Error);
    }
  }
  return { size: sum(repos), repos, warnings };
}

async function scanCachedRepo(path: string, name: string): Promise<CachedRepoInfo> {
  const id = repoOfFolder(name);
  const refs = await refsOf(join(path, "refs"));
  const blobs = new Map<string, Stats>();
  const revisions: CachedRevisionInfo[] = [];
  for (const commitOid of (await readdir(join(path, "snapshots")).catch(absent)) ?? []) {
    const folder = join(path, "snapshots", commitOid);
    if (!(await stat(folder)).isDirectory()) continue;
    const files: CachedFileInfo[] = [];
    for (const file of await filesOf(folder)) {
      const blob = await realpath(file);
      const stats = await lstat(blob);
      blobs.set(blob, stats);
      files.push({ path: file, blob: { path: blob, size: stats.size, lastModifiedAt: stats.mtime, lastAccessedAt: stats.atime } });
    }
    const last = files.map(({ blob }) => blob.lastModifiedAt);
    const named = refs.filter(([, commit]) => commit === commitOid).map(([ref]) => ref);
    const lastModifiedAt = latest(last) ?? (await stat(folder)).mtime;
    revisions.push({ commitOid, path: folder, size: sum(files.map(({ blob }) => blob)), files, refs: named, lastModifiedAt });
  }
  const all = [...blobs.values()];
  const own = await stat(path);
  return {
    id,
    path,
    size: sum(all),
    filesCount: all.length,
    revisions,
    lastAccessedAt: latest(all.map(({ atime }) => atime)) ?? own.atime,
    lastModifiedAt: latest(all.map(({ mtime }) => mtime)) ?? own.mtime,
  };
}

/** Each reference and its commit. */
async function refsOf(folder: string): Promise<[ref: string, commit: string][]> {
  const files = (await filesOf(folder).catch(absent)) ?? [];
  return Promise.all(files.map(async (file) => [relative(folder, file).split(sep).join("/"), (await readFile(file, "utf8")).trim()] as [string, string]));
}

async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesOf(path)));
    else if (entry.name !== ".DS_Store") files.push(path);
  }
  return files;
}

function sum(parts: readonly { size: number }[]): number {
  return parts.reduce((total, { size }) => total + size, 0);
}

function latest(dates: readonly Date[]): Date | undefined {
  return dates.length === 0 ? undefined : dates.reduce((one, other) => (one > other ? one : other));
}

function absent(error: { code?: unknown }): undefined {
  if (error.code !== "ENOENT") throw error;
}
