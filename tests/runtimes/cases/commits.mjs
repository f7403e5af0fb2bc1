// Commits: add, delete, rename, copy, large files, unchanged files, pull requests, a stale parent.

import { equal, match, ok, rejects } from "../assert.mjs";
import { bytes, collect } from "../context.mjs";

const add = (path, content) => ({ operation: "addOrUpdate", path, content });

/** Runs `task` with a repository of its own. */
async function withRepo({ hub, fresh }, task) {
  const [client, repo] = [hub(), fresh("commit")];
  await client.createRepo({ repo });
  try {
    await task(client, repo);
  } finally {
    await client.deleteRepo({ repo });
  }
}

const text = async (client, repo, path, revision) => (await client.downloadFile({ repo, path, revision })).text();
const paths = async (client, repo) =>
  (await collect(client.listFiles({ repo, recursive: true })))
    .filter(({ type }) => type === "file")
    .map(({ path }) => path)
    .sort();

export const cases = [
  {
    name: "a commit adds texts, bytes, views and Blobs",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const shown = new Uint8Array([0, 104, 105, 0]).subarray(1, 3);
        const result = await client.commit({
          repo,
          title: "Add",
          description: "All forms",
          operations: [
            add("a.txt", "grüße\n"),
            add("b/c.bin", bytes(300).buffer),
            add("view.txt", shown),
            add("blob with space.txt", new Blob(["blob"])),
            add("empty", ""),
          ],
        });
        match(result.commitOid, /^[0-9a-f]{40}$/);
        ok(result.commitUrl.endsWith(`/${repo}/commit/${result.commitOid}`), result.commitUrl);
        equal(result.skipped, []);
        equal(await text(client, repo, "a.txt"), "grüße\n");
        equal(await text(client, repo, "view.txt"), "hi");
        equal(await text(client, repo, "blob with space.txt"), "blob");
        equal(await text(client, repo, "empty"), "");
        equal(
          [...new Uint8Array(await (await client.downloadFile({ repo, path: "b/c.bin" })).arrayBuffer())],
          [...bytes(300)],
        );
        const { items } = await client.listCommits({ repo, limit: 1 });
        equal([items[0].id, items[0].title, items[0].message.trim()], [result.commitOid, "Add", "All forms"]);
      }),
  },
  {
    name: "a commit deletes files and folders, renames and copies",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        await client.commit({
          repo,
          title: "Start",
          operations: [add("a.txt", "A"), add("b.txt", "B"), add("dir/x", "X"), add("dir/y", "Y")],
        });
        const start = await client.listRefs({ repo });
        await client.commit({
          repo,
          title: "Change",
          operations: [
            { operation: "delete", path: "dir/" },
            { operation: "rename", path: "moved/a.txt", from: "a.txt" },
            { operation: "copy", path: "copy.txt", from: "b.txt" },
          ],
        });
        const left = await paths(client, repo);
        equal(
          left.filter((path) => !path.startsWith(".git") && path !== "README.md"),
          ["b.txt", "copy.txt", "moved/a.txt"],
        );
        equal([await text(client, repo, "moved/a.txt"), await text(client, repo, "copy.txt")], ["A", "B"]);
        const fromRevision = start.branches[0].targetCommit;
        await client.commit({
          repo,
          title: "Bring back",
          operations: [
            { operation: "copy", path: "back/x", from: "dir/x", fromRevision },
            { operation: "delete", path: "b.txt" },
          ],
        });
        equal(await text(client, repo, "back/x"), "X");
        equal(await client.fileExists({ repo, path: "b.txt" }), false);
      }),
  },
  {
    name: "operations are applied in order: what is put back stays, and renames swap files",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const large = bytes(2_000_000, 3);
        const start = [add("logs/a", "A"), add("logs/b", "B"), add("x", "X"), add("y", "Y"), add("w.safetensors", large)];
        await client.commit({ repo, title: "Start", operations: start });
        const result = await client.commit({
          repo,
          title: "Change",
          operations: [
            { operation: "delete", path: "logs/" },
            add("logs/a", "A"),
            add("logs/c", "C"),
            { operation: "rename", path: "y", from: "x" },
            { operation: "rename", path: "x", from: "y" },
            { operation: "rename", path: "v.safetensors", from: "w.safetensors" },
            add("w.safetensors", large),
          ],
        });
        equal(result.skipped, []);
        equal(
          (await paths(client, repo)).filter((path) => !path.startsWith(".git") && path !== "README.md"),
          ["logs/a", "logs/c", "v.safetensors", "w.safetensors", "x", "y"],
        );
        equal([await text(client, repo, "x"), await text(client, repo, "y"), await text(client, repo, "logs/a")], ["Y", "X", "A"]);
        const twice = [add("z", "1"), { operation: "delete", path: "z" }];
        const error = await rejects(client.commit({ repo, title: "No", operations: twice }), { kind: "invalidInput" });
        equal(error.field, "operations[1].path");
      }),
  },
  {
    name: "large files are uploaded, and renamed and copied without their bytes",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const content = bytes(6_000_000);
        const progress = [];
        const operations = [add("model.safetensors", new Blob([content])), add("notes.md", "# Notes\n")];
        const options = { onProgress: (event) => progress.push(event) };
        await client.commit({ repo, title: "Add weights", operations }, options);
        const [entry] = await client.pathsInfo({ repo, paths: ["model.safetensors"] });
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
        equal(
          [entry.size, entry.lfs.oid],
          [content.length, [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")],
        );
        for (const phase of ["hash", "upload"]) {
          const events = progress.filter((event) => event.phase === phase && event.path === "model.safetensors");
          ok(
            events.some(({ loaded, total }) => loaded === total && total === content.length),
            `${phase} reaches its end`,
          );
        }
        const requests = await context.received(() =>
          client.commit({
            repo,
            title: "Move weights",
            operations: [
              { operation: "rename", path: "w/moved.safetensors", from: "model.safetensors" },
              { operation: "copy", path: "w/copy.safetensors", from: "model.safetensors" },
            ],
          }),
        );
        ok(
          requests.every(({ requestBytes }) => (requestBytes ?? 0) < 10_000),
          "no bytes are sent again",
        );
        const moved = await client.pathsInfo({
          repo,
          paths: ["w/moved.safetensors", "w/copy.safetensors", "model.safetensors"],
        });
        equal(
          moved.map((file) => file.lfs.oid),
          [entry.lfs.oid, entry.lfs.oid],
        );
      }),
  },
  {
    name: "what is unchanged is skipped; with nothing left no commit is made",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const large = bytes(2_000_000, 7);
        const operations = [add("a.txt", "A"), add("w.safetensors", large)];
        const first = await client.commit({ repo, title: "One", operations });
        const again = await client.commit({ repo, title: "Two", operations });
        equal(
          [again.commitOid, again.commitUrl, again.skipped],
          [first.commitOid, undefined, ["a.txt", "w.safetensors"]],
        );
        const third = await client.commit({ repo, title: "Three", operations: [...operations, add("b.txt", "B")] });
        equal(third.skipped, ["a.txt", "w.safetensors"]);
        equal((await client.listCommits({ repo })).items.map(({ title }) => title).slice(0, 2), ["Three", "One"]);
        // What undoes itself changes nothing either.
        const rename = (from, path) => ({ operation: "rename", from, path });
        const four = await client.commit({ repo, title: "Four", operations: [add("c.txt", "B"), add("d/x.txt", "X")] });
        for (const operations of [
          [rename("b.txt", "c.txt"), rename("c.txt", "b.txt")],
          [{ operation: "delete", path: "d/" }, add("d/x.txt", "X")],
        ]) {
          const { commitOid, commitUrl, skipped } = await client.commit({ repo, title: "Five", operations });
          equal([commitOid, commitUrl], [four.commitOid, undefined]);
          equal(skipped, operations.map(({ path }) => path).filter((path) => path !== "d/"));
        }
      }),
  },
  {
    name: "a commit opens a pull request and leaves the branch",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const result = await client.commit({
          repo,
          title: "Propose",
          create_pr: true,
          operations: [add("p.txt", "P")],
        });
        match(result.pullRequestUrl, /\/discussions\/1$/);
        equal(await text(client, repo, "p.txt", "refs/pr/1"), "P");
        equal(await client.fileExists({ repo, path: "p.txt" }), false);
        const { items } = await client.listDiscussions({ repo, type: "pull_request" });
        equal([items[0].num, items[0].title], [1, "Propose"]);
      }),
  },
  {
    name: "a commit on a stale parent fails and changes nothing",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const { commitOid } = await client.commit({ repo, title: "One", operations: [add("a.txt", "1")] });
        await client.commit({ repo, title: "Two", parentCommit: commitOid, operations: [add("a.txt", "2")] });
        const late = client.commit({ repo, title: "Late", parentCommit: commitOid, operations: [add("a.txt", "3")] });
        const error = await rejects(late, { kind: "preconditionFailed", status: 412, endpoint: "commit" });
        ok(error.advice.length > 0);
        equal(await text(client, repo, "a.txt"), "2");
      }),
  },
  {
    name: "deleting what does not exist fails",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const gone = { repo, title: "Delete", operations: [{ operation: "delete", path: "nothing.txt" }] };
        await rejects(client.commit(gone), { kind: "notFound", missing: "entry" });
      }),
  },
  {
    name: "preupload and lfsBatch answer on their own",
    run: (context) =>
      withRepo(context, async (client, repo) => {
        const files = [
          { path: "m.safetensors", size: 20_000_000, sample: "AAAA" },
          { path: "n.md", size: 7, sample: "IyBIZWxsbw==" },
        ];
        const reported = await client.preupload({ repo, files });
        equal(
          reported.files.map(({ uploadMode }) => uploadMode),
          ["lfs", "regular"],
        );
        const objects = [{ oid: "1".repeat(64), size: 5 }];
        const batch = await client.lfsBatch({ repo, operation: "upload", transfers: ["basic"], objects });
        match(batch.objects[0].actions.upload.href, /^http/);
      }),
  },
];
