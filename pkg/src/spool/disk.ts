/** A file on disk as a Blob, of any size: Node's own counts no further than 4 GiB, and leaves behind twice what it reads. */
import * as fs from "node:fs";
import { open, stat } from "node:fs/promises";

/** Bytes read at a time. */
const PIECE = 256 << 10;

/** The file as a Blob that reads it piece by piece; undefined where the runtime has none. */
export async function diskBlob(path: string): Promise<Blob | undefined> {
  const { size } = await stat(path);
  const { Bun, Deno } = globalThis as { Bun?: { file(path: string): Blob }; Deno?: object };
  if (Bun) return Bun.file(path);
  if (!Deno) return new DiskBlob(path, 0, size);
  const blob = typeof fs.openAsBlob === "function" ? await fs.openAsBlob(path) : undefined;
  return blob?.size === size ? blob : blob && new DiskBlob(path, 0, size);
}

/** `fetch` takes it for the Blob that it is, and asks for its size and its stream. */
class DiskBlob extends Blob {
  readonly #path: string;
  readonly #start: number;
  readonly #end: number;

  constructor(path: string, start: number, end: number) {
    super([]);
    this.#path = path;
    this.#start = start;
    this.#end = end;
  }

  override get size(): number {
    return this.#end - this.#start;
  }

  override slice(start = 0, end = this.size): Blob {
    const within = (at: number) => Math.min(Math.max(at < 0 ? this.size + at : at, 0), this.size);
    const from = within(start);
    return new DiskBlob(this.#path, this.#start + from, this.#start + Math.max(within(end), from));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    const file = await open(this.#path);
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, this.#start + at);
        if (bytesRead === 0) throw new Error("the file has become shorter");
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
    return bytes.buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let [at, file]: [number, fs.promises.FileHandle | undefined] = [this.#start, undefined];
    const close = async () => {
      await file?.close();
    };
    const pull = async (controller: ReadableByteStreamController) => {
      try {
        file ??= await open(this.#path);
        const bytes = controller.byobRequest?.view as Uint8Array<ArrayBuffer>;
        const length = Math.min(bytes.length, this.#end - at);
        const { bytesRead } = length > 0 ? await file.read(bytes, 0, length, at) : { bytesRead: 0 };
        at += bytesRead;
        if (bytesRead > 0) controller.byobRequest?.respond(bytesRead);
        if (at < this.#end && bytesRead > 0) return;
        if (at < this.#end) throw new Error("the file has become shorter");
        await close();
        controller.close();
        // Else who waits to have a buffer filled would wait for ever.
        controller.byobRequest?.respond(0);
      } catch (error) {
        // What fails is not cancelled.
        await close();
        throw error;
      }
    };
    // Nothing is opened before it is read. Who brings no buffer to be filled is given one.
    return new ReadableStream({ type: "bytes", autoAllocateChunkSize: PIECE, pull, cancel: close });
  }
}
