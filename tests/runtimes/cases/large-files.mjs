// The ids of large files: SHA-256 at the borders of its blocks and of the pieces that files are read in.

import { equal, ok } from "../assert.mjs";
import { bytes } from "../context.mjs";

const repo = "acme/x";
/** Bytes that the core reads and hashes at a time. */
const PIECE = 4 << 20;
/** The examples of FIPS 180-2. */
const KNOWN = {
  abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
};

/** A Hub that takes every file for a large one and has them all: `oids` hears of them. */
function having(oids) {
  return async (url, { body }) => {
    if (url.includes("/preupload/")) {
      const files = JSON.parse(body).files.map(({ path }) => ({ path, uploadMode: "lfs", shouldIgnore: false }));
      return Response.json({ files });
    }
    if (!url.endsWith("/objects/batch")) return Response.json({ success: true, commitOid: "4".repeat(40) });
    const { objects } = JSON.parse(body);
    oids.push(...objects.map(({ oid }) => oid));
    return Response.json({ objects: objects.map(({ oid }) => ({ oid })) });
  };
}

async function ids({ hub }, contents, options) {
  const oids = [];
  const operations = contents.map((content, at) => ({ operation: "addOrUpdate", path: `${at}.bin`, content }));
  await hub({ endpoint: "https://hub.example", fetch: having(oids) }).commit({ repo, title: "Add", operations }, options);
  return oids;
}

async function digest(content) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const cases = [
  {
    name: "known values",
    run: async (context) => equal(await ids(context, Object.keys(KNOWN)), Object.values(KNOWN)),
  },
  {
    name: "ids are right at the borders of blocks and of pieces",
    async run(context) {
      const whole = bytes(2 * PIECE + 1, 5);
      const sizes = [1, 55, 56, 63, 64, 65, 119, 120, 128, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1];
      const files = sizes.map((size) => whole.subarray(0, size));
      const expected = await Promise.all(files.map(digest));
      equal(await ids(context, files), expected, "views");
      equal(await ids(context, files.map((file) => new Blob([file]))), expected, "Blobs");
    },
  },
  {
    name: "files of several commits at once do not mix",
    async run(context) {
      const files = [1, 2, 3, 4].map((seed) => bytes(PIECE + seed, seed));
      const found = await Promise.all(files.map((file) => ids(context, [new Blob([file])])));
      equal(found.flat(), await Promise.all(files.map(digest)));
    },
  },
  {
    name: "the event loop goes on while a file is hashed, whose progress is told",
    async run(context) {
      const content = new Uint8Array(12 * PIECE);
      let [turns, ended] = [0, false];
      const turn = () => {
        turns += 1;
        if (!ended) setTimeout(turn);
      };
      setTimeout(turn);
      const loaded = [];
      const onProgress = (event) => event.phase === "hash" && loaded.push(event.loaded);
      await ids(context, [content], { onProgress });
      ended = true;
      equal([loaded[0], loaded.at(-1)], [0, content.byteLength]);
      equal(loaded, [...new Set(loaded)].sort((one, other) => one - other));
      ok(turns >= 2, `${turns} turns`);
    },
  },
];
