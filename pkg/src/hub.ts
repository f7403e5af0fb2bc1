/** The Hub: repositories, discussions, account, webhooks. */
import { type CallOptions, type ClientOptions, environment } from "./client.js";
import { HubEndpoints, type PathsInfoParams } from "./endpoints.gen.js";
import { HfError, NotFoundError } from "./errors.js";

/** Options of a {@link Hub}. `endpoint` is `HF_ENDPOINT` where an environment has it, else `https://huggingface.co`. */
export type HubOptions = ClientOptions;

/** A client of the Hugging Face Hub. It holds no connection and needs no closing. */
export class Hub extends HubEndpoints {
  constructor(options: HubOptions = {}) {
    super("hub", options, options?.endpoint ?? environment("HF_ENDPOINT") ?? "https://huggingface.co");
  }

  /**
   * Tells whether a file exists. A repository or revision that does not exist, or is hidden from the token, holds no
   * file.
   *
   * `POST /api/{repo}/paths-info/{revision}`, or `HEAD /{repo}/resolve/{revision}/{path}` where the server refuses that. A token is needed for private data only.
   */
  async fileExists(params: Omit<PathsInfoParams, "paths" | "expand"> & { path: string }, options?: CallOptions): Promise<boolean> {
    const { path, ...at } = params;
    try {
      const entries = await this.pathsInfo({ ...at, paths: [path] }, options);
      return entries.some((entry) => entry.type === "file" && entry.path === path);
    } catch (error) {
      // A server that speaks only part of the API may not know paths-info.
      const refused = error instanceof HfError && [400, 404, 405, 415, 422, 501].includes(error.status ?? 0);
      if (!refused || (error.status === 404 && error.code !== undefined)) return exists(error);
    }
    try {
      await this.call("fileHeaders", params, options);
      return true;
    } catch (error) {
      return exists(error);
    }
  }
}

function exists(error: unknown): false {
  if (error instanceof NotFoundError) return false;
  throw error;
}
