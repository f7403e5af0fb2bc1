/** The first response of a download. A small file is read at once, a large one when it is asked for. Loaded by the first. */
import { sha256 } from "#load";
import { type Body, MalformedResponse } from "../body.js";
import type { CallOptions, ClientOptions, TimeLimits } from "../client.js";
import { Hook } from "../core_bg.js";
import type { ErrorFacts, HfError } from "../errors.js";
import { complete, header, length } from "../exchange.js";
import { IDLE, RETRY } from "../generated/constants.js";
import { hex } from "../hex.js";
import { guarded } from "../hook.js";
import type { Progress } from "../progress.js";
import type { ByteRange } from "../types/files.js";
import { Held, OpenBody } from "./content.js";
import { HubFile, type HubFileInfo } from "./file.js";
import { Remote, type Source } from "./remote.js";

export { lent } from "./lent.js";

type Bytes = Uint8Array<ArrayBuffer>;
type Hash = Awaited<ReturnType<typeof sha256>>;

/** Bytes that are read at once. */
const AT_ONCE = 1 << 20;
/** The same where a browser hides whether they are compressed, and with that how many they are: CDNs compress up to so many. */
const HIDDEN = 10_000_000;
/** What the text of a pointer to a large file begins with, and how many bytes it has at most. */
const POINTER = "version https://git-lfs.github.com/spec/";
const POINTER_SIZE = 1024;

/** What it takes to read more of a file than its first response. */
export interface FileCall {
  params: object;
  options: CallOptions | undefined;
  again(more: { range: ByteRange; revision?: string }, signal: AbortSignal): Promise<HubFile>;
}

/** The call that the response is of. */
export interface Host {
  of: { name: string; client: ClientOptions; signal: AbortSignal | undefined; file?: FileCall };
  error(facts: ErrorFacts): HfError;
  notify(hook: Hook, info: object): void;
}

/** A response, and what has led to it. */
export interface First {
  seen: readonly Response[];
  body: Body | undefined;
  /** What a stand-in for a response has read by its own methods. */
  given: Blob | false;
  /** `Range` of the request. */
  range: string | undefined;
  maxBytes: number;
  /** Called with the size of each piece that is read at once. */
  progressed(): void;
  close(): void;
  /** The response is left open; what this gives hears how many bytes came of it in the end. */
  leave(): (received: number) => void;
}

export async function fileOf(first: First, host: Host): Promise<HubFile> {
  const { seen, body, given, range, maxBytes, close } = first;
  const response = seen.at(-1) as Response;
  const { params, options } = host.of.file as FileCall;
  const info = infoOf(String((params as { path?: unknown }).path), seen);
  const type = header(response, "content-type") ?? "";
  const size = sizeOf(response);
  check(seen, info.path, type);
  if (!body || size === undefined) {
    const blob = await (given ? held(given, first, info) : read(first, info, type));
    checkSize(seen, blob.size);
    const isPointer = range === undefined && blob.size <= POINTER_SIZE && (await blob.text?.())?.startsWith(POINTER);
    if (isPointer) throw new MalformedResponse("the server sent the Git LFS pointer instead of the file");
    guarded<Progress>(options?.onProgress)?.({ phase: "download", path: info.path, loaded: blob.size, total: blob.size });
    return new HubFile(info, new Held(blob), 0, blob.size, type || blob.type);
  }
  checkSize(seen, size);
  if (size > maxBytes) throw tooLong(maxBytes, close);
  const [, asked] = /^bytes=(\d+)-/.exec(range ?? "") ?? [];
  const [, from = asked, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header(response, "content-range") ?? "") ?? [];
  const isPart = response.status === 206;
  const start = isPart ? Number(from ?? 0) : 0;
  const whole = isPart ? total && Number(total) : size;
  const source = sourceOf(info, whole || undefined, !isPart && asked !== undefined, host);
  const end = start + size;
  return new HubFile(info, new Remote(source, new OpenBody(body, start, end, first.leave())), start, end, type);
}

/** Fails for what a proxy or a CDN sends in the place of a file. */
function check(seen: readonly Response[], path: string, type: string): void {
  if (seen.at(-1)?.status === 204) throw new MalformedResponse("the response has no content");
  if (/^\s*text\/html\s*(;|$)/i.test(type) && !/\.x?html?$/i.test(path)) throw new MalformedResponse("the server sent an HTML page instead of the file");
}

function checkSize(seen: readonly Response[], size: number): void {
  const whole = last(seen, "x-linked-size");
  if (seen.at(-1)?.status !== 200 || whole === undefined || Number(whole) === size) return;
  throw new MalformedResponse(`received ${size} of ${whole} bytes`);
}

function sourceOf(info: HubFileInfo, total: number | undefined, isWhole: boolean, host: Host): Source {
  const { name, client, signal, file } = host.of;
  const { params, options = {}, again } = file as FileCall;
  const { repo } = params as { repo: string | { name: string } };
  const asked = `${name} ${typeof repo === "string" ? repo : repo.name}`;
  const { idle = IDLE, total: limit = Number.POSITIVE_INFINITY } = { ...limits(client.timeout), ...limits(options.timeout) };
  const retry = options.retry ?? client.retry ?? true;
  const { attempts = RETRY.attempts, maxDelay = RETRY.maxDelay, maxElapsed = RETRY.maxElapsed } = typeof retry === "object" ? retry : retry ? {} : { attempts: 1 };
  return {
    info,
    total,
    isWhole,
    open: (range, signal) => again({ range, ...(info.commit && { revision: info.commit }) }, signal),
    fail: (facts) => host.error({ ...facts, message: `${asked}: ${facts.message}`, endpoint: name }),
    retrying: (attempt, wait, reason) => host.notify(Hook.Retry, { endpoint: name, attempt, wait, status: undefined, reason }),
    signal,
    onProgress: options.onProgress,
    idle,
    limit,
    retry: { attempts, maxDelay, maxElapsed },
  };
}

function limits(timeout: CallOptions["timeout"]): TimeLimits {
  return typeof timeout === "number" ? { total: timeout } : (timeout ?? {});
}

/** Bytes of a response that is left open; undefined for one that is read at once. */
function sizeOf(response: Response): number | undefined {
  const isHidden = response.type === "cors" && !header(response, "content-encoding");
  const size = isHidden ? Number(header(response, "content-length")) : length(response);
  return size !== undefined && size > (isHidden ? HIDDEN : AT_ONCE) ? size : undefined;
}

async function read({ seen, body, maxBytes, progressed, close }: First, info: HubFileInfo, type: string): Promise<Blob> {
  const response = seen.at(-1) as Response;
  const hash = await hashOf(seen, info);
  const pieces: Bytes[] = [];
  let size = 0;
  for (let piece = await body?.read(); piece; piece = await body?.read()) {
    progressed();
    pieces.push(body?.lends ? piece.slice() : piece);
    hash?.update(piece);
    size += piece.byteLength;
    if (size > maxBytes) throw tooLong(maxBytes, close);
  }
  if (body) complete(size, length(response));
  checkHash(hash, info);
  return new Blob(pieces, { type });
}

/** Holds what a stand-in has read to what is held to where it is read here. */
async function held(given: Blob, { seen, maxBytes, close }: First, info: HubFileInfo): Promise<Blob> {
  if (given.size > maxBytes) throw tooLong(maxBytes, close);
  const hash = await hashOf(seen, info);
  if (hash && given.arrayBuffer) hash.update(new Uint8Array(await given.arrayBuffer()));
  checkHash(hash, info);
  return given;
}

/** A hash for a file that is read whole, and whose SHA-256 is known. */
async function hashOf(seen: readonly Response[], { sha256: named }: HubFileInfo): Promise<Hash | undefined> {
  return named && seen.at(-1)?.status === 200 ? await sha256() : undefined;
}

function checkHash(hash: Hash | undefined, { sha256: named }: HubFileInfo): void {
  if (hash && hex(hash.digest()) !== named) throw new MalformedResponse("SHA-256 mismatch: the downloaded bytes are not those of the file");
}

function tooLong(maxBytes: number, close: () => void): MalformedResponse {
  close();
  return new MalformedResponse(`the response is longer than ${maxBytes} bytes (maxResponseBytes)`);
}

/** What the responses say of the file. The Hub names a large file's SHA-256 where it redirects; the ETag of a CDN is its own. */
function infoOf(path: string, seen: readonly Response[]): HubFileInfo {
  const sha256 = /^"([0-9a-f]{64})"$/.exec(last(seen, "x-linked-etag") ?? "")?.[1];
  const commit = /^[0-9a-f]{40}$/.exec(last(seen, "x-repo-commit") ?? "")?.[0];
  return { path, etag: header(seen.at(-1) as Response, "etag"), commit, sha256 };
}

/** A header of the last response that has it. */
function last(seen: readonly Response[], name: string): string | undefined {
  return seen.map((response) => header(response, name)).findLast((value) => value !== undefined);
}
