/** Files and folders of this machine, on their way to the Hub. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ignore from "ignore";
import type { CallOptions } from "../client.js";
import type { FileChange } from "../changes.js";
import { Hub } from "../hub.js";
import { diskBlob } from "../spool/disk.js";
import type { CommitResult } from "../types/commit.js";
import type { Blob, URL } from "../types/platform.js";
import { invalid } from "./place.js";
import type { TransferOptions } from "./transfer.js";

/** Never part of a commit. */
const NEVER = [".git/", ".cache/huggingface/"];

export interface UploadFolderParams extends FileChange {
  /** Folder on this machine. */
  folderPath: string | URL;
  /** Folder in the repository that takes what is in it. Default: the root. */
  pathInRepo?: string | undefined;
  /** What to leave out, in the syntax of `.gitignore`, beside what a `.gitignore` in the folder leaves out. */
  ignorePatterns?: string | readonly string[] | undefined;
  /** Only these, in the same syntax. */
  allowPatterns?: string | readonly string[] | undefined;
}

/**
 * Uploads a folder with one commit. Files are read from disk piece by piece; what the Hub has already is not sent, so that
 * a second run goes on where the first was interrupted.
 *
 * `hub` is a client, or the options of one.
 */
export async function uploadFolder(params: UploadFolderParams, { signal, onProgress, ...options }: TransferOptions & CallOptions & { hub?: Hub } = {}): Promise<CommitResult> {
  const { folderPath, pathInRepo = "", ignorePatterns = [], allowPatterns, ...change } = params;
  const folder = typeof folderPath === "string" ? folderPath : fileURLToPath(folderPath as globalThis.URL);
  if (typeof folder !== "string" || !(await stat(folder).catch(() => undefined))?.isDirectory()) throw invalid("folderPath", "must be a folder");
  const own = await readFile(join(folder, ".gitignore"), "utf8").catch(() => "");
  const ignored = ignore().add(own).add([...list(ignorePatterns), ...NEVER]);
  const allowed = allowPatterns === undefined ? undefined : ignore().add([...list(allowPatterns)]);
  const prefix = pathInRepo.replace(/\/*$/, pathInRepo ? "/" : "");
  const files: { path: string; content: Blob }[] = [];
  for await (const path of walk(folder, "", (path) => !ignored.ignores(path))) {
    if (allowed && !allowed.ignores(path)) continue;
    files.push({ path: `${prefix}${path}`, content: await fileBlob(join(folder, path)) });
  }
  if (files.length === 0) throw invalid("folderPath", "holds no file to upload");
  const hub = options.hub ?? new Hub(options);
  const commitTitle = change.commitTitle ?? `Upload ${files.length === 1 ? files[0]?.path : `${files.length} files`}`;
  return hub.uploadFiles({ ...change, commitTitle, files }, { signal, onProgress });
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

function list(given: string | readonly string[]): readonly string[] {
  return typeof given === "string" ? [given] : given;
}
