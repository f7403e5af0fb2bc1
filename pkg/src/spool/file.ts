/** Node, Deno and Bun: what can be read only once goes into a temporary file. */
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AbortSignal, AsyncBytes, ReadableStream } from "../types/platform.js";
import { diskBlob } from "./disk.js";
import { chunks, type Spooled, spool as spoolInMemory } from "./web.js";

/** Bytes in the folder for temporary files, which may be memory. */
const ROOM = 256 << 20;

export async function spool(source: AsyncBytes | ReadableStream, signal: AbortSignal | undefined): Promise<Spooled> {
  const folder = await temporary();
  if (folder === undefined) return spoolInMemory(source, signal);
  const release = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, "content");
  try {
    const file = await open(path, "wx", 0o600);
    try {
      for await (const piece of chunks(source, signal)) {
        // By the handle's own position, so that short writes are finished.
        await file.writeFile(typeof piece === "string" ? Buffer.from(piece) : piece);
      }
    } finally {
      await file.close();
    }
    const content = await diskBlob(path);
    if (content) return { content, room: ROOM, release };
    const kept = await spoolInMemory(createReadStream(path), signal);
    await release();
    return kept;
  } catch (error) {
    await release();
    throw error;
  }
}

/** The file that a `file:` URL names, which is read where it lies. */
export async function fileAt(url: URL, signal: AbortSignal | undefined): Promise<Spooled> {
  const path = fileURLToPath(url);
  const content = await diskBlob(path);
  return content ? { content, release: async () => {} } : spoolInMemory(createReadStream(path), signal);
}

/** A folder of its own; undefined where none may be made, as in Deno without the permission. */
async function temporary(): Promise<string | undefined> {
  try {
    return await mkdtemp(join(tmpdir(), "hf-wasm-"));
  } catch {
    return undefined;
  }
}
