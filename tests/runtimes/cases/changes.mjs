// The changes of files that have a method of their own, and the contents that they take.

import { equal, match, ok, rejects, sameBytes } from "../assert.mjs";
import { bytes } from "../context.mjs";

/** A new repository for one case. */
async function withRepo({ hub, fresh }, task) {
  const [client, repo] = [hub(), fresh("changes")];
  await client.createRepo({ repo });
  try {
    await task(client, repo);
  } finally {
    await client.deleteRepo({ repo });
  }
}

async function paths(client, repo, revision) {
  const entries = [];
  for await (const { path, type } of client.listFiles({ repo, revision, recursive: true })) if (type === "file") entries.push(path);
  return entries.filter((path) => path !== ".gitattributes");
}

const text = async (client, repo, path) => (await client.downloadFile({ repo, path })).text();
const title = async (client, repo) => (await client.listCommits({ repo })).items[0].title;

async function* pieces(...all) {
  for (const piece of all) yield piece;
}

export const cases = [
  {
    name: "each changes what it says, with one commit whose title says so",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const step = async (made, expected, files) => {
          const { commitOid } = await made;
          equal([commitOid.length, await title(client, repo)], [40, expected]);
          equal(await paths(client, repo), files);
        };
        await step(client.uploadFile({ repo, file: { path: "a.txt", content: "A" } }), "Upload a.txt", ["a.txt"]);
        const files = ["d/x", "d/y"].map((path) => ({ path, content: path }));
        await step(client.uploadFiles({ repo, files }), "Upload 2 files", ["a.txt", "d/x", "d/y"]);
        await step(client.copyFile({ repo, from: "a.txt", path: "b.txt" }), "Copy b.txt", ["a.txt", "b.txt", "d/x", "d/y"]);
        await step(client.moveFile({ repo, from: "a.txt", path: "c.txt" }), "Move c.txt", ["b.txt", "c.txt", "d/x", "d/y"]);
        equal([await text(client, repo, "b.txt"), await text(client, repo, "c.txt")], ["A", "A"]);
        await step(client.deleteFile({ repo, path: "b.txt" }), "Delete b.txt", ["c.txt", "d/x", "d/y"]);
        await step(client.deleteFolder({ repo, path: "d" }), "Delete d/", ["c.txt"]);
        await client.uploadFiles({ repo, files, commitTitle: "Again", commitDescription: "As before" });
        equal(await title(client, repo), "Again");
        await step(client.deleteFiles({ repo, paths: ["d/x", "c.txt"] }), "Delete 2 files", ["d/y"]);
      }),
  },
  {
    name: "branch, pull request and parent are kept to",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const { commitOid } = await client.uploadFile({ repo, file: { path: "a.txt", content: "1" } });
        const { pullRequest } = await client.uploadFile({ repo, file: { path: "b.txt", content: "2" }, isPullRequest: true });
        equal([pullRequest.num, await paths(client, repo)], [1, ["a.txt"]]);
        await client.deleteFile({ repo, path: "b.txt", branch: "refs/pr/1" });
        equal(await paths(client, repo, "refs/pr/1"), ["a.txt"]);
        await client.uploadFile({ repo, file: { path: "a.txt", content: "3" }, parentCommit: commitOid });
        await rejects(client.deleteFile({ repo, path: "a.txt", parentCommit: commitOid }), { kind: "preconditionFailed" });
        await client.copyFile({ repo, from: "a.txt", fromRevision: commitOid, path: "old.txt" });
        equal([await text(client, repo, "a.txt"), await text(client, repo, "old.txt")], ["3", "1"]);
      }),
  },
  {
    name: "a file may come as bytes, a Blob, a stream, an async iterable, a response or a URL",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        await client.uploadFile({ repo, file: { path: "first", content: "first" } });
        const url = new URL(`${context.endpoint}/${repo}/resolve/main/first`);
        // Node 18 has no such class.
        // Those of jsdom can be made, but not read.
        const named = globalThis.File?.prototype.arrayBuffer ? new File(["named"], "file") : { path: "file", content: "named" };
        const large = bytes(50_000, 3);
        const files = [
          named,
          { path: "view", content: new TextEncoder().encode("view") },
          { path: "blob", content: new Blob(["blob"]) },
          { path: "stream", content: new Blob(["str", "eam"]).stream() },
          { path: "pieces", content: pieces("pi", new TextEncoder().encode("ec"), "es") },
          { path: "response", content: new Response("response") },
          { path: "url", content: url },
          { path: "large.safetensors", content: pieces(large.subarray(0, 20_000), large.subarray(20_000)) },
          { path: "empty", content: new Response(null) },
        ];
        await client.uploadFiles({ repo, files });
        for (const path of ["file", "view", "blob", "stream", "pieces", "response"]) {
          equal(await text(client, repo, path), path === "file" ? "named" : path);
        }
        equal([await text(client, repo, "url"), await text(client, repo, "empty")], ["first", ""]);
        const stored = new Uint8Array(await (await client.downloadFile({ repo, path: "large.safetensors" })).arrayBuffer());
        ok(sameBytes(stored, large), "the large file");
        equal((await client.pathsInfo({ repo, paths: ["large.safetensors"] }))[0].lfs.size, large.length);
      }),
  },
  {
    name: "what cannot be a file is refused by its field, before anything is sent",
    async run({ hub }) {
      const client = hub({ endpoint: "https://hub.example", fetch: () => ok(false, "a request was sent") });
      const repo = "acme/x";
      const upload = (...files) => client.uploadFiles({ repo, files });
      const failing = async function* () {
        yield "a";
        throw new Error("the source broke");
      };
      for (const [call, expected] of [
        [() => upload(7), { kind: "invalidInput", field: "files[0]" }],
        [() => upload({ path: "a", content: "a" }, { path: "b", content: 7 }), { kind: "invalidInput", field: "files[1].content" }],
        [() => upload({ path: "b", content: "b" }, { path: "../a", content: "a" }), { kind: "invalidInput", field: "files[1].path" }],
        [() => upload({ path: "/a", content: "a" }), { kind: "invalidInput", field: "files[0].path" }],
        [() => upload({ path: "a", content: "a" }, { path: "a", content: "b" }), { kind: "invalidInput", field: "files[1].path" }],
        [() => upload({ path: "a/b", content: "a" }, { path: "a", content: "b" }), { kind: "invalidInput", field: "files[0].path" }],
        [() => upload(), { kind: "invalidInput", field: "files" }],
        [() => client.uploadFile({ repo, file: { path: "a//b", content: "a" } }), { kind: "invalidInput", field: "file.path" }],
        [() => upload({ path: "a", content: new URL("ftp://hub.example/a") }), { kind: "invalidInput", field: "files[0].content" }],
        [() => upload({ path: "a", content: new Response("no", { status: 404 }) }), { kind: "invalidInput", field: "files[0].content" }],
        [() => upload({ path: "a", content: failing() }), { message: "the source broke" }],
        [() => client.uploadFiles({ repo }), { kind: "invalidInput", field: "files" }],
        [() => client.deleteFiles({ repo, paths: "a" }), { kind: "invalidInput", field: "paths" }],
        [() => client.deleteFile({ repo, path: 7 }), { kind: "invalidInput", field: "operations[0].path" }],
        [() => client.deleteFile(), { kind: "invalidInput", field: "params" }],
        [() => client.moveFile({ repo, path: "a" }), { kind: "invalidInput", field: "operations[0].from" }],
      ]) {
        await rejects(call(), expected);
      }
      let cancelled = 0;
      const failed = new Response(new ReadableStream({ cancel: () => cancelled++ }), { status: 404 });
      await rejects(upload({ path: "a", content: failed }), { kind: "invalidInput", field: "files[0].content" });
      equal(cancelled, 1);
    },
  },
  {
    name: "an upload ends when it is aborted, also where its content stalls",
    async run({ hub }) {
      const client = hub({ endpoint: "https://hub.example", fetch: () => ok(false, "a request was sent") });
      let cancelled = 0;
      const forever = new Promise(() => {});
      const stream = new ReadableStream({ pull: () => forever, cancel: () => cancelled++ });
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => forever, return: async () => ({ done: true, value: cancelled++ }) }) };
      for (const content of [stream, iterable, new Response(new ReadableStream({ pull: () => forever, cancel: () => cancelled++ }))]) {
        const stop = new AbortController();
        setTimeout(() => stop.abort(new Error("enough")), 20);
        const late = new Promise((_, reject) => setTimeout(() => reject(new Error("it went on")), 5000));
        const upload = client.uploadFile({ repo: "acme/x", file: { path: "a", content } }, { signal: stop.signal });
        await rejects(Promise.race([upload, late]), { message: "enough" });
      }
      equal(cancelled, 3);
    },
  },
  {
    name: "a name that would be lost is refused before anything is sent, so that no commit goes to another branch than was meant",
    async run({ hub }) {
      const client = hub({ endpoint: "https://hub.example", fetch: () => ok(false, "a request was sent") });
      const [repo, file] = ["acme/x", { path: "a.txt", content: "A" }];
      const commit = (names) => client.commit({ repo, operations: [{ operation: "delete", path: "a" }], ...names });
      const names = { branch: "revision", isPullRequest: "create_pr", commitTitle: "title", commitDescription: "description" };
      for (const [name, meant] of Object.entries(names)) {
        match((await rejects(commit({ [name]: "x" }), { kind: "invalidInput", field: name })).message, new RegExp(`"${meant}"`));
        const changes = {
          uploadFile: { file },
          uploadFiles: { files: [file] },
          deleteFile: { path: "a" },
          deleteFiles: { paths: ["a"] },
          deleteFolder: { path: "a" },
          copyFile: { from: "a", path: "b" },
          moveFile: { from: "a", path: "b" },
        };
        for (const [method, params] of Object.entries(changes)) {
          const error = await rejects(client[method]({ repo, ...params, [meant]: "x" }), { kind: "invalidInput", field: meant });
          match(error.message, new RegExp(`"${name}"`));
        }
      }
      const sent = [];
      const space = hub({ endpoint: "https://hub.example", fetch: async (url) => { sent.push(url); return Response.json({ files: [], commitOid: "1".repeat(40) }); } });
      await space.deleteFile({ repo: "spaces/acme/x", path: "a", hotReload: true });
      equal(new URL(sent.at(-1)).searchParams.get("hot_reload"), "1");
      for (const name of ["accessToken", "novelty"]) {
        await rejects(commit({ [name]: "x" }), { kind: "invalidInput", field: name });
        await rejects(client.uploadFile({ repo, file, [name]: "x" }), { kind: "invalidInput", field: name });
      }
    },
  },
];
