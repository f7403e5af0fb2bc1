/** Uploads of Blobs in Node and Deno: counted while a request takes them, and never held whole. */

/** Bytes handed over at a time. */
type Tell = (handed: number) => void;

/** A Blob that counts how many bytes of it were handed over, each time from 0. `fetch` takes it for the Blob that it is. */
export const counted: ((blob: Blob, tell: Tell) => Blob) | undefined = "Bun" in globalThis ? undefined : (blob, tell) => new CountedBlob(blob, tell);

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A `fetch` for uploads. That of Node keeps the whole body of a request that may be redirected, so redirects are an error
 * here, and a request that meets one is made again, in the way that follows them.
 */
export function lean(fetch: Fetch): Fetch {
  if ("Bun" in globalThis || "Deno" in globalThis) return fetch;
  return async (url, init) => {
    const { body } = init;
    if (!(body instanceof Blob)) return fetch(url, init);
    try {
      // Without a window the body is not kept for one either.
      return await fetch(url, { ...init, redirect: "error", window: null });
    } catch (error) {
      const { message, cause } = Object(error) as Error;
      if (!/redirect/i.test(`${message} ${Object(cause).message}`)) throw error;
      return fetch(url, { ...init, body: body.slice() });
    }
  };
}

class CountedBlob extends Blob {
  readonly #blob: Blob;
  readonly #tell: Tell;

  constructor(blob: Blob, tell: Tell) {
    super([]);
    this.#blob = blob;
    this.#tell = tell;
  }

  override get size(): number {
    return this.#blob.size;
  }

  override get type(): string {
    return this.#blob.type;
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    return this.#blob.slice(start, end, type);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#blob.arrayBuffer();
  }

  override text(): Promise<string> {
    return this.#blob.text();
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = this.#blob.stream().getReader();
    let handed = 0;
    return new ReadableStream(
      {
        pull: async (controller) => {
          const { value, done } = await reader.read();
          if (done) return controller.close();
          handed += value.length;
          this.#tell(handed);
          controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      // Nothing is read ahead.
      { highWaterMark: 0 },
    );
  }
}
