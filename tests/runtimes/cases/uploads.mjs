// What a commit sends and to where: sources of every kind, LFS actions that mislead, what comes back.

import { equal, match, ok, rejects } from "../assert.mjs";
import { bytes } from "../context.mjs";

export const endpoint = "https://hub.example";
export const repo = "acme/x";
export const add = (content, path = "w.bin") => ({ operation: "addOrUpdate", path, content });

/** A server that wants every file as a large one; `actions` are those of the LFS batch. */
export function server(actions, sent = []) {
  return async (url, init) => {
    const body = typeof init.body === "string" ? init.body : undefined;
    sent.push({ url, method: init.method, body, headers: new Headers(init.headers) });
    if (url.includes("/preupload/")) {
      const files = JSON.parse(body).files.map(({ path }) => ({ path, uploadMode: "lfs", shouldIgnore: false }));
      return Response.json({ files });
    }
    if (url.endsWith("/objects/batch")) {
      return Response.json({ objects: JSON.parse(body).objects.map(({ oid }) => ({ oid, actions })) });
    }
    if (url.includes("/commit/")) return Response.json({ success: true, commitOid: "4".repeat(40) });
    return new Response(null);
  };
}

export const commit = (hub, operations, options) => hub.commit({ repo, title: "Add", operations }, options);

export const cases = [
  {
    name: "an LFS action leads to an absolute http(s) URL, and never down to http",
    async run({ hub }) {
      for (const href of ["/upload", "file:///etc/passwd", "data:text/plain,x", "", "blob:https://a/b", "http://cdn.example/u", "https://a:b@cdn.example/u"]) {
        for (const actions of [{ upload: { href } }, { verify: { href } }]) {
          const sent = [];
          const client = hub({ endpoint, fetch: server(actions, sent) });
          await rejects(commit(client, [add("content")]), { kind: "protocol" });
          ok(sent.at(-1).url.endsWith("/objects/batch"), `${href}: ${sent.at(-1).url}`);
        }
      }
    },
  },
  {
    name: "an upload carries the headers of its action, and no token; verification the token at home only",
    async run({ hub }) {
      for (const [verifier, authorization] of [[endpoint, "Bearer hf_secret"], ["https://lfs.example", null]]) {
        const sent = [];
        const upload = { href: "https://cdn.example/u?signature=1", header: { "X-Amz-Acl": "private", "Transfer-Encoding": "chunked" } };
        const verify = { href: `${verifier}/verify`, header: { "x-verify": "1" } };
        const client = hub({ endpoint, token: "hf_secret", fetch: server({ upload, verify }, sent) });
        await commit(client, [add("content")]);
        const put = sent.find(({ method }) => method === "PUT");
        equal([put.url, put.headers.get("x-amz-acl"), put.headers.get("authorization")], [upload.href, "private", null]);
        // How the bytes are sent is the runtime's.
        equal(put.headers.get("transfer-encoding"), null);
        const verification = sent.find(({ url }) => url === verify.href);
        equal([verification.headers.get("x-verify"), verification.headers.get("authorization")], ["1", authorization]);
      }
    },
  },
  {
    name: "a header of an LFS action that cannot be sent is refused",
    async run({ hub }) {
      for (const header of [{ "x-a": "b\r\nx: y" }, { "x a": "b" }]) {
        const client = hub({ endpoint, fetch: server({ upload: { href: "https://cdn.example/u", header } }) });
        await rejects(commit(client, [add("content")]), { kind: "protocol" });
      }
    },
  },
  {
    name: "a way of uploading that was not offered is refused",
    async run({ hub }) {
      const sent = [];
      const inner = server({ upload: { href: "https://cdn.example/u" } }, sent);
      const fetch = async (url, init) => {
        const response = await inner(url, init);
        if (!url.endsWith("/objects/batch")) return response;
        return Response.json({ ...(await response.json()), transfer: "xet" });
      };
      await rejects(commit(hub({ endpoint, fetch }), [add("content")]), { kind: "protocol" });
      ok(sent.every(({ method }) => method !== "PUT"), "nothing is uploaded");
    },
  },
  {
    name: "behind a mirror, LFS actions that name the Hub go to the mirror",
    async run({ hub }) {
      const sent = [];
      const verify = { href: "https://huggingface.co/acme/x.git/info/lfs/objects/verify" };
      const client = hub({ endpoint: "https://mirror.example/hf", token: "hf_secret", fetch: server({ verify }, sent) });
      await commit(client, [add("content")]);
      const verification = sent.find(({ url }) => url.endsWith("/verify"));
      equal(verification.url, "https://mirror.example/hf/acme/x.git/info/lfs/objects/verify");
      equal(verification.headers.get("authorization"), "Bearer hf_secret");
    },
  },
  {
    name: "a buffer that is detached, resizable or shared is refused by its field",
    async run({ hub }) {
      const client = hub({ endpoint, fetch: server({}) });
      const detached = new ArrayBuffer(8);
      const view = new Uint8Array(detached);
      structuredClone(detached, { transfer: [detached] });
      const sources = [detached, view];
      const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
      if (resizable.resizable) sources.push(resizable, new Uint8Array(resizable));
      // Pages have it only where they are isolated.
      if (globalThis.SharedArrayBuffer) sources.push(new SharedArrayBuffer(8), new Uint8Array(new SharedArrayBuffer(8)));
      for (const source of sources) {
        await rejects(commit(client, [add("a", "a"), add(source)]), { kind: "invalidInput", field: "operations[1].content" });
      }
    },
  },
  {
    name: "a buffer that is detached while the commit runs fails by its field",
    async run({ hub }) {
      const buffer = bytes(2000).buffer;
      const inner = server({});
      const fetch = async (url, init) => {
        const response = await inner(url, init);
        if (url.includes("/preupload/")) structuredClone(buffer, { transfer: [buffer] });
        return response;
      };
      await rejects(commit(hub({ endpoint, fetch }), [add(buffer)]), { kind: "invalidInput", field: "operations[0].content" });
    },
  },
  {
    name: "a Blob that gives nothing, or too little, is no Blob",
    async run({ hub }) {
      const blob = (arrayBuffer) => ({ size: 5, slice: () => blob(arrayBuffer), arrayBuffer });
      const broken = [() => undefined, async () => undefined, async () => new ArrayBuffer(2), () => { throw new Error("no"); }, async () => { throw new Error("no"); }];
      for (const arrayBuffer of broken) {
        const client = hub({ endpoint, fetch: server({}) });
        await rejects(commit(client, [add(blob(arrayBuffer))]), { kind: "invalidInput", field: "operations[0].content" });
      }
      const client = hub({ endpoint, fetch: server({}), timeout: { idle: 20 } });
      await rejects(commit(client, [add(blob(() => new Promise(() => {})))]), { kind: "timeout" });
      for (const size of [-1, Number.NaN, 1.5, "5"]) {
        await rejects(commit(client, [add({ ...blob(() => {}), size })]), { kind: "invalidInput", field: "operations[0].content" });
      }
    },
  },
  {
    name: "a pull request is given by number and URL",
    async run({ hub, fresh }) {
      const [client, name] = [hub(), fresh("pr")];
      await client.createRepo({ repo: name });
      const operations = [add("P", "p.txt")];
      const { pullRequest, pullRequestUrl } = await client.commit({ repo: name, title: "Propose", create_pr: true, operations });
      equal(pullRequest, { num: 1, url: pullRequestUrl });
      const { pullRequest: none } = await client.commit({ repo: name, title: "Commit", operations });
      equal(none, undefined);
      await client.deleteRepo({ repo: name });
    },
  },
  {
    name: "warnings about the card and ignored files are told",
    async run({ hub, fresh }) {
      const [client, name] = [hub(), fresh("card")];
      await client.createRepo({ repo: name });
      const operations = [add("*.tmp\n", ".gitignore"), add("x", "a.tmp"), add("y", "b.txt")];
      const result = await client.commit({ repo: name, title: "Add", operations });
      equal([result.ignored, result.skipped, result.warnings], [["a.tmp"], [], []]);
      const card = add("---\nlicense: [\n---\n", "README.md");
      const error = await rejects(client.commit({ repo: name, title: "Card", operations: [card] }), { kind: "invalidInput" });
      equal(error.field, "operations[0].content");
      await client.deleteRepo({ repo: name });
    },
  },
  {
    name: "a server without paths-info is asked for the headers of each file",
    async run({ hub }) {
      const sent = [];
      const oid = "a".repeat(64);
      const fetch = async (url, init) => {
        sent.push({ url, method: init.method, body: init.body });
        if (url.includes("/paths-info/")) return Response.json({ error: "Not Found" }, { status: 404 });
        if (init.method === "HEAD" && url.endsWith("/w.bin")) {
          const headers = { location: "https://cdn.example/w", "x-linked-etag": `"${oid}"`, "x-linked-size": "12" };
          return new Response(null, { status: 302, headers });
        }
        if (init.method === "HEAD" && url.endsWith("/a.txt")) return new Response(null, { headers: { etag: '"4f"' } });
        if (init.method === "HEAD") return new Response(null, { status: 404, headers: { "x-error-code": "EntryNotFound" } });
        if (url.includes("/resolve/")) return new Response("A");
        return Response.json({ success: true, commitOid: "4".repeat(40) });
      };
      const client = hub({ endpoint, fetch });
      equal([await client.fileExists({ repo, path: "a.txt" }), await client.fileExists({ repo, path: "b" })], [true, false]);
      await commit(client, [
        { operation: "rename", path: "v.bin", from: "w.bin" },
        { operation: "copy", path: "b.txt", from: "a.txt" },
      ]);
      const lines = sent.at(-1).body.trim().split("\n").map((line) => JSON.parse(line));
      equal(lines.slice(1), [
        { key: "lfsFile", value: { path: "v.bin", oldPath: "w.bin", algo: "sha256", oid, size: 12 } },
        { key: "file", value: { path: "b.txt", encoding: "base64", content: "QQ==" } },
      ]);
      match(sent.at(-1).url, /\/api\/models\/acme\/x\/commit\/main$/);
    },
  },
  {
    name: "an abort is heard while thousands of files are read",
    async run({ hub }) {
      const stop = new AbortController();
      const fetch = async (url, init) => {
        stop.abort(new Error("enough"));
        return server({})(url, init);
      };
      const operations = Array.from({ length: 5000 }, (_, at) => add("x", `folder/${at}`));
      await commit(hub({ endpoint, fetch: server({}) }), operations, { signal: AbortSignal.timeout(1) }).then(
        () => ok(false, "it succeeded"),
        (error) => equal(error.name, "TimeoutError"),
      );
      await rejects(commit(hub({ endpoint, fetch }), operations, { signal: stop.signal }), { message: "enough" });
    },
  },
];
