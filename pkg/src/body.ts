/** The body of a response, piece by piece: a stream of the web's, or one of Node's, as `node-fetch` has. */
import type { HubFile } from "./download/file.js";

/** A response that makes no sense. */
export class MalformedResponse {
  constructor(readonly problem: string) {}
}

type Bytes = Uint8Array<ArrayBuffer>;

export interface Body {
  /** The next bytes; undefined at the end. */
  read(): Promise<Bytes | undefined>;
  /** Lets the rest go. A body that failed has already reported its error. */
  cancel(): void;
  /** A piece holds until the next one is read. */
  lends?: true;
  /** Nothing else holds the bytes of a piece. */
  gives?: true;
}

/** What gives pieces of any kind. */
export interface Steps {
  next(): Promise<unknown>;
  cancel(): void;
}

/** Undefined where it cannot be read in pieces. */
export function opened(body: unknown): Body | undefined {
  const steps = stepsOf(body);
  return steps && { read: async () => bytes(await steps.next()), cancel: steps.cancel };
}

/** A stream or an async iterable, as an iterator that is let go without waiting for the piece under way. */
export function stepsOf(body: unknown): Steps | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { getReader, [Symbol.asyncIterator]: iterate } = body as Partial<ReadableStream & AsyncIterable<unknown>>;
  if (typeof getReader === "function") {
    const reader = (body as ReadableStream).getReader();
    return { next: () => reader.read(), cancel: () => quietly(() => reader.cancel()) };
  }
  if (typeof iterate !== "function") return undefined;
  const iterator = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  // An iterator's own return() waits for the piece under way.
  const { destroy } = body as { destroy?: unknown };
  const cancel = () => quietly(() => (typeof destroy === "function" ? destroy.call(body) : iterator.return?.()));
  return { next: async () => iterator.next(), cancel };
}

/** What was read; undefined at the end. */
function bytes(step: unknown): Bytes | undefined {
  const { done, value } = Object(step) as Partial<IteratorResult<unknown>>;
  if (done) return undefined;
  // A stream of Node's that decodes.
  if (typeof value === "string") return new TextEncoder().encode(value);
  // Of any realm.
  if (named(value, "Uint8Array")) return value as Bytes;
  throw new MalformedResponse("the response's body holds something else than bytes");
}

/** Whether this is an object of a class, of any realm. */
export function named(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}

/** Whether this is a Blob, of any realm, or a file of the Hub, which reads like one. */
export function isBlob(value: unknown): value is Blob {
  const { size, slice, arrayBuffer } = Object(value) as Partial<Blob>;
  return typeof size === "number" && typeof slice === "function" && typeof arrayBuffer === "function";
}

/** Whether this is a file of the Hub, or what else reads like a Blob and is none to the `fetch` of this realm. */
export function isHubFile(value: unknown): value is HubFile {
  return value instanceof Object && !(value instanceof Blob) && "stream" in value && isBlob(value);
}

function quietly(run: () => unknown): void {
  try {
    Promise.resolve(run()).catch(() => {});
  } catch {
    // What is let go has nothing more to say.
  }
}
