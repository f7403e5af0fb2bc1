/** The changes of files that have a method of their own: each is one commit. Loaded by the first. */
import type { HubFile } from "./download/file.js";
import type { CallOptions } from "./client.js";
import type { FolderPatterns } from "./folder-patterns.js";
import type { CommitParams } from "./generated/endpoints.js";
import type { PageFolder, PageItem } from "./page-files.js";
import type { CommitOperation, CommitResult, FileContent } from "./types/commit.js";
import type { AsyncBytes, File, FileSystemFileHandle, ReadableStream, Response, URL } from "./types/platform.js";
import { checkNames, invalid, type Uploader, upload } from "./upload.js";
import { entriesBelow, entriesOf, entryOf } from "./upload-entries.js";

/** What all changes of files have in common. The title says what the change does unless `commitTitle` does. */
export interface FileChange {
  repo: CommitParams["repo"];
  commitTitle?: string | undefined;
  commitDescription?: string | undefined;
  /** Default `main`. */
  branch?: string | undefined;
  /** Opens a pull request with the change in place of changing the branch. */
  isPullRequest?: boolean | undefined;
  /** Commit id that the branch must still point to; else the change fails with 412. */
  parentCommit?: string | undefined;
  /** Space: reloads changed files without a restart. */
  hotReload?: boolean | undefined;
}

/**
 * Content of a file to upload. What can be read only once is kept until the upload ends: in a temporary file in Node, Deno
 * and Bun, elsewhere in a Blob. A URL is read by `fetch`, without the client's token; in Node, Deno and Bun a `file:` URL
 * names a file of this machine, so check URLs that come from somebody else. In workerd a URL whose server knows ranges, and
 * a file of the Hub, are read twice and not kept.
 */
export type UploadContent = FileContent | ReadableStream | AsyncBytes | Response | URL | FileSystemFileHandle | HubFile;

/**
 * A file to upload: one that knows its name, or content and where it goes. A folder that a page was given stands for all
 * that is in it; the paths of its files begin with its name.
 */
export type FileToUpload = File | PageItem | { path: string; content: UploadContent };

export type UploadFileParams = FileChange & { file: FileToUpload };
export type UploadFilesParams = FileChange & { files: Iterable<FileToUpload> };

/** A folder of a page: a handle, what was dropped onto the page, or the list of an `<input webkitdirectory>`. */
export type FolderOfPage = PageFolder | Iterable<File>;

export interface UploadFolderParams extends FileChange, FolderPatterns {
  folder: FolderOfPage;
  /** Folder in the repository that takes what is in it. Default: the root. */
  pathInRepo?: string | undefined;
}
export type DeleteFileParams = FileChange & { path: string };
export type DeleteFilesParams = FileChange & { paths: readonly string[] };
export type DeleteFolderParams = FileChange & { path: string };
/** `from` is read from `fromRevision`, by default from the branch. */
export type CopyFileParams = FileChange & { from: string; fromRevision?: string | undefined; path: string };
export type MoveFileParams = FileChange & { from: string; path: string };

/** What a change that needs no content does, by the name of its method. */
const OPERATIONS = {
  deleteFile: ({ path, ...change }: DeleteFileParams) => of("Delete", [{ operation: "delete", path }], change),
  deleteFiles: ({ paths, ...change }: DeleteFilesParams) =>
    of("Delete", list("paths", paths).map((path) => ({ operation: "delete", path })), change),
  deleteFolder: ({ path, ...change }: DeleteFolderParams) =>
    of("Delete", [{ operation: "delete", path: typeof path === "string" && !path.endsWith("/") ? `${path}/` : path }], change),
  copyFile: ({ from, fromRevision, path, ...change }: CopyFileParams) => of("Copy", [{ operation: "copy", path, from, fromRevision }], change),
  moveFile: ({ from, path, ...change }: MoveFileParams) => of("Move", [{ operation: "rename", path, from }], change),
};

export type ChangeName = keyof typeof OPERATIONS | "uploadFile" | "uploadFiles" | "uploadFolder";

/** @internal */
export async function change(hub: Uploader, name: ChangeName, params: object, options: CallOptions | undefined): Promise<CommitResult> {
  if (typeof params !== "object" || params === null) throw invalid("params", "must be an object");
  if (name === "uploadFile") {
    const { file, ...change } = params as UploadFileParams;
    return upload(hub, [entryOf("file", file, options)], change, options);
  }
  if (name === "uploadFiles") {
    const { files, ...change } = params as UploadFilesParams;
    return upload(hub, await entriesOf("files", files, options), change, options);
  }
  if (name === "uploadFolder") {
    const { folder: _, pathInRepo: __, ignorePatterns: ___, allowPatterns: ____, ...change } = params as UploadFolderParams;
    return upload(hub, await entriesBelow(params as UploadFolderParams), change, options);
  }
  return hub.commit(OPERATIONS[name](params as never), options);
}

/** The commit of a change. */
function of(verb: string, operations: CommitOperation[], change: FileChange): CommitParams {
  checkNames(change);
  const { branch, commitTitle, commitDescription, isPullRequest, hotReload, ...rest } = change;
  const title = commitTitle ?? `${verb} ${operations.length === 1 ? operations[0]?.path : `${operations.length} files`}`;
  return { ...rest, revision: branch, title, description: commitDescription, create_pr: isPullRequest, hot_reload: hotReload, operations };
}

function list<T>(field: string, given: readonly T[]): readonly T[] {
  if (!Array.isArray(given)) throw invalid(field, "must be a list");
  return given;
}
