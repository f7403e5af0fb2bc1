/** The Hub: repositories, discussions, account, webhooks. */
import type { CallOptions, ClientOptions } from "./client.js";
import { environment } from "./environment.js";
import type * as changes from "./changes.js";
import type { FileExistsParams } from "./file-exists.js";
import { HubEndpoints } from "./generated/endpoints.js";
import type { CommitResult } from "./types/commit.js";
import type { UploadResult } from "./upload.js";

/** Options of a {@link Hub}. `endpoint` is `HF_ENDPOINT` where an environment has it, else `https://huggingface.co`. */
export type HubOptions = ClientOptions;

/** A client of the Hugging Face Hub. It holds no connection and needs no closing. @category Clients */
export class Hub extends HubEndpoints {
  constructor(options: HubOptions = {}) {
    super("hub", options, options?.endpoint ?? environment("HF_ENDPOINT") ?? "https://huggingface.co");
  }

  /** Writes a file, new or not: of bytes, a Blob, a stream, a response or a URL. What is there already is not sent again. */
  uploadFile(params: changes.UploadFileParams, options?: CallOptions): Promise<UploadResult> {
    return this.#change("uploadFile", params, options);
  }

  /**
   * Writes files, new or not: with one commit, or with several where there are more than 1,000 files or 64 MB of small
   * ones. To have one commit whatever its size, use `commit`.
   */
  uploadFiles(params: changes.UploadFilesParams, options?: CallOptions): Promise<UploadResult> {
    return this.#change("uploadFiles", params, options);
  }

  /** Writes what is in a folder that a page was given, as `uploadFiles` does. Of a folder on disk, use `hf-wasm/node`. */
  uploadFolder(params: changes.UploadFolderParams, options?: CallOptions): Promise<UploadResult> {
    return this.#change("uploadFolder", params, options);
  }

  /** Deletes a file. */
  deleteFile(params: changes.DeleteFileParams, options?: CallOptions): Promise<CommitResult> {
    return this.#change("deleteFile", params, options);
  }

  /** Deletes files with one commit. */
  deleteFiles(params: changes.DeleteFilesParams, options?: CallOptions): Promise<CommitResult> {
    return this.#change("deleteFiles", params, options);
  }

  /** Deletes a folder with everything in it. */
  deleteFolder(params: changes.DeleteFolderParams, options?: CallOptions): Promise<CommitResult> {
    return this.#change("deleteFolder", params, options);
  }

  /** Copies a file within the repository, also from another revision. Of a large file no content is sent. */
  copyFile(params: changes.CopyFileParams, options?: CallOptions): Promise<CommitResult> {
    return this.#change("copyFile", params, options);
  }

  /** Moves a file within the repository. */
  moveFile(params: changes.MoveFileParams, options?: CallOptions): Promise<CommitResult> {
    return this.#change("moveFile", params, options);
  }

  async #change<T extends CommitResult>(name: changes.ChangeName, params: object, options: CallOptions | undefined): Promise<T> {
    const { change } = await import("./changes.js");
    return (await change(this, name, params, options)) as T;
  }

  /**
   * Returns whether a file exists. A repository or revision that does not exist, or is hidden from the token, holds no
   * file.
   *
   * `POST /api/{repo}/paths-info/{revision}`, or `HEAD /{repo}/resolve/{revision}/{path}` where the server refuses that. A token is needed for private data only.
   */
  async fileExists(params: FileExistsParams, options?: CallOptions): Promise<boolean> {
    const { fileExists } = await import("./file-exists.js");
    return fileExists(params, (name, params) => this.call(name, params, options));
  }
}
