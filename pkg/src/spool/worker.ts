/** Workers, which have little memory and no disk: what can be read again is not kept. */
import { pause } from "../abort.js";
import { backoff } from "../backoff.js";
import { opened } from "../body.js";
import { OpenBody } from "../download/content.js";
import { HubFile } from "../download/file.js";
import { Remote, type Source } from "../download/remote.js";
import { HfError } from "../errors.js";
import { IDLE, RETRY } from "../generated/constants.js";
import type { ByteRange } from "../types/files.js";
import type { AsyncBytes, ReadableStream as AnyStream } from "../types/platform.js";
import { type Spooled, spool as spoolInMemory } from "./web.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes in memory, of which a worker has 128 MB. */
const ROOM = 32 << 20;

export async function spool(source: AsyncBytes | AnyStream, signal: AbortSignal | undefined): Promise<Spooled> {
  return { ...(await spoolInMemory(source, signal)), room: ROOM };
}

/**
 * The file at a URL, read by ranges of the same version as often as it is needed; a response that has the whole where its
 * server knows no ranges, or does not say by an `ETag` which version it has sent.
 */
export async function again(url: URL, signal: AbortSignal | undefined): Promise<Reread | Response> {
  const response = await ask(url, "bytes=0-", undefined, signal);
  const part = partOf(response);
  const etag = response.headers.get("etag") ?? "";
  if (part && part.start === 0 && part.end === part.total && /^"/.test(etag) && response.body) return new Reread(fileOf(url, response, etag, part.total, signal));
  if (response.status === 200) return response;
  await response.body?.cancel();
  return ask(url, undefined, undefined, signal);
}

/**
 * A file that a commit reads like a Blob. What has been read of it is freed: the collector of a worker would let so much pile
 * up as a worker may have.
 */
export class Reread {
  readonly #file: HubFile;
  readonly size: number;

  constructor(file: HubFile) {
    this.#file = file;
    this.size = file.size;
  }

  slice(start: number, end: number): Reread {
    return new Reread(this.#file.slice(start, end));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for await (const piece of this.#pieces(undefined)) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    return bytes.buffer;
  }

  /** Writes all of it, piece by piece. */
  async pipe(writable: WritableStream, signal: AbortSignal | undefined): Promise<void> {
    const writer = writable.getWriter();
    try {
      for await (const piece of this.#pieces(signal)) await writer.write(piece);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      throw error;
    }
  }

  release(buffer: ArrayBuffer): void {
    free(buffer);
  }

  /** Each piece is freed when the next has come. Of the last one, a rest may be kept for who reads on. */
  async *#pieces(signal: AbortSignal | undefined): AsyncGenerator<Bytes, void, undefined> {
    const reader = (this.#file.stream({ signal }) as ReadableStream<Bytes>).getReader();
    let before: Bytes | undefined;
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        if (before) free(before.buffer);
        before = step.value;
        yield step.value;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }
}

function free(buffer: ArrayBuffer): void {
  (buffer as ArrayBuffer & { transfer?: (size: number) => void }).transfer?.(0);
}

function fileOf(url: URL, first: Response, etag: string, total: number, signal: AbortSignal | undefined): HubFile {
  const info = { path: url.pathname, etag, commit: undefined, sha256: undefined };
  // The query may have rights in it.
  const fail: Source["fail"] = (facts) => HfError.from({ ...facts, message: `${url.origin}${url.pathname}: ${facts.message}` });
  const file = (response: Response, start: number, end: number) => {
    const body = opened(response.body);
    if (!body) throw fail({ kind: "protocol", message: "the response has no body" });
    return new HubFile(info, new Remote(source, new OpenBody(body, start, end)), start, end, response.headers.get("content-type") ?? "");
  };
  const source: Source = {
    info,
    total,
    isWhole: false,
    async open({ start = 0, end = total }: ByteRange, signal) {
      const response = await ask(url, `bytes=${start}-${end - 1}`, etag, signal);
      const part = partOf(response);
      if (part?.start === start && part.total === total && response.headers.get("etag") === etag) return file(response, start, part.end);
      await response.body?.cancel();
      const { status } = response;
      if (status !== 200 && status !== 206 && status !== 412) throw fail({ kind: "server", status, message: `the server responded with ${status}` });
      throw fail({ kind: "preconditionFailed", message: "the file has changed while it was read" });
    },
    fail,
    retrying() {},
    signal,
    onProgress: undefined,
    idle: IDLE,
    limit: Number.POSITIVE_INFINITY,
    retry: RETRY,
  };
  return file(first, 0, total);
}

async function ask(url: URL, range: string | undefined, etag: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
  // What is compressed on its way has no ranges.
  const headers = { "accept-encoding": "identity", ...(range && { range }), ...(etag && { "if-match": etag }) };
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { headers, signal: signal ?? null });
      if (attempt === RETRY.attempts || (response.status < 500 && response.status !== 429)) return response;
      await response.body?.cancel();
    } catch (error) {
      if (attempt === RETRY.attempts || signal?.aborted) throw error;
    }
    await pause(backoff(attempt), signal);
  }
}

/** Which part of the file a response has. */
function partOf({ status, headers }: Response): { start: number; end: number; total: number } | undefined {
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  if (status !== 206 || !found || headers.get("content-encoding")) return undefined;
  const [start, last, total] = found.slice(1).map(Number) as [number, number, number];
  return { start, end: last + 1, total };
}
