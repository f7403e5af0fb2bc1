/** Whether a file exists. Loaded by the first who asks. */
import type { PathsInfoParams } from "./generated/endpoints.js";
import { HfError, NotFoundError } from "./errors.js";
import type { TreeEntry } from "./types/files.js";

export type FileExistsParams = Omit<PathsInfoParams, "paths" | "expand"> & { path: string };

/** @internal */
export async function fileExists(params: FileExistsParams, call: (name: string, params: object) => Promise<unknown>): Promise<boolean> {
  const { path, ...at } = params;
  try {
    const entries = (await call("pathsInfo", { ...at, paths: [path] })) as TreeEntry[];
    return entries.some((entry) => entry.type === "file" && entry.path === path);
  } catch (error) {
    // A server that speaks only part of the API may not know paths-info.
    const refused = error instanceof HfError && [400, 404, 405, 415, 422, 501].includes(error.status ?? 0);
    if (!refused || (error.status === 404 && error.code !== undefined)) return exists(error);
  }
  try {
    await call("fileHeaders", params);
    return true;
  } catch (error) {
    return exists(error);
  }
}

function exists(error: unknown): false {
  if (error instanceof NotFoundError) return false;
  throw error;
}
