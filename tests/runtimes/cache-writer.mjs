// A program that downloads one file into a cache: `node cache-writer.mjs FOLDER MS`, with so many milliseconds between two
// pieces of it. Its Hub sends the whole once, and what is missing of it; whoever asks for the whole again finds no network.

import { createHash } from "node:crypto";
import { downloadFileToCacheDir } from "hf-wasm/node";

const PIECE = 1 << 20;
export const commit = "a".repeat(40);
export const content = Buffer.alloc(16 * PIECE);
for (let at = 0; at < content.length; at += 4096) content.writeUInt32LE(at, at);
export const etag = gitId(content);

export function gitId(bytes) {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** A Hub with these files by path. `hears` gets each path that is asked for, and may give a response of its own. */
export function hubOf(files, hears = () => undefined) {
  const entry = (path) => ({ type: "file", path, size: files[path].length, oid: gitId(files[path]) });
  return async (url, init) => {
    const { pathname } = new URL(url);
    const own = await hears(pathname, init);
    if (own) return own;
    if (pathname.includes("/paths-info/")) return Response.json(JSON.parse(init.body).paths.filter((path) => files[path]).map(entry));
    if (pathname.includes("/tree/")) return Response.json(Object.keys(files).map(entry));
    if (!pathname.includes("/resolve/")) return Response.json({ id: "acme/x", sha: commit });
    return reply(files[decodeURIComponent(pathname.split(`/${commit}/`)[1])], init);
  };
}

/** The bytes of a file, or those that are asked for, after so many milliseconds each; `step` is awaited before each piece. */
export function reply(bytes, init, step = async () => {}) {
  const range = /bytes=(\d+)-/.exec(init.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  let at = start;
  const pull = async (controller) => {
    await step(at);
    if (at >= bytes.length) return controller.close();
    const piece = bytes.subarray(at, at + PIECE);
    at += piece.length;
    controller.enqueue(new Uint8Array(piece));
  };
  const headers = { "x-repo-commit": commit, etag: '"e"', "content-length": String(bytes.length - start), ...(range && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }) };
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { status: range ? 206 : 200, headers });
}

/** A Hub that sends `content` slowly, and the whole of it once. */
export function slow(ms) {
  let whole = 0;
  return hubOf({ w: content }, (path, init) => {
    if (!path.includes("/resolve/")) return undefined;
    if (!init.headers.range && ++whole > 1) throw new TypeError("no network");
    return reply(content, init, () => new Promise((resolve) => setTimeout(resolve, ms)));
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , cacheDir, ms] = process.argv;
  await downloadFileToCacheDir({ repo: "acme/x", path: "w", cacheDir }, { fetch: slow(Number(ms)), retry: false });
}
