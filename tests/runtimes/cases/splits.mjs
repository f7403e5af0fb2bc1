// Uploads of many files: how they become several commits, and what a page may give for a file or a folder.

import { equal, ok, rejects, until } from "../assert.mjs";

const endpoint = "https://hub.example";
const repo = "acme/x";
const oid = (number) => String(number).padStart(40, "0");
const many = (count, folder = "d") => Array.from({ length: count }, (_, at) => ({ path: `${folder}/${at}.txt`, content: `${at}` }));

/**
 * A Hub that takes every file into the commit. `commits` hears of each request for one: its number, its files, the commit
 * that it follows, its title, and where it goes; `answer` may answer in its place.
 */
function taking(commits, answer = () => {}, sent = []) {
  let head = 0;
  return async (url, init) => {
    sent.push(`${init.method} ${url.slice(endpoint.length)}`);
    if (url.includes("/preupload/")) {
      const files = JSON.parse(init.body).files.map(({ path }) => ({ path, uploadMode: "regular", shouldIgnore: false }));
      return Response.json({ files, commitOid: oid(head) });
    }
    if (url.includes("/commits/")) return Response.json([{ id: oid(head), title: "t", authors: [], date: "2026-01-01T00:00:00.000Z" }]);
    const [{ value: header }, ...files] = init.body.trim().split("\n").map((line) => JSON.parse(line));
    const commit = { number: commits.length, files: files.map(({ value }) => value.path), parent: header.parentCommit, title: header.summary, to: url.slice(url.indexOf("/commit/") + 8) };
    commits.push(commit);
    const given = await answer(commit);
    if (typeof given === "number") head = given;
    else if (given) return given;
    if (commit.parent && commit.parent !== oid(head)) return Response.json({ error: "A commit has happened since." }, { status: 412 });
    const pullRequestUrl = commit.to.includes("create_pr") ? `${endpoint}/acme/x/discussions/7` : undefined;
    return Response.json({ success: true, commitOid: oid(++head), commitUrl: `${endpoint}/acme/x/commit/${oid(head)}`, pullRequestUrl });
  };
}

/** One that takes every file for a large one, and has it already. */
function takingLarge(commits) {
  const inner = taking(commits);
  return async (url, init) => {
    if (url.endsWith("/objects/batch")) return Response.json({ objects: JSON.parse(init.body).objects.map(({ oid }) => ({ oid })) });
    const response = await inner(url, init);
    return url.includes("/preupload/") ? new Response((await response.text()).replaceAll("regular", "lfs")) : response;
  };
}

const sizes = (commits) => commits.map(({ files }) => files.length);

export const cases = [
  {
    name: "an upload of many files is several commits, each after the one before, which grow while they are quick",
    async run({ hub }) {
      const [commits, progress] = [[], []];
      const client = hub({ endpoint, fetch: taking(commits) });
      const onProgress = ({ phase, loaded, total }) => phase === "commit" && progress.push([loaded, total]);
      const result = await client.uploadFiles({ repo, files: many(6500) }, { onProgress });
      equal(sizes(commits), [1000, 5000, 500]);
      equal(commits.map(({ parent }) => parent), [oid(0), oid(1), oid(2)]);
      equal(commits.map(({ title }) => title), [1, 2, 3].map((part) => `Upload 6500 files (part ${part})`));
      equal(result.commits.map(({ commitOid }) => commitOid), [oid(1), oid(2), oid(3)]);
      equal([result.commitOid, result.commitUrl], [oid(3), result.commits[2].commitUrl]);
      equal(progress, [[0, 6500], [1000, 6500], [1000, 6500], [6000, 6500], [6000, 6500], [6500, 6500]]);
      equal(new Set(commits.flatMap(({ files }) => files)).size, 6500);
    },
  },
  {
    name: "few files are one commit, which names no parent and needs no further request",
    async run({ hub }) {
      const [commits, sent] = [[], []];
      const { commits: made } = await hub({ endpoint, fetch: taking(commits, undefined, sent) }).uploadFiles({ repo, files: many(3), commitTitle: "Add" });
      equal([sizes(commits), commits[0].parent, commits[0].title, made.length, sent.length], [[3], undefined, "Add", 1, 2]);
    },
  },
  {
    name: "the newest commit is asked for with the options of the upload, and may be hidden from it",
    async run({ hub }) {
      const [commits, reason, stop] = [[], new Error("enough"), new AbortController()];
      const inner = taking(commits);
      const headers = [];
      const answering = (answer) => async (url, init) => {
        if (!url.includes("/commits/")) return inner(url, init);
        headers.push(new Headers(init.headers).get("x-own"));
        return answer(init);
      };
      const upload = (answer, options) => hub({ endpoint, fetch: answering(answer) }).uploadFiles({ repo, files: many(1001) }, { headers: { "x-own": "1" }, ...options });
      const hanging = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const aborted = upload(hanging, { signal: stop.signal });
      await until(() => headers.length > 0);
      stop.abort(reason);
      equal((await rejects(aborted)).message, "enough");
      equal(commits.length, 0);
      await upload(() => Response.json({ error: "no" }, { status: 503 }), { retry: false });
      await upload(hanging, { timeout: { headers: 500 }, retry: false });
      equal([headers, commits.filter(({ parent }) => parent === undefined).length], [["1", "1", "1"], 2]);
    },
  },
  {
    name: "a commit that is refused for its size, or fails, is split",
    async run({ hub }) {
      for (const [status, most] of [[413, 2], [500, 40], [504, 30]]) {
        const commits = [];
        const answer = ({ files }) => (files.length > most ? Response.json({ error: "no" }, { status }) : undefined);
        const { commits: made } = await hub({ endpoint, fetch: taking(commits, answer) }).uploadFiles({ repo, files: many(100) });
        const refused = sizes(commits).filter((size) => size > most);
        // What was too much once is not tried again.
        equal(refused, [100, 50, 25, 13, 7, 4].filter((size) => size > most));
        const done = commits.filter(({ files }) => files.length <= most);
        equal([done.length, new Set(done.flatMap(({ files }) => files)).size, done.reduce((sum, { files }) => sum + files.length, 0)], [made.length, 100, 100]);
        equal(done.map(({ parent }) => parent), done.map((_, at) => oid(at)));
      }
    },
  },
  {
    name: "a commit of few files that fails is not split, and an error ends the upload",
    async run({ hub }) {
      for (const [count, response, expected] of [
        [20, { status: 500 }, { kind: "server", status: 500 }],
        [1, { status: 413 }, { kind: "invalidInput", status: 413 }],
        [1200, { status: 403 }, { status: 403 }],
      ]) {
        const commits = [];
        const client = hub({ endpoint, fetch: taking(commits, () => Response.json({ error: "no" }, response)) });
        await rejects(client.uploadFiles({ repo, files: many(count) }), expected);
        equal(commits.length, 1);
      }
    },
  },
  {
    name: "a later commit whose large files fail to go up is not split",
    async run({ hub }) {
      const [commits, batches] = [[], []];
      const inner = taking(commits);
      const fetch = async (url, init) => {
        if (url.endsWith("/objects/batch")) return batches.push(url) && Response.json({ error: "no" }, { status: 500 });
        const response = await inner(url, init);
        return url.includes("/preupload/") && commits.length > 0 ? new Response((await response.text()).replaceAll("regular", "lfs")) : response;
      };
      await rejects(hub({ endpoint, fetch }).uploadFiles({ repo, files: many(1100) }), { kind: "server", status: 500 });
      equal([sizes(commits), batches.length], [[1000], 1]);
    },
  },
  {
    name: "where the branch moves on between commits, the upload goes on after it, unless a parent was named",
    async run({ hub }) {
      const moving = ({ number }) => (number === 1 ? 50 : undefined);
      const commits = [];
      await hub({ endpoint, fetch: taking(commits, moving) }).uploadFiles({ repo, files: many(1500) });
      equal(commits.map(({ parent }) => parent), [oid(0), oid(1), oid(50)]);
      const guarded = hub({ endpoint, fetch: taking([], moving) }).uploadFiles({ repo, files: many(1500), parentCommit: oid(0) });
      await rejects(guarded, { kind: "preconditionFailed" });
    },
  },
  {
    name: "one pull request holds all commits, and is opened once",
    async run({ hub }) {
      const commits = [];
      const { pullRequest } = await hub({ endpoint, fetch: taking(commits) }).uploadFiles({ repo, files: many(1500), isPullRequest: true });
      equal(commits.map(({ to }) => to), ["main?create_pr=1", "refs%2Fpr%2F7"]);
      equal([pullRequest.num, commits[0].parent, commits[1].parent], [7, undefined, oid(1)]);
      // Whether one was opened is not known.
      const lost = [];
      const client = hub({ endpoint, fetch: taking(lost, () => Response.json({ error: "no" }, { status: 504 })) });
      await rejects(client.uploadFiles({ repo, files: many(200), isPullRequest: true }), { status: 504 });
      equal(lost.length, 1);
    },
  },
  {
    name: "small files of more than 64 MB together are several commits, and what names the rules goes first",
    async run({ hub }) {
      const commits = [];
      const content = new Blob([new Uint8Array(9_000_000).fill(97)]);
      const files = Array.from({ length: 9 }, (_, at) => ({ path: `${at}`, content }));
      await hub({ endpoint, fetch: taking(commits) }).uploadFiles({ repo, files: [...files, { path: ".gitattributes", content: "" }] });
      equal(commits.map(({ files }) => files.join(" ")), [".gitattributes 0 1 2 3 4 5 6", "7 8"]);
    },
  },
  {
    name: "what is read from streams is held for one commit at a time, within a bound",
    async run({ hub }) {
      const commits = [];
      const piece = new Uint8Array(20_000_000);
      let [read, most] = [0, 0];
      const stream = async function* () {
        for (let at = 0; at < 5; at++) yield piece;
        most = Math.max(most, ++read - commits.flatMap(({ files }) => files).length);
      };
      const files = Array.from({ length: 5 }, (_, at) => ({ path: `${at}.bin`, content: stream() }));
      const client = hub({ endpoint, fetch: takingLarge(commits) });
      await client.uploadFiles({ repo, files });
      // A worker has room for one.
      const isWorker = globalThis.navigator?.userAgent === "Cloudflare-Workers";
      equal(commits.map(({ files }) => files.join(" ")), isWorker ? ["0.bin", "1.bin", "2.bin", "3.bin", "4.bin"] : ["0.bin 1.bin", "2.bin 3.bin", "4.bin"]);
      equal(most, isWorker ? 2 : 3);
    },
  },
  {
    name: "a file that cannot be is refused by its field before the first commit, and what is wrong in a later one by its own",
    async run({ hub }) {
      const commits = [];
      const client = hub({ endpoint, fetch: taking(commits) });
      await rejects(client.uploadFiles({ repo, files: [...many(1100), { path: "../up", content: "" }] }), { kind: "invalidInput", field: "files[1100].path" });
      equal(commits.length, 0);
      const error = await rejects(client.uploadFiles({ repo, files: [...many(1100), { path: "odd", content: 7 }] }), { field: "files[1100].content" });
      ok(error.message.includes("files[1100].content"), error.message);
      // Not every engine begins a stack with the message.
      if (error.stack.startsWith(error.name)) ok(error.stack.includes(error.message), error.stack);
      equal(commits.length, 1);
    },
  },
  {
    name: "a page gives files and folders as handles, as what was dropped, and as lists of inputs",
    async run({ hub }) {
      // Patterns need the library `ignore`, which a page without a bundler has if its import map names it.
      const map = globalThis.document?.querySelector("script[type=importmap]")?.textContent;
      if (map && !map.includes('"ignore"')) return;
      for (const folder of [handle("model", TREE), dropped("model", TREE), chosen("model", TREE)]) {
        const commits = [];
        const client = hub({ endpoint, fetch: taking(commits) });
        await client.uploadFolder({ repo, folder, pathInRepo: "v1", ignorePatterns: "*.tmp" });
        await client.uploadFolder({ repo, folder, allowPatterns: ["b.*"] });
        const files = Symbol.iterator in folder ? folder : [folder, { path: "x", content: handle("one.txt", "1") }];
        if (!Array.isArray(folder)) await client.uploadFiles({ repo, files });
        equal(commits.slice(0, 2).map(({ files }) => files), [["v1/.gitignore", "v1/a.txt", "v1/sub/b.txt"], ["sub/b.txt"]]);
        const all = [".gitignore", "a.txt", "log.out", "sub/b.txt", "sub/c.tmp"].map((path) => `model/${path}`);
        equal(commits[2]?.files ?? [...all, "x"], [...all, "x"]);
        await client.uploadFile({ repo, file: handle("one.txt", "1") });
        equal(commits.at(-1).files, ["one.txt"]);
      }
      const client = hub({ endpoint, fetch: () => ok(false, "a request was sent") });
      await rejects(client.uploadFolder({ repo, folder: 7 }), { kind: "invalidInput", field: "folder" });
      await rejects(client.uploadFolder({ repo, folder: handle("empty", {}) }), { kind: "invalidInput", field: "folder" });
    },
  },
];

const TREE = { ".git": { HEAD: "ref" }, ".gitignore": "*.out\n", "log.out": "no", "a.txt": "A", sub: { "c.tmp": "C", "b.txt": "B" } };

/** As `showDirectoryPicker` gives it. */
function handle(name, tree) {
  if (typeof tree === "string") return { kind: "file", name, getFile: async () => new Blob([tree]) };
  return { kind: "directory", name, values: async function* () { for (const [child, below] of Object.entries(tree)) yield handle(child, below); } };
}

/** As `webkitGetAsEntry` gives it, which hands over no more than two at a time. */
function dropped(name, tree) {
  if (typeof tree === "string") return { isFile: true, isDirectory: false, name, file: (done) => setTimeout(() => done(new Blob([tree]))) };
  const createReader = () => {
    const left = Object.entries(tree).map(([child, below]) => dropped(child, below));
    return { readEntries: (done) => setTimeout(() => done(left.splice(0, 2))) };
  };
  return { isFile: false, isDirectory: true, name, createReader };
}

/** As the `files` of an `<input webkitdirectory>`. */
function chosen(name, tree) {
  return Object.entries(tree).flatMap(([child, below]) => {
    const path = `${name}/${child}`;
    return typeof below === "string" ? [Object.assign(new Blob([below]), { name: child, webkitRelativePath: path })] : chosen(path, below);
  });
}
