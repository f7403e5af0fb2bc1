/** What is in the cache, repository by repository, and how it is removed. */
import { folderOf, repoOf, repoOfFolder } from "../cache/names.js";
import type { RepoDesignation, RepoId } from "../types/common.js";
import { allBlobs } from "./blobs.js";
import { entries, read, remove } from "./store.js";

export interface CachedRepo {
  id: RepoId;
  /** Bytes, of unfinished files too; a file of several commits counts once. */
  size: number;
  /** Files that are complete, by their content. */
  filesCount: number;
  /** Commits of which files are known. */
  commits: string[];
  /** Branches, tags and pull requests, and the commit that each was seen at last. */
  refs: Record<string, string>;
  lastUsedAt: Date;
}

export interface CacheInfo {
  /** Bytes of all repositories. */
  size: number;
  /** Bytes that the browser allows to the origin, and that the origin uses, as far as it says. */
  quota: number | undefined;
  usage: number | undefined;
  repos: CachedRepo[];
}

/** Describes the cache. */
export async function scanCache(): Promise<CacheInfo> {
  const [blobs, { quota, usage }] = await Promise.all([allBlobs(), navigator.storage.estimate()]);
  const repos: CachedRepo[] = [];
  for (const [folder, { kind }] of await entries([])) {
    if (kind !== "directory") continue;
    const own = blobs.filter((blob) => blob.folder === folder);
    const trees = await entries([folder, "trees"]);
    const refs: Record<string, string> = {};
    for (const [name] of await entries([folder, "refs"])) refs[decodeURIComponent(name)] = (await (await read([folder, "refs", name]))?.text()) ?? "";
    repos.push({
      id: repoOfFolder(folder),
      size: own.reduce((sum, { size }) => sum + size, 0),
      filesCount: own.filter(({ isDone }) => isDone).length,
      commits: trees.map(([name]) => name.replace(/\.json$/, "")),
      refs,
      lastUsedAt: new Date(Math.max(0, ...own.map(({ used }) => used))),
    });
  }
  return { size: repos.reduce((sum, { size }) => sum + size, 0), quota, usage, repos };
}

/** Removes what the cache has of a repository; without one, everything. */
export async function deleteCache({ repo }: { repo?: RepoDesignation | undefined } = {}): Promise<void> {
  await remove(repo === undefined ? [] : [folderOf(repoOf(repo))]);
}
