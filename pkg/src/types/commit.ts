import type { Open } from "./open.js";
import type { Blob } from "./platform.js";

/** Content of a file. A string is sent as UTF-8, a view as the bytes that it shows, and a file that `downloadFile` gave as it is. */
export type FileContent = Blob | ArrayBuffer | ArrayBufferView | string;

/** One change of a commit. */
export type CommitOperation = CommitAddOrUpdate | CommitDelete | CommitRename | CommitCopy;

/** Writes a file, new or not. */
export interface CommitAddOrUpdate {
  operation: "addOrUpdate";
  /** Path from the root of the repository. */
  path: string;
  content: FileContent;
}

/** Deletes a file, or a folder with everything in it. */
export interface CommitDelete {
  operation: "delete";
  /** Path from the root of the repository; one that ends with `/` is a folder. */
  path: string;
}

/** Moves a file. */
export interface CommitRename {
  operation: "rename";
  /** New path. */
  path: string;
  /** Path of the file in the parent commit. */
  from: string;
}

/** Copies a file within the repository. Without `fromRevision` it is read from the parent commit. */
export interface CommitCopy {
  operation: "copy";
  /** Path of the copy. */
  path: string;
  /** Path of the original. */
  from: string;
  /** Revision of the original. Default: the revision that is committed to. */
  fromRevision?: string | undefined;
}

/** A commit that was made, or was not needed. */
export interface CommitResult {
  success?: boolean;
  /** Commit id, 40 hexadecimal digits. Where nothing had changed: that of the branch's head. */
  commitOid: string;
  /** URL of its page. Absent where nothing had changed and no commit was made. */
  commitUrl?: string;
  /** Paths left out because their content is unchanged. The package adds it. */
  skipped: string[];
  /** Paths left out because `.gitignore` excludes them. The package adds it. */
  ignored: string[];
  /** What the Hub finds wrong with the metadata in README.md, though it accepts it. The package adds it. */
  warnings: string[];
  /** What the server's hooks printed. */
  hookOutput?: string;
  /** URL of the pull request. Present with `create_pr`. */
  pullRequestUrl?: string;
  /** The pull request that was opened, with `create_pr`: its number and the URL of its page. The package adds it. */
  pullRequest?: { num: number; url: string };
}

/** A file to ask about before a commit. */
export interface PreuploadFile {
  /** Path from the root of the repository. */
  path: string;
  /** Bytes. */
  size: number;
  /** The first 512 bytes, in base64. */
  sample: string;
}

/** How each file is to be sent. */
export interface Preupload {
  files: PreuploadAnswer[];
  /** Commit that the revision points to. */
  commitOid?: string;
}

/** How one file is to be sent. */
export interface PreuploadAnswer {
  path: string;
  /** `regular`: within the commit. `lfs`: as a large file, before the commit. */
  uploadMode: Open<"lfs" | "regular">;
  /** The repository's `.gitignore` excludes it. */
  shouldIgnore: boolean;
  /** Id of the content at this path now: git blob id, or SHA-256 of a large file. */
  oid?: string;
}

/** A large file, by its content. */
export interface LfsObject {
  /** SHA-256 of the content, 64 hexadecimal digits. */
  oid: string;
  /** Bytes. */
  size: number;
}

/** Where to send or fetch large files. */
export interface LfsBatch {
  /** Transfer method that the server chose. Default `basic`. */
  transfer?: Open<"basic" | "multipart" | "xet">;
  objects: LfsBatchObject[];
  /** Algorithm of the `oid`s. Default `sha256`. */
  hash_algo?: string;
}

/** Where to send or fetch one large file. */
export interface LfsBatchObject {
  /** SHA-256 of the content, 64 hexadecimal digits. */
  oid: string;
  /** Bytes. */
  size?: number;
  authenticated?: boolean;
  /** Absent when the server has the content already. */
  actions?: { upload?: LfsAction; verify?: LfsAction; download?: LfsAction };
  error?: { code: number; message: string };
}

/** A request to make for a large file. */
export interface LfsAction {
  href: string;
  /** Headers; for `multipart` also `chunk_size` and the URL of each part by its number. */
  header?: Record<string, string | number>;
  /** Seconds. */
  expires_in?: number;
}
