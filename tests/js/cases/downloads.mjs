// Downloads: whole, ranges, large files from the second origin.

import { equal, ok, rejects } from "../assert.mjs";

const repo = "acme/tiny-bert";

export const cases = [
  {
    name: "a small file is downloaded as a Blob",
    async run({ hub }) {
      const blob = await hub().downloadFile({ repo, path: "config.json" });
      ok(blob instanceof Blob);
      equal(JSON.parse(await blob.text()).model_type, "bert");
    },
  },
  {
    name: "a range is cut out of a small and of a large file",
    async run({ hub }) {
      for (const path of ["README.md", "model.safetensors"]) {
        const whole = new Uint8Array(await (await hub().downloadFile({ repo, path })).arrayBuffer());
        const bytes = async (range) => [
          ...new Uint8Array(await (await hub().downloadFile({ repo, path, range })).arrayBuffer()),
        ];
        equal(await bytes({ start: 2, end: 12 }), [...whole.subarray(2, 12)], path);
        equal(await bytes({ start: whole.length - 5 }), [...whole.subarray(-5)], path);
      }
    },
  },
  {
    name: "a large file comes from the second origin, which never sees the token",
    async run({ hub, received }) {
      const [entry] = await hub().pathsInfo({ repo, paths: ["model.safetensors"] });
      const requests = await received(async () => {
        const blob = await hub().downloadFile({ repo, path: "model.safetensors" });
        equal(blob.size, entry.lfs.size);
      });
      const hop = requests.filter(({ path }) => !path.includes("/resolve/"));
      ok(hop.length > 0, "the redirect was followed");
      ok(
        hop.every(({ authorization }) => !authorization),
        "without the token",
      );
    },
  },
  {
    name: "a range beyond the end is refused",
    async run({ hub }) {
      await rejects(hub().downloadFile({ repo, path: "README.md", range: { start: 10_000_000 } }), {
        kind: "invalidInput",
        status: 416,
      });
    },
  },
  {
    name: "a dataset's file, and a file with odd characters in its name",
    async run({ hub, fresh }) {
      const { siblings } = await hub().datasetInfo({ repo: "acme/reviews" });
      const path = siblings.map(({ rfilename }) => rfilename).find((name) => name.endsWith(".md"));
      ok((await hub().downloadFile({ repo: "datasets/acme/reviews", path })).size > 0);
      const [mine, odd] = [fresh("odd"), "dir with space/ü #1 100%?.txt"];
      await hub().createRepo({ repo: mine });
      await hub().commit({
        repo: mine,
        title: "Add",
        operations: [{ operation: "addOrUpdate", path: odd, content: "odd" }],
      });
      equal(await (await hub().downloadFile({ repo: mine, path: odd })).text(), "odd");
      equal(await hub().fileExists({ repo: mine, path: odd }), true);
      await hub().deleteRepo({ repo: mine });
    },
  },
];
