// What a caller gives in the place of what the client expects, in any runtime. `client` are options of the client,
// `token` its token function, `options` those of the call, `params` and `content` parts of what is sent; `answer` makes
// another response of the one that is hit, `address` says where a request really goes.

const never = () => new Promise(() => {});

/** A file that gives something else than bytes. */
const file = (arrayBuffer) => ({ size: 5, type: "", arrayBuffer, slice: () => file(arrayBuffer) });

/** A response that is none: as the real one, with other headers. */
const standIn = (get) => (response) => {
  const { status, type, url, redirected, body } = response;
  return { status, type, url, redirected, body, headers: { get: (name) => get(response.headers.get(name)) } };
};

export const odds = {
  silentToken: () => ({ token: never }),
  noToken: () => ({ token: () => undefined }),
  silentFile: () => ({ content: file(never) }),
  noFile: () => ({ content: file(() => undefined) }),
  signal: () => ({ options: { signal: { aborted: false } } }),
  payer: () => ({ params: { billTo: "acme\r\nx-injected: 1" } }),
  oddHeaders: () => ({ answer: standIn((text) => (text === null ? undefined : { toString: () => text })) }),
  noHeaders: () => ({
    answer: standIn(() => {
      throw new Error("no header");
    }),
  }),
  afterAbort() {
    const stop = new AbortController();
    let open = 0;
    return {
      options: { signal: stop.signal },
      async answer(response) {
        stop.abort();
        await sleep(20);
        open++;
        const body = new ReadableStream({ cancel: () => void open-- });
        return { status: response.status || 200, type: response.type, headers: response.headers, body };
      },
      async left() {
        for (let times = 0; times < 50 && open > 0; times++) await sleep(20);
        return open;
      },
    };
  },
  /** An endpoint with https, in front of files without. */
  secure({ endpoint }) {
    const secure = endpoint.replace("http:", "https:");
    return { client: { endpoint: secure }, address: (url) => url.replace(secure, endpoint) };
  },
};

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
