// Downloads: whole, ranges, large files from the second origin.

import { equal, match, ok, rejects } from "../assert.mjs";

const repo = "acme/tiny-bert";

export const cases = [
  {
    name: "what comes in the place of a file is told",
    async run({ hub }) {
      const by = (body, headers = {}, status = 200) => hub({ fetch: async () => new Response(body, { status, headers }) });
      const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
      const wrong = {
        "an HTML page": by("<html>Sign in</html>", { "content-type": "text/html; charset=utf-8" }),
        "the Git LFS pointer": by(pointer, { "content-type": "text/plain" }),
        "received 8 of 10000000 bytes": by("<Error/>", { "x-linked-size": "10000000" }),
        "no content": by(null, {}, 204),
        "a different range": by("half", {}, 206),
      };
      for (const [name, client] of Object.entries(wrong)) {
        const error = await rejects(client.downloadFile({ repo, path: "model.safetensors" }));
        equal(error.kind, "protocol", name);
        match(error.message, new RegExp(name));
      }
      const page = by("<html>x</html>", { "content-type": "text/html" });
      equal(await (await page.downloadFile({ repo, path: "index.html" })).text(), "<html>x</html>");
      equal((await by("12345", { "x-linked-size": "5" }).downloadFile({ repo, path: "x" })).size, 5);
      await rejects(by("x").downloadFile({ repo, path: "x", range: { start: 2 ** 53 } }), { kind: "invalidInput", field: "range" });
    },
  },
  {
    name: "the size that a redirect tells is that of the file",
    async run({ hub }) {
      for (const [body, right] of [["12345", true], ["<Error/>", false]]) {
        const fetch = async (url) => {
          if (url.startsWith("https://cdn.example")) return new Response(body);
          return new Response(null, { status: 302, headers: { location: "https://cdn.example/x", "x-linked-size": "5" } });
        };
        const download = hub({ endpoint: "https://hub.example", fetch }).downloadFile({ repo, path: "x" });
        if (right) equal((await download).size, 5);
        else await rejects(download, { kind: "protocol" });
      }
    },
  },
  {
    name: "a range is what was asked for, cut out of the whole where the server sends that, or an error",
    async run({ hub }) {
      const text = "0123456789";
      const range = { start: 2, end: 5 };
      const by = (body, status, contentRange) =>
        hub({ fetch: async () => new Response(body, { status, headers: contentRange ? { "content-range": contentRange } : {} }) });
      const got = async (client, range) => (await client.downloadFile({ repo, path: "x", range })).text();
      equal(await got(by(text, 200), range), "234");
      equal(await got(by(text, 200), { start: 7 }), "789");
      equal(await got(by("234", 206, "bytes 2-4/10"), range), "234");
      equal(await got(by("234", 206, "bytes 2-4/*"), range), "234");
      equal(await got(by("89", 206, "bytes 8-9/10"), { start: 8, end: 20 }), "89");
      const big = 5_000_000_000;
      equal(await got(by("ab", 206, `bytes ${big}-${big + 1}/${big + 9}`), { start: big, end: big + 2 }), "ab");
      const wrong = [
        [by("012", 206, "bytes 0-2/10"), range],
        [by("23", 206, "bytes 2-4/10"), range],
        [by("23", 206, "bytes 2-3/10"), range],
        [by("2345", 206, "nonsense"), range],
        [by(text, 206), range],
        [by("ab", 206, `bytes ${big - 2 ** 32}-${big - 2 ** 32 + 1}/${big + 9}`), { start: big, end: big + 2 }],
        [by("012", 206, "bytes 0-2/10"), undefined],
      ];
      for (const [at, [client, range]] of wrong.entries()) {
        const error = await rejects(client.downloadFile({ repo, path: "x", range }));
        equal(error.kind, "protocol", String(at));
      }
      await rejects(by(text, 200).downloadFile({ repo, path: "x", range: { start: 10 } }), { kind: "invalidInput", field: "range" });
    },
  },
  {
    name: "a part that is not the one that was asked for is asked for once more",
    async run({ hub }) {
      const range = { start: 2, end: 5 };
      const wrong = [["012", "bytes 0-2/10"], ["23", "bytes 2-4/10"], ["2345", "nonsense"]];
      for (const [body, contentRange] of wrong) {
        for (const [times, right] of [[1, true], [9, false]]) {
          let sent = 0;
          const retries = [];
          const fetch = async (_, { headers }) => {
            equal(new Headers(headers).get("range"), "bytes=2-4");
            const good = sent++ >= times;
            return new Response(good ? "234" : body, { status: 206, headers: { "content-range": good ? "bytes 2-4/10" : contentRange } });
          };
          const download = (retry) => hub({ fetch, retry, onRetry: (info) => retries.push(info) }).downloadFile({ repo, path: "x", range });
          if (right) equal(await (await download(true)).text(), "234");
          else await rejects(download(true), { kind: "protocol" });
          equal([sent, retries.length, retries[0].wait], [2, 1, 0]);
          match(retries[0].reason, /a different range/);
          sent = 0;
          await rejects(download(false), { kind: "protocol" });
          equal(sent, 1);
        }
      }
    },
  },
  {
    name: "a small file can be read in every way",
    async run({ hub }) {
      const file = await hub().downloadFile({ repo, path: "config.json" });
      const text = await file.text();
      equal([JSON.parse(text).model_type, (await file.json()).model_type, file.size, file.path], ["bert", "bert", text.length, "config.json"]);
      match(file.contentType, /json|text/);
      equal(await (await file.blob()).text(), text);
      equal(new TextDecoder().decode(await file.arrayBuffer()), text);
      equal([...(await file.slice(1, 5).bytes())], [...new TextEncoder().encode(text.slice(1, 5))]);
      equal(await file.slice(-9, -1).slice(2).text(), text.slice(-7, -1));
      const reader = file.stream().getReader();
      equal(new TextDecoder().decode((await reader.read()).value), text);
      ok((await reader.read()).done);
      match(file.etag, /^"/);
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
  {
    name: "a large file is held to the SHA-256 that the Hub names, and to no ETag of a CDN",
    async run({ hub }) {
      const oid = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
      for (const [text, linked, tag, right] of [["abc", oid, "x", true], ["abd", oid, oid, false], ["abd", undefined, oid, true]]) {
        const fetch = async (url) => {
          if (url.startsWith("https://cdn.example")) return new Response(text, { headers: { etag: `"${tag}"` } });
          const headers = { location: "https://cdn.example/x", ...(linked && { "x-linked-etag": `"${linked}"` }) };
          return new Response(null, { status: 302, headers });
        };
        const download = hub({ endpoint: "https://hub.example", fetch }).downloadFile({ repo, path: "x" });
        if (right) equal(await (await download).text(), text);
        else match((await rejects(download, { kind: "protocol" })).message, /SHA-256 mismatch/);
      }
    },
  },
];
