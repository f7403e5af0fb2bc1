/** The changes of files that have a method of their own: each is one commit. Loaded by the first. */
import { spool } from "#load";
import type { CallOptions } from "./client.js";
import type { CommitParams } from "./generated/endpoints.js";
import { InvalidInputError } from "./errors.js";
import type { Spooled } from "./spool/web.js";
import type { CommitOperation, CommitResult, FileContent } from "./types/commit.js";
import type { AsyncBytes, File, ReadableStream, Response, URL } from "./types/platform.js";

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
}

/**
 * Content of a file to upload. What can be read only once is kept until the upload ends: in a temporary file in Node, Deno
 * and Bun, elsewhere in a Blob. A URL is read by `fetch`, without the client's token.
 */
export type UploadContent = FileContent | ReadableStream | AsyncBytes | Response | URL;

/** A file to upload: one that knows its name, or content and where it goes. */
export type FileToUpload = File | { path: string; content: UploadContent };

export type UploadFileParams = FileChange & { file: FileToUpload };
export type UploadFilesParams = FileChange & { files: readonly FileToUpload[] };
export type DeleteFileParams = FileChange & { path: string };
export type DeleteFilesParams = FileChange & { paths: readonly string[] };
export type DeleteFolderParams = FileChange & { path: string };
/** `from` is read from `fromRevision`, by default from the branch. */
export type CopyFileParams = FileChange & { from: string; fromRevision?: string | undefined; path: string };
export type MoveFileParams = FileChange & { from: string; path: string };

/** A client, as far as changes need it. */
interface Committer {
  commit(params: CommitParams, options: CallOptions | undefined): Promise<CommitResult>;
}

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

export type ChangeName = keyof typeof OPERATIONS | "uploadFile" | "uploadFiles";

/** @internal */
export async function change(hub: Committer, name: ChangeName, params: object, options: CallOptions | undefined): Promise<CommitResult> {
  if (typeof params !== "object" || params === null) throw invalid("params", "must be an object");
  if (name === "uploadFiles") {
    const { files, ...change } = params as UploadFilesParams;
    return upload(hub, files, change, options);
  }
  if (name === "uploadFile") {
    const { file, ...change } = params as UploadFileParams;
    return upload(hub, [file], change, options);
  }
  return hub.commit(OPERATIONS[name](params as never), options);
}

async function upload(hub: Committer, files: readonly FileToUpload[], change: FileChange, options: CallOptions | undefined): Promise<CommitResult> {
  const spooled: Spooled[] = [];
  try {
    const operations: CommitOperation[] = [];
    for (const [at, file] of list("files", files).entries()) {
      if (typeof file !== "object" || file === null) throw invalid(`files[${at}]`, "must be a File, or an object with path and content");
      const given = "content" in file ? file : { path: (file as { name: string }).name, content: file };
      const ready = await contentOf(given.content, `files[${at}].content`, options);
      spooled.push(ready);
      operations.push({ operation: "addOrUpdate", path: given.path, content: ready.content });
    }
    return await hub.commit(of("Upload", operations, change), options);
  } finally {
    await Promise.all(spooled.map(({ release }) => release()));
  }
}

/** The content as a commit takes it: what can be read only once is read into what can be read again. */
async function contentOf(content: UploadContent, field: string, options: CallOptions | undefined): Promise<Spooled> {
  const signal = options?.signal;
  if (content instanceof globalThis.URL) {
    if (!/^https?:$/.test(content.protocol)) throw invalid(field, "is a URL of another kind than http(s): of a file, use fileBlob of hf-wasm/node");
    const response = await fetch(content, { signal: (signal as AbortSignal | undefined) ?? null });
    return contentOf(response, field, options);
  }
  if (content instanceof globalThis.Response) {
    if (!content.ok) throw invalid(field, `is a response with the status ${content.status}`);
    return (await spool()).spool(content.body ?? new Blob([]).stream(), signal);
  }
  if (typeof content === "object" && content !== null && (Symbol.asyncIterator in content || "getReader" in content)) {
    return (await spool()).spool(content as AsyncBytes | ReadableStream, signal);
  }
  return { content: content as FileContent, release: async () => {} };
}

/** The commit of a change. */
function of(verb: string, operations: CommitOperation[], change: FileChange): CommitParams {
  const { branch, commitTitle, commitDescription, isPullRequest, ...rest } = change;
  const title = commitTitle ?? `${verb} ${operations.length === 1 ? operations[0]?.path : `${operations.length} files`}`;
  return { ...rest, revision: branch, title, description: commitDescription, create_pr: isPullRequest, operations };
}

function list<T>(field: string, given: readonly T[]): readonly T[] {
  if (!Array.isArray(given)) throw invalid(field, "must be a list");
  return given;
}

function invalid(field: string, problem: string): InvalidInputError {
  return new InvalidInputError({ kind: "invalidInput", message: `${field} ${problem}`, field });
}
