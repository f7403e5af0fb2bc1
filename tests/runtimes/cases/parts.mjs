// Large files that go up in parts: their order and number, failures and aborts, and what a store of parts keeps.

import { equal, ok, rejects, until } from "../assert.mjs";
import { add, commit, endpoint, repo, server } from "./uploads.mjs";

export const cases = [
  {
    name: "what was downloaded is the content of a commit as it is",
    async run({ hub }) {
      const [sent, text] = [[], "0123456789abcdefghij"];
      const store = inParts(2, sent, async () => {});
      const fetch = (url, init) => (url.includes("/resolve/") ? new Response(text) : store(url, init));
      const client = hub({ endpoint, fetch });
      const file = await client.downloadFile({ repo, path: "w.bin" });
      await commit(client, [{ operation: "delete", path: "old" }, add(file)]);
      const parts = sent.filter(({ method }) => method === "PUT").sort((one, other) => one.part - other.part);
      equal(parts.map(({ text }) => text), [text.slice(0, 10), text.slice(10)]);
    },
  },
  {
    name: "parts go up several at once, with their progress, and are completed in their order",
    async run({ hub }) {
      const [sent, loaded] = [[], []];
      let [under, most] = [0, 0];
      const fetch = inParts(9, sent, async (part) => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 10 - part));
        under -= 1;
      });
      const onProgress = ({ phase, loaded: bytes }) => phase === "upload" && loaded.push(bytes);
      await commit(hub({ endpoint, fetch, token: "hf_secret" }), [add(new Blob(["0123456789".repeat(8), "end"]))], { onProgress });
      ok(most > 1 && most < 9, `${most} at once`);
      const parts = sent.filter(({ method }) => method === "PUT").sort((one, other) => one.part - other.part);
      equal(parts.map(({ text }) => text), [..."012345678"].map((_, at) => (at < 8 ? "0123456789" : "end")));
      equal(sent.filter(({ authorization }) => authorization).length, 0);
      const completion = JSON.parse(sent.find(({ url }) => url.includes("/complete")).body);
      equal(completion.parts, parts.map(({ part }) => ({ partNumber: part, etag: `"etag ${part}"` })));
      equal([loaded[0], loaded.at(-1)], [0, 83]);
      ok(loaded.length >= 10, `${loaded.length} events`);
      equal(loaded, loaded.toSorted?.((one, other) => one - other) ?? loaded);
    },
  },
  {
    name: "of an upload whose addresses have expired, only what has not arrived is sent again",
    async run({ hub }) {
      const sent = [];
      const refused = new Set([3, 4]);
      const fetch = inParts(5, sent, async (part) => refused.delete(part) && new Response("Request has expired", { status: 403 }));
      await commit(hub({ endpoint, fetch }), [add("0123456789".repeat(5))]);
      const parts = sent.filter(({ method }) => method === "PUT");
      const count = (wanted) => parts.filter(({ part }) => part === wanted).length;
      equal([1, 2, 3, 4, 5].map(count), [1, 1, 2, 2, 1]);
      equal(sent.filter(({ url }) => url.endsWith("/objects/batch")).length, refused.size + 2);
    },
  },
  {
    name: "an abort ends the parts that are under way, and a failure of one those of the others",
    async run({ hub }) {
      for (const [cause, expected] of [["abort", { message: "enough" }], ["failure", { kind: "server", status: 500 }]]) {
        const stop = new AbortController();
        const [sent, ended] = [[], []];
        const fetch = inParts(4, sent, (part, signal) => new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => { ended.push(part); reject(signal.reason); });
          if (part !== 4) return;
          if (cause === "abort") stop.abort(new Error("enough"));
          else resolve(new Response("no", { status: 500 }));
        }));
        await rejects(commit(hub({ endpoint, fetch }), [add("0123456789".repeat(4))], { signal: stop.signal }), expected);
        // One may not have begun when the last did.
        const begun = sent.filter(({ method, part }) => method === "PUT" && part !== 4).map(({ part }) => part);
        const allEnded = () => begun.every((part) => ended.includes(part));
        await until(allEnded);
        ok(begun.length > 0 && allEnded(), `${cause}: ${ended} of ${begun}`);
        ok(sent.every(({ url }) => !url.includes("/commit/")), "nothing is committed");
      }
    },
  },
  {
    name: "parts that do not make up the file are refused",
    async run({ hub }) {
      const urls = { "00001": "https://cdn.example/1", 2: "https://cdn.example/2" };
      for (const header of [{ chunk_size: "4", ...urls }, { chunk_size: 6, ...urls }, { chunk_size: 0, ...urls }, { chunk_size: "x", ...urls }, { chunk_size: 5, "00001": "https://cdn.example/1", "00003": "https://cdn.example/2" }]) {
        const sent = [];
        const client = hub({ endpoint, fetch: server({ upload: { href: "https://cdn.example/complete", header } }, sent) });
        // Six bytes would be two parts of five, three, or four bytes.
        const content = header.chunk_size === 6 ? "0123456789abc" : "0123456789".slice(0, header.chunk_size === "4" ? 9 : 6);
        await rejects(commit(client, [add(content)]), { kind: "protocol" });
        ok(sent.every(({ method }) => method !== "PUT"), JSON.stringify(header));
      }
      // A page may not be allowed to see it.
      const client = hub({ endpoint, fetch: server({ upload: { href: "https://cdn.example/complete", header: { chunk_size: 5, ...urls } } }) });
      await rejects(commit(client, [add("012345")]), { kind: "protocol" });
    },
  },
  {
    name: "with a store, another run sends only the parts that have not arrived",
    async run({ hub }) {
      const [store, first] = [new Map(), []];
      const stop = new AbortController();
      const content = "0123456789".repeat(5);
      const broken = inParts(5, first, async (part, signal) => {
        if (part !== 4) return;
        while (first.length < 6) await new Promise((resolve) => setTimeout(resolve));
        await new Promise((resolve) => setTimeout(resolve, 20));
        stop.abort(new Error("enough"));
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      });
      await rejects(commit(hub({ endpoint, fetch: broken }), [add(content)], { signal: stop.signal, store }), { message: "enough" });
      const [second, loaded] = [[], []];
      const onProgress = ({ phase, loaded: bytes }) => phase === "upload" && loaded.push(bytes);
      const client = hub({ endpoint, fetch: inParts(5, second, async () => {}, "other") });
      await commit(client, [add(content)], { store, onProgress });
      const parts = second.filter(({ method }) => method === "PUT");
      equal([parts.map(({ part }) => part), parts[0].url.includes("uploadId=first"), loaded.at(-1)], [[4], true, 50]);
      const completion = second.find(({ url }) => url.includes("/complete"));
      ok(completion.url.includes("uploadId=first"), completion.url);
      equal(JSON.parse(completion.body).parts.map(({ etag }) => etag), [1, 2, 3, 4, 5].map((part) => `"etag ${part}"`));
      equal(store.size, 0);
    },
  },
  {
    name: "what a store holds leads nowhere, and is as good as nothing where it is wrong",
    async run({ hub }) {
      const content = "0123456789".repeat(3);
      const kept = new Map();
      const fetch = inParts(3, [], async (part) => part === 3 && new Response("no", { status: 500 }));
      await rejects(commit(hub({ endpoint, fetch }), [add(content)], { store: kept }), { status: 500 });
      const [key] = [...kept.keys()].filter((key) => /parts-[0-9a-f]{64}$/.test(key));
      const good = JSON.parse(kept.get(key));
      const upload = (change) => JSON.stringify({ ...good, ...change });
      const etag = (text) => JSON.stringify([good.href, text]);
      const changed = [
        [[key, "no JSON"]],
        [[key, "null"]],
        [[key, upload({ expires: 0 })]],
        [[key, upload({ href: "https://evil.example/u/complete" })]],
        [[key, upload({ header: { ...good.header, "00002": "https://evil.example/u/2" } })]],
        [[key, upload({ header: { ...good.header, "00002": "https://cdn.example/other/2" } })]],
        [[key, upload({ header: { ...good.header, "00002": "https://user:word@cdn.example/u/2" } })]],
        [[key, upload({ header: { ...good.header, chunk_size: "15" } })]],
        [[key, upload({ header: { ...good.header, "00004": "https://cdn.example/u/4" } })]],
        [[`${key}-1`, etag('"a"\r\nx: y')], [`${key}-2`, JSON.stringify(["https://cdn.example/another", '"b"'])]],
        [[`${key}-1`, etag('"wrong"')]],
      ];
      for (const entries of changed) {
        const [store, sent] = [new Map([...kept, ...entries]), []];
        const right = (part) => `"etag ${part}"`;
        const inner = inParts(3, sent, async () => {}, "other");
        const checking = async (url, init) => {
          const response = await inner(url, init);
          if (!url.includes("/complete")) return response;
          const wrong = JSON.parse(init.body).parts.some(({ partNumber, etag }) => etag !== right(partNumber));
          return wrong ? new Response("no such part", { status: 400 }) : response;
        };
        await commit(hub({ endpoint, fetch: checking }), [add(content)], { store });
        ok(sent.every(({ url }) => [`${endpoint}/`, "https://cdn.example/u/"].some((place) => url.startsWith(place))), JSON.stringify(entries));
        ok(sent.at(-1).url.includes("/commit/"), "it is committed");
      }
      // One that fails is none.
      const fails = () => { throw new Error("no store"); };
      await commit(hub({ endpoint, fetch: inParts(3, [], async () => {}) }), [add(content)], { store: { get: fails, set: fails, delete: fails } });
      await rejects(commit(hub({ endpoint, fetch }), [add(content)], { store: {} }), { kind: "invalidInput", field: "store" });
    },
  },
  {
    name: "fewer parts go up at once after one was refused for their number, and more again later",
    async run({ hub }) {
      const most = [];
      let [under, refused] = [0, 3];
      const fetch = inParts(60, [], async () => {
        most.push(++under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under -= 1;
        if (most.length > 6 && refused-- > 0) return new Response("slow down", { status: 429, headers: { "retry-after-ms": "5" } });
      });
      await commit(hub({ endpoint, fetch, retry: { attempts: 5 } }), [add("0123456789".repeat(60))]);
      ok(Math.max(...most.slice(0, 6)) > 3, `at first ${most.slice(0, 6)}`);
      ok(Math.min(...most.slice(7, 20)) <= 2, `after it ${most.slice(6, 30)}`);
      ok(Math.max(...most.slice(-20)) > 2, `at last ${most.slice(-20)}`);
    },
  },
];

/** A server that wants parts of ten bytes, `count` of them; `answer` may take its time, or answer in its place; `upload` is the id. */
function inParts(count, sent, answer, upload = "first") {
  const header = { chunk_size: "10" };
  for (let part = 1; part <= count; part++) header[String(part).padStart(5, "0")] = `https://cdn.example/u/${part}`;
  const inner = server({ upload: { href: "https://cdn.example/u/complete", header } });
  let asked = 0;
  return async (url, init) => {
    const headers = new Headers(init.headers);
    if (init.method !== "PUT") {
      const onceMore = url.endsWith("/objects/batch") ? `?X-Amz-Expires=${++asked}` : "";
      const authorization = url.startsWith("https://cdn.example/") && headers.has("authorization");
      sent.push({ url, method: init.method, body: init.body, authorization });
      if (url.includes("/complete")) return new Response("{}");
      const response = await inner(url, init);
      if (!onceMore) return response;
      return new Response((await response.text()).replaceAll(/(cdn\.example\/u\/\d+)/g, `$1${onceMore}&uploadId=${upload}`).replace("u/complete", `u/complete?uploadId=${upload}`));
    }
    const part = Number(/\/u\/(\d+)/.exec(url)[1]);
    sent.push({ url, part, method: "PUT", text: await new Response(init.body).text(), authorization: headers.has("authorization") });
    return (await answer(part, init.signal)) || new Response(null, { headers: { etag: `"etag ${part}"` } });
  };
}
