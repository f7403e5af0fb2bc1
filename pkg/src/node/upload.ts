/** Files and folders of this machine, on their way to the Hub. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileChange } from "../changes.js";
import { chooser, type FolderPatterns } from "../folder-patterns.js";
import { Hub } from "../hub.js";
import { diskBlob } from "../spool/disk.js";
import type { Blob, URL } from "../types/platform.js";
import { type Entry, upload, type UploadResult } from "../upload.js";
import { invalid } from "../cache/names.js";
import type { TransferOptions } from "../cache/remote.js";

/** Bytes of a file that is held in memory. */
const SMALL = 64 << 10;

export interface UploadFolderParams extends FileChange, FolderPatterns {
  /** Folder on this machine. */
  folderPath: string | URL;
  /** Folder in the repository that takes what is in it. Default: the root. */
  pathInRepo?: string | undefined;
}

/**
 * Uploads a folder: with one commit, or with several where there are more than 1,000 files or 64 MB of small ones. Files
 * are read from disk piece by piece; what the Hub has already is not sent, so that a second run goes on where the first
 * was interrupted.
 *
 * `hub` is a client, or the options of one.
 */
export async function uploadFolder(params: UploadFolderParams, { signal, onProgress, store, hub, ...options }: TransferOptions & { hub?: Hub } = {}): Promise<UploadResult> {
  const { folderPath, pathInRepo = "", ignorePatterns, allowPatterns, ...change } = params;
  const folder = typeof folderPath === "string" ? folderPath : fileURLToPath(folderPath as globalThis.URL);
  if (typeof folder !== "string" || !(await stat(folder).catch(() => undefined))?.isDirectory()) throw invalid("folderPath", "must be a folder");
  const own = await readFile(join(folder, ".gitignore"), "utf8").catch(() => "");
  const prefix = pathInRepo.replace(/\/*$/, pathInRepo ? "/" : "");
  const entries: Entry[] = [];
  for await (const path of walk(folder, "", await chooser(own, { ignorePatterns, allowPatterns }))) {
    const open = async () => ({ content: await contentOf(join(folder, path)), release: async () => {} });
    entries.push({ path: `${prefix}${path}`, field: `folderPath ${JSON.stringify(path)}`, open });
  }
  if (entries.length === 0) throw invalid("folderPath", "holds no file to upload");
  const { timeout, retry, headers, maxResponseBytes } = options;
  return upload(hub ?? new Hub(options), entries, change, { signal, onProgress, store, timeout, retry, headers, maxResponseBytes });
}

/** A small file is read when its turn comes: what a commit holds of small files is bounded, and each is looked at twice. */
async function contentOf(path: string): Promise<Blob> {
  return (await stat(path)).size > SMALL ? await fileBlob(path) : new globalThis.Blob([await readFile(path)]);
}

/** A file of this machine as a Blob, which reads it piece by piece. */
export async function fileBlob(path: string | URL): Promise<Blob> {
  const file = typeof path === "string" ? path : fileURLToPath(path as globalThis.URL);
  if (!(await stat(file)).isFile()) throw invalid("path", "must be a file");
  const blob = await diskBlob(file);
  if (!blob) throw invalid("path", "cannot be read as a Blob: this runtime has no fs.openAsBlob");
  return blob;
}

/** The files below a folder, in the order of their names. Links to folders are not followed. */
async function* walk(root: string, folder: string, isWanted: (path: string) => boolean): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      if (isWanted(`${path}/`)) yield* walk(root, path, isWanted);
    } else if (isWanted(path) && (entry.isFile() || (await stat(join(root, path)).catch(() => undefined))?.isFile())) yield path;
  }
}
