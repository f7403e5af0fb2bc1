/** Files and folders of this machine, on their way to the Hub. */
import { open, readdir, readFile, stat } from "node:fs/promises";
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
/** Files that are opened before their turn: a disk answers several sooner than one after the other. */
const AHEAD = 16;

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
  const paths: string[] = [];
  for await (const path of walk(folder, "", await chooser(own, { ignorePatterns, allowPatterns }))) paths.push(path);
  if (paths.length === 0) throw invalid("folderPath", "holds no file to upload");
  const opened = new OpenedAhead(paths.map((path) => join(folder, path)));
  const entries = paths.map((path, at): Entry => {
    const content = async () => ({ content: await opened.take(at), release: async () => {} });
    return { path: `${prefix}${path}`, field: `folderPath ${JSON.stringify(path)}`, open: content };
  });
  const { timeout, retry, headers, maxResponseBytes } = options;
  return upload(hub ?? new Hub(options), entries, change, { signal, onProgress, store, timeout, retry, headers, maxResponseBytes });
}

/** The contents of files that are taken in their order, or nearly. */
class OpenedAhead {
  readonly #files: readonly string[];
  readonly #opened = new Map<number, Promise<Blob>>();
  #next = 0;

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  take(at: number): Promise<Blob> {
    for (this.#next = Math.max(this.#next, at); this.#next < Math.min(at + AHEAD, this.#files.length); this.#next++) {
      const content = contentOf(this.#files[this.#next] as string);
      // A failure is told to who takes it.
      content.catch(() => {});
      this.#opened.set(this.#next, content);
    }
    const content = this.#opened.get(at) ?? contentOf(this.#files[at] as string);
    this.#opened.delete(at);
    return content;
  }
}

/** A small file is read at once: what a commit holds of small files is bounded, and each is looked at twice. */
async function contentOf(path: string): Promise<Blob> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(SMALL + 1);
    let size = 0;
    let bytesRead: number;
    do {
      ({ bytesRead } = await file.read(bytes, size, bytes.length - size));
      size += bytesRead;
    } while (bytesRead > 0 && size < bytes.length);
    return size > SMALL ? await fileBlob(path) : new globalThis.Blob([bytes.subarray(0, size)]);
  } finally {
    await file.close();
  }
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
