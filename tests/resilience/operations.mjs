// The operations of the matrix, its columns: what is set up for each, which of its requests is hit, what is left at
// the server afterwards.

import { createHash } from "node:crypto";

import { bytes } from "../runtimes/context.mjs";

/** Bytes of a large file: little, since an upload is given time by its size. */
const SIZE = 20_000;
/** Bytes of one that goes up in three parts, which are of so many. */
const IN_PARTS = 60_000;
export const PART = 24_000;
/** Bytes of one that Node does not read at once, so that a download which breaks off goes on where it was. A browser would. */
const LONG = { node: 1_100_000, chromium: SIZE };
const WORDS = Array.from({ length: 12 }, (_, at) => `word${at}`).join(" ");
/** With `.gitattributes` three entries: a list of three pages. */
const FILES = ["a.txt", "b.txt"];
const LARGE = "weights.safetensors";

const model = ({ repo }) => `/api/models/${repo}`;
const tree = (cell) => `${model(cell)}/tree/main`;
const resolve = ({ repo, commit = "main" }) => `/${repo}/resolve/${commit}/${LARGE}`;
const stored = ({ oid }) => `/lfs/${oid}`;
const large = ({ seed }, size = SIZE) => ({ path: LARGE, size, oid: sha256(bytes(size, seed)) });
const batch = ({ repo }) => ({ side: "hub", method: "POST", path: `/${repo}.git/info/lfs/objects/batch` });
const chatPath = () => "/router/v1/chat/completions";

/**
 * `reads` is what the client makes of the response that is hit: of its body, or of its ETag (`tag`); `harmless`, whether
 * repeating the request is; `writes`, what it changes. `first` is the request by which the client begins, where that is
 * not the one that is hit. `isPart` is a part of a file, `isChecked` one that is held to its hash, `isLong` one that is read
 * as it comes. `part` names an address in the batch response.
 */
export const operations = [
  {
    id: "plain",
    title: "plain call",
    call: "plain",
    reads: "json",
    harmless: true,
    target: (cell) => ({ side: "hub", method: "GET", path: model(cell) }),
    setUp: createRepo,
  },
  ...[1, 3].map((from) => ({
    id: `list${from}`,
    title: `list, page ${from}`,
    call: "list",
    reads: "json",
    harmless: true,
    from,
    target: (cell) => ({ side: "hub", method: "GET", path: tree(cell) }),
    async setUp(hub, cell) {
      await createRepo(hub, cell);
      return { items: (await hub.json(tree(cell))).map(({ path }) => path) };
    },
  })),
  {
    id: "commit",
    title: "commit",
    call: "commit",
    reads: "json",
    writes: "commit",
    target: (cell) => ({ side: "hub", method: "POST", path: `${model(cell)}/commit/main` }),
    async setUp(hub, cell) {
      await createRepo(hub, cell);
      return { path: "note.txt" };
    },
  },
  {
    id: "guarded",
    title: "commit with parentCommit",
    call: "commit",
    reads: "json",
    harmless: true,
    guarded: true,
    writes: "commit",
    target: (cell) => ({ side: "hub", method: "POST", path: `${model(cell)}/commit/main` }),
    async setUp(hub, cell) {
      await createRepo(hub, cell);
      const [{ id: parent }] = await hub.json(`${model(cell)}/commits/main`);
      return { path: "note.txt", parent };
    },
  },
  {
    id: "upload",
    title: "upload",
    call: "upload",
    reads: "text",
    harmless: true,
    writes: "commit",
    target: (cell) => ({ side: "files", method: "PUT", path: stored(cell) }),
    batch,
    async setUp(hub, cell) {
      await createRepo(hub, cell);
      return large(cell);
    },
  },
  ...["part", "complete"].map((id) => ({
    id,
    title: id === "part" ? "upload, a part" : "upload, its completion",
    call: "upload",
    reads: id === "part" ? "tag" : "text",
    harmless: true,
    completes: id === "complete",
    writes: "commit",
    target: (cell) => ({ side: "files", ...(id === "part" ? { method: "PUT", path: `${stored(cell)}/2` } : { method: "POST", path: stored(cell) }) }),
    batch,
    part: id === "part" ? "00002" : undefined,
    async setUp(hub, cell) {
      await createRepo(hub, cell);
      return large(cell, IN_PARTS);
    },
  })),
  ...["redirect", "bytes"].map((reads) => ({
    id: reads === "redirect" ? "resolve" : "download",
    title: reads === "redirect" ? "download, at the Hub" : "download, at the CDN",
    call: "file",
    reads,
    harmless: true,
    target: (cell) => ({
      side: reads === "redirect" ? "hub" : "files",
      method: "GET",
      path: reads === "redirect" ? resolve(cell) : stored(cell),
    }),
    first: (cell) => ({ method: "GET", path: resolve(cell) }),
    setUp: (hub, cell) => uploaded(hub, cell, SIZE),
  })),
  {
    id: "range",
    title: "range read",
    call: "range",
    reads: "bytes",
    harmless: true,
    isLong: true,
    isPart: true,
    target: (cell) => ({ side: "files", method: "GET", path: stored(cell) }),
    first: (cell) => ({ method: "GET", path: resolve(cell) }),
    async setUp(hub, cell) {
      const size = LONG[cell.runtime];
      return { ...(await uploaded(hub, cell, size)), range: { start: 100, end: size - 100 } };
    },
  },
  {
    id: "snapshot",
    title: "snapshot",
    call: "snapshot",
    reads: "bytes",
    harmless: true,
    isLong: true,
    isChecked: true,
    target: (cell) => ({ side: "files", method: "GET", path: stored(cell) }),
    first: (cell) => ({ method: "GET", path: resolve(cell) }),
    async setUp(hub, cell) {
      const file = await uploaded(hub, cell, LONG[cell.runtime]);
      const [{ id: commit }] = await hub.json(`${model(cell)}/commits/main`);
      return { ...file, commit, files: FILES };
    },
  },
  ...["chat", "stream"].map((call) => ({
    id: call,
    title: call === "chat" ? "chat" : "chat stream",
    call,
    reads: call === "chat" ? "json" : "events",
    writes: "chat",
    target: () => ({ side: "hub", method: "POST", path: chatPath() }),
    setUp: () => ({ text: WORDS }),
  })),
];

function createRepo(hub, { repo }) {
  const files = FILES.map((path) => ({ path, content: path }));
  const [organization, name] = repo.split("/");
  return hub.json("/api/repos/create", { type: "model", organization, name, files });
}

async function uploaded(hub, cell, size) {
  await createRepo(hub, cell);
  const operations = [{ operation: "addOrUpdate", path: LARGE, content: bytes(size, cell.seed) }];
  await hub.client.commit({ repo: cell.repo, title: "Set up", operations });
  return large(cell, size);
}

/** How often the write of a cell was carried out, and whether what it left is right. */
export async function left(hub, { repo, title, path, size, seed }) {
  const commits = await hub.json(`/api/models/${repo}/commits/main`);
  const made = commits.filter((commit) => commit.title === title).length;
  if (made === 0) return { made, right: true };
  const found = await hub.bytes(`/${repo}/resolve/main/${path}`);
  const wanted = path === "note.txt" ? Buffer.from(title) : Buffer.from(bytes(size, seed));
  return { made, right: wanted.equals(found) };
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}
