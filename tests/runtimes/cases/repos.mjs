// Repositories: create, settings, move, delete, refs, files.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

export const cases = [
  {
    name: "a model is created with files, changed, moved and deleted",
    async run({ hub, endpoint, fresh, NotFoundError }) {
      const client = hub();
      const [repo, moved] = [fresh(), fresh("moved")];
      const files = [{ path: "notes/hello.txt", content: "aGVsbG8=", encoding: "base64" }];
      const made = await client.createRepo({ repo, private: true, license: "mit", files });
      equal(made.url, `${endpoint}/${repo}`);
      const info = await client.modelInfo({ repo });
      equal([info.private, info.cardData.license], [true, "mit"]);
      equal(await (await client.downloadFile({ repo, path: "notes/hello.txt" })).text(), "hello");
      const settings = await client.updateRepoSettings({ repo, private: false, gated: "auto" });
      equal([settings.private, settings.gated], [false, "auto"]);
      equal((await client.modelInfo({ repo })).gated, "auto");
      equal(await client.moveRepo({ fromRepo: repo, toRepo: moved }), undefined);
      equal((await client.modelInfo({ repo })).id, moved, "the old id leads to the new");
      equal(await client.deleteRepo({ repo: moved }), undefined);
      const gone = await rejects(client.modelInfo({ repo: moved }), { kind: "notFound", missing: "repo" });
      ok(gone instanceof NotFoundError);
    },
  },
  {
    name: "a reply holds the fields that its type does not know",
    async run({ hub, raw }) {
      const body = { _id: "1", id: "acme/x", novelty: { of: "tomorrow" } };
      const info = await hub({ fetch: async () => Response.json(body) }).modelInfo({ repo: "acme/x" });
      equal([raw(info).novelty, raw(info) === info], [{ of: "tomorrow" }, true]);
    },
  },
  {
    name: "datasets and Spaces are created by prefix and by type and name",
    async run({ hub, fresh }) {
      const client = hub();
      const [data, space] = [fresh("data"), fresh("space")];
      await client.createRepo({ repo: `datasets/${data}` });
      equal((await client.datasetInfo({ repo: data })).id, data);
      await client.createRepo({
        repo: { type: "space", name: space },
        sdk: "static",
        variables: [{ key: "A", value: "b" }],
      });
      equal((await client.spaceInfo({ repo: space })).sdk, "static");
      await client.deleteRepo({ repo: { type: "dataset", name: data } });
      await client.deleteRepo({ repo: `spaces/${space}` });
    },
  },
  {
    name: "branches, tags and pull requests are listed",
    async run({ hub }) {
      const refs = await hub().listRefs({ repo: "acme/tiny-bert", include_prs: true });
      const names = (list) => list.map(({ name }) => name);
      ok(names(refs.branches).includes("main") && names(refs.branches).includes("dev"), names(refs.branches).join());
      ok(names(refs.tags).includes("v1.0") && names(refs.tags).includes("v1.1"), names(refs.tags).join());
      ok(refs.pullRequests.length > 0);
      match(refs.branches[0].targetCommit, /^[0-9a-f]{40}$/);
      equal((await hub().listRefs({ repo: "acme/tiny-bert" })).pullRequests, undefined);
    },
  },
  {
    name: "files are listed: a folder, all, at a tag, at a pull request",
    async run({ hub }) {
      const paths = async (params) =>
        (await collect(hub().listFiles({ repo: "acme/tiny-bert", ...params }))).map(({ path }) => path);
      const all = await paths({ recursive: true });
      ok(all.includes("README.md") && all.some((path) => path.startsWith("onnx/")), all.join());
      const folder = await paths({ path: "onnx" });
      ok(folder.length > 0 && folder.every((path) => path.startsWith("onnx/")));
      ok((await paths({ revision: "v1.0" })).includes("README.md"));
      const { pullRequests } = await hub().listRefs({ repo: "acme/tiny-bert", include_prs: true });
      ok((await paths({ revision: pullRequests[0].ref })).includes("README.md"), "a revision with slashes");
    },
  },
  {
    name: "files are listed over pages, with their last commit",
    async run({ hub }) {
      let sent = 0;
      const client = hub({ onResponse: () => (sent += 1) });
      const entries = await collect(
        client.listFiles({ repo: "acme/tiny-bert", recursive: true, expand: true, pageSize: 2 }),
      );
      ok(sent > 1 && entries.length > 2, `${entries.length} entries in ${sent} pages`);
      ok(entries.every(({ lastCommit }) => lastCommit.title.length > 0));
      const large = entries.find(({ path }) => path === "model.safetensors");
      equal(large.lfs.size, large.size);
    },
  },
  {
    name: "pathsInfo leaves out what does not exist; fileExists tells",
    async run({ hub }) {
      const repo = "acme/tiny-bert";
      const entries = await hub().pathsInfo({ repo, paths: ["README.md", "nothing.bin", "onnx"] });
      equal(entries.map(({ path, type }) => [path, type]).sort(), [
        ["README.md", "file"],
        ["onnx", "directory"],
      ]);
      equal(await hub().fileExists({ repo, path: "README.md" }), true);
      equal(await hub().fileExists({ repo, path: "onnx" }), false);
      equal(await hub().fileExists({ repo, path: "nothing.bin" }), false);
      equal(await hub().fileExists({ repo: "acme/nothing", path: "README.md" }), false);
    },
  },
];
