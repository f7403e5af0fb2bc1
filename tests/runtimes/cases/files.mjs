// Large files, which are read when it is asked for: what is requested, what comes of breaks, and what is not taken for the file.

import { equal, match, ok, rejects, sameBytes, until } from "../assert.mjs";
import { bytes } from "../context.mjs";

const repo = "acme/large";
const SIZE = 3_000_000;
const content = bytes(SIZE, 9);
const SHA256 = async () => [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * A server of one file, and what it was asked for. Each of `turns` says what a request gets: `until` is where it breaks off,
 * `etag` another one, `whole` no range, `shift` another range, `status` a failure, `throws` nothing, `hang` no more bytes.
 */
function server(turns = [], { etag = '"a"', headers = {}, piece = 100_000, file = content } = {}) {
  const asked = [];
  const state = { asked, pulled: 0, cancelled: 0 };
  state.fetch = async (_, init) => {
    const range = new Headers(init.headers).get("range") ?? "";
    const turn = turns[asked.length] ?? turns.at(-1) ?? {};
    asked.push(range);
    if (turn.throws) throw new TypeError("not allowed");
    if (turn.status > 206) return new Response(null, { status: turn.status });
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
    const isPart = from !== undefined && !turn.whole;
    const start = isPart ? Number(from) + (turn.shift ?? 0) : 0;
    const end = isPart && to ? Math.min(Number(to) + 1, file.length) : file.length;
    const stop = turn.until ?? end;
    let at = start;
    const body = new ReadableStream({
      pull(controller) {
        if (at >= stop && turn.hang) return new Promise(() => {});
        if (at >= stop && stop < end) return controller.error(new Error("the connection broke"));
        const next = Math.min(at + piece, end, stop);
        controller.enqueue(file.slice(at, next));
        state.pulled += next - at;
        at = next;
        if (at === end) controller.close();
      },
      cancel() {
        state.cancelled++;
      },
    });
    const own = turn.etag ?? etag;
    return new Response(body, {
      status: isPart ? 206 : 200,
      headers: { ...(own && { etag: own }), "content-length": String(end - start), ...(isPart && { "content-range": `bytes ${start}-${end - 1}/${file.length}` }), ...headers },
    });
  };
  return state;
}

const opened = (hub, state, options, params) => hub({ endpoint: "https://hub.example", retry: { attempts: 4, maxDelay: 1 }, fetch: state.fetch }).downloadFile({ repo, path: "x.bin", ...params }, options);
const same = (got, expected = content) => ok(sameBytes(new Uint8Array(got), expected), `${got.byteLength} bytes, of ${expected.length}`);

async function collected(stream) {
  const pieces = [];
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) pieces.push(step.value);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

export const cases = [
  {
    name: "the first read takes the response that is open, later ones ask for ranges of the same commit",
    async run({ hub }) {
      const commit = "c".repeat(40);
      const state = server([], { headers: { "x-repo-commit": commit, "content-type": "application/x-test" } });
      const urls = [];
      const fetch = (url, init) => urls.push(url) && state.fetch(url, init);
      const file = await opened(hub, { fetch });
      equal([file.size, file.etag, file.commit, file.contentType, file.path], [SIZE, '"a"', commit, "application/x-test", "x.bin"]);
      ok(state.pulled < SIZE / 2, "it is not read before it is asked for");
      same(await file.arrayBuffer());
      equal(state.asked, [""]);
      same(await file.slice(10, 20).bytes(), content.slice(10, 20));
      same(await file.slice(-5).arrayBuffer(), content.slice(-5));
      same(await file.slice(100).slice(50, -100).bytes(), content.slice(150, -100));
      equal(state.asked.slice(1), ["bytes=10-19", `bytes=${SIZE - 5}-${SIZE - 1}`, `bytes=150-${SIZE - 101}`]);
      ok(urls.slice(1).every((url) => url.includes(`/resolve/${commit}/`)) && urls[0].includes("/resolve/main/"), urls.join());
      equal([(await file.slice(5, 5).bytes()).length, (await file.slice(9, 2).bytes()).length, file.slice(SIZE + 5).size], [0, 0, 0]);
      equal(state.asked.length, 4, "nothing is asked for where nothing is to be read");
    },
  },
  {
    name: "parts that follow each other are read of one response",
    async run({ hub }) {
      const state = server();
      const file = await opened(hub, state);
      // Also where one begins before another has ended, as long as that is in the last piece that came.
      for (const [start, end] of [[0, 512], [0, 8], [4, 20], [8, 200_003], [200_001, 200_003], [200_003, 900_000], [1_000_000, 1_000_001]]) same(await file.slice(start, end).bytes(), content.slice(start, end));
      equal(state.asked, [""]);
      same(await file.slice(2_500_000, 2_500_010).bytes(), content.slice(2_500_000, 2_500_010));
      equal(state.asked, ["", "bytes=2500000-2500009"]);
      equal(state.cancelled, 1, "what cannot serve is let go");
    },
  },
  {
    name: "a response of a part that was read to its end is not read on",
    async run({ hub }) {
      const state = server();
      const client = hub({ endpoint: "https://hub.example", retry: false, fetch: state.fetch, onRetry: ({ reason }) => ok(false, reason) });
      const file = await client.downloadFile({ repo, path: "x" });
      const parts = [[400_000, 1_500_000], [1_500_000, 2_600_000], [1_499_000, 2_599_000]];
      for (const [start, end] of parts) same(await file.slice(start, end).bytes(), content.slice(start, end));
      equal(state.asked, ["", ...parts.map(([start, end]) => `bytes=${start}-${end - 1}`)]);
    },
  },
  {
    name: "a response that is closed while it waits for the next read is no break of that",
    async run({ hub }) {
      const read = async (turns) => {
        const state = server(turns);
        const client = hub({ endpoint: "https://hub.example", retry: false, fetch: state.fetch, onRetry: ({ reason }) => ok(false, reason) });
        const file = await client.downloadFile({ repo, path: "x" });
        same(await file.slice(0, 512).bytes(), content.slice(0, 512));
        same(await file.slice(512).bytes(), content.slice(512));
        return state.asked;
      };
      equal(await read([{ until: 100_000 }, {}]), ["", `bytes=100000-${SIZE - 1}`]);
      await rejects(read([{ until: 1_000_000 }, {}]), { kind: "network" });
      await rejects(read([{ until: 100_000 }, { until: 100_000 }]), { kind: "network" });
    },
  },
  {
    name: "a body that breaks goes on where it broke, as long as more comes",
    async run({ hub }) {
      for (const [turns, expected] of [
        [[{ until: 100_000 }, { until: 200_000 }, { until: 300_000 }, { until: 400_000 }, { until: 500_000 }, {}], ["", ...[1, 2, 3, 4, 5].map((at) => `bytes=${at}00000-${SIZE - 1}`)]],
        [[{ until: 100_000 }, { status: 503 }, {}], ["", `bytes=100000-${SIZE - 1}`, `bytes=100000-${SIZE - 1}`]],
        [[{ until: 100_000 }, { throws: true }, {}], ["", `bytes=100000-${SIZE - 1}`, `bytes=100000-${SIZE - 1}`]],
        [[{ until: 100_000 }, { shift: 1 }, {}], ["", `bytes=100000-${SIZE - 1}`, `bytes=100000-${SIZE - 1}`]],
        // A server that knows no ranges: what has come is skipped.
        [[{ until: 100_000 }, { whole: true }], ["", `bytes=100000-${SIZE - 1}`]],
      ]) {
        const state = server(turns);
        const retries = [];
        const client = hub({ endpoint: "https://hub.example", retry: { attempts: 4, maxDelay: 1 }, fetch: state.fetch, onRetry: ({ endpoint, reason }) => retries.push([endpoint, reason]) });
        same(await (await client.downloadFile({ repo, path: "x" })).arrayBuffer());
        equal(state.asked, expected, JSON.stringify(turns));
        equal(retries[0][0], "downloadFile");
        match(retries[0][1], /broke/);
      }
      const state = server([{ until: 100_000 }, { until: 100_000 }]);
      const broken = await rejects((await opened(hub, state)).arrayBuffer(), { kind: "network", endpoint: "downloadFile", attempts: 4 });
      match(broken.message, /^downloadFile acme\/large: the response broke off: the connection broke/);
      equal(state.asked.length, 4);
      const once = server([{ until: 100_000 }]);
      const client = hub({ endpoint: "https://hub.example", retry: false, fetch: once.fetch });
      await rejects((await client.downloadFile({ repo, path: "x" })).text(), { kind: "network" });
      equal(once.asked.length, 1);
    },
  },
  {
    name: "a body that breaks again and again is given up: after little more each time, or after too long",
    async run({ hub }) {
      const little = server(Array.from({ length: 50 }, (_, at) => ({ until: (at + 1) * 10_000 })));
      await rejects((await opened(hub, little)).bytes(), { kind: "network", attempts: 4 });
      equal(little.asked.length, 4);
      const none = server([{ until: 100_000 }]);
      const client = hub({ endpoint: "https://hub.example", retry: { attempts: 50, maxDelay: 5, maxElapsed: 0 }, fetch: none.fetch });
      await rejects((await client.downloadFile({ repo, path: "x" })).bytes(), { kind: "network", attempts: 2 });
    },
  },
  {
    name: "a file that changes while it is read is an error",
    async run({ hub }) {
      for (const turns of [[{ until: 100_000 }, { etag: '"b"' }], [{ until: 100_000 }, { etag: '"b"', whole: true }]]) {
        const file = await opened(hub, server(turns));
        const error = await rejects(file.arrayBuffer(), { kind: "preconditionFailed", endpoint: "downloadFile" });
        match(error.message, /has changed/);
        await rejects(collected(file.slice(2_000_000).stream()), { kind: "preconditionFailed" });
        await rejects(file.bytes({ parallel: 3 }), { kind: "preconditionFailed" });
      }
    },
  },
  {
    name: "what is read whole is held to the SHA-256 before the stream closes",
    async run({ hub }) {
      for (const [named, right] of [[await SHA256(), true], ["0".repeat(64), false]]) {
        for (const parallel of [1, 2]) {
          const file = await opened(hub, server([{ until: 1_000_000 }, {}], { headers: { "x-linked-etag": `"${named}"`, "x-linked-size": String(SIZE) } }));
          equal(file.sha256, named);
          const read = collected(file.stream({ parallel }));
          if (right) same(await read);
          else match((await rejects(read, { kind: "protocol" })).message, /SHA-256 mismatch/);
          same(await file.slice(0, 10).bytes(), content.slice(0, 10));
        }
      }
    },
  },
  {
    name: "parts are fetched at the same time, and come in order",
    async run({ hub }) {
      const file = bytes(33_000_000, 3);
      const state = server([], { file });
      let [now, most] = [0, 0];
      const fetch = async (url, init) => {
        most = Math.max(most, ++now);
        const range = new Headers(init.headers).get("range");
        // The first to be asked for are the last to come.
        if (range) await new Promise((resolve) => setTimeout(resolve, 30 - Number(/\d+/.exec(range)[0]) / 2e6));
        now--;
        return state.fetch(url, init);
      };
      const handle = await opened(hub, { fetch });
      same(await handle.arrayBuffer({ parallel: 3 }), file);
      const part = 8 << 20;
      equal(state.asked.sort(), ["", `bytes=${part}-${2 * part - 1}`, `bytes=${2 * part}-${3 * part - 1}`, `bytes=${3 * part}-32999999`].sort());
      ok(most > 1, "at the same time");
      const cancelled = state.cancelled;
      same(await (await opened(hub, { fetch })).bytes({ parallel: 4 }), file);
      await until(() => state.cancelled > cancelled);
      equal(state.cancelled, cancelled + 1, "the first response, which has the rest too, is let go");
      state.asked.length = 0;
      const reader = handle.stream({ parallel: 2 }).getReader();
      same((await reader.read()).value.slice(0, 10), file.slice(0, 10));
      await new Promise((resolve) => setTimeout(resolve, 60));
      equal(state.asked.length, 2, "no more is fetched than is asked for");
      await reader.cancel();
    },
  },
  {
    name: "a server that knows no ranges is not asked for the whole by each part",
    async run({ hub }) {
      const file = bytes(33_000_000, 3);
      for (const [turns, asked] of [[[{}, { whole: true }], 2], [[{ until: 100_000 }, { whole: true }], 3], [[{}, { throws: true }, { whole: true }], 3]]) {
        const state = server(turns, { file });
        const handle = await opened(hub, state);
        same(await handle.bytes({ parallel: 4 }), file);
        ok(state.pulled < file.length + 1_000_000, `${state.pulled} bytes came`);
        ok(state.asked.length <= asked, state.asked.join());
        same(await handle.slice(9_000_000).bytes({ parallel: 4 }), file.slice(9_000_000));
        ok(state.pulled < 2 * file.length + 1_000_000, `${state.pulled} bytes came`);
      }
    },
  },
  {
    name: "a server that knows no ranges gives the part out of the whole",
    async run({ hub }) {
      const state = server([{ whole: true }]);
      const file = await opened(hub, state, undefined, { range: { start: 2_000_000, end: 2_000_010 } });
      equal(file.size, 10);
      same(await file.bytes(), content.slice(2_000_000, 2_000_010));
      equal(state.asked, ["bytes=2000000-2000009"]);
    },
  },
  {
    name: "a range of a file is a file",
    async run({ hub }) {
      const state = server();
      const file = await opened(hub, state, undefined, { range: { start: 500_000 } });
      equal(file.size, SIZE - 500_000);
      same(await file.slice(10, 20).bytes(), content.slice(500_010, 500_020));
      same(await file.slice(-20).bytes(), content.slice(-20));
      equal(state.asked, ["bytes=500000-", `bytes=${SIZE - 20}-${SIZE - 1}`]);
    },
  },
  {
    name: "a read ends when it is aborted, left, or late",
    async run({ hub }) {
      const stop = new AbortController();
      const hanging = () => server([{ until: 100_000, hang: true }]);
      const reason = new Error("enough");
      let state = hanging();
      const file = await opened(hub, state, { signal: stop.signal });
      setTimeout(() => stop.abort(reason), 20);
      equal((await rejects(file.arrayBuffer())).message, "enough");
      equal(state.cancelled, 1);
      equal((await rejects(file.slice(5, 9).text())).message, "enough");
      const own = new AbortController();
      setTimeout(() => own.abort(reason), 20);
      equal((await rejects((await opened(hub, hanging())).blob({ signal: own.signal }))).message, "enough");
      for (const timeout of [{ total: 60 }, 60]) await rejects((await opened(hub, hanging(), { timeout })).text(), { kind: "timeout" });
      await rejects((await opened(hub, hanging(), { timeout: { idle: 30 }, retry: false })).text(), { kind: "timeout" });
      state = hanging();
      const reader = (await opened(hub, state)).stream().getReader();
      await reader.read();
      await reader.cancel();
      equal(state.cancelled, 1);
      for (const parallel of [1, 2]) {
        state = hanging();
        const stalled = (await opened(hub, state)).stream({ parallel }).getReader();
        await stalled.read();
        const pending = stalled.read();
        await new Promise((resolve) => setTimeout(resolve, 5));
        const late = new Promise((_, reject) => setTimeout(() => reject(new Error("it was not cancelled")), 5000));
        await Promise.race([stalled.cancel(), late]);
        equal([(await pending).done, state.cancelled], [true, 1]);
      }
      state = hanging();
      const unread = new AbortController();
      await opened(hub, state, { signal: unread.signal });
      unread.abort();
      await until(() => state.cancelled === 1);
      equal(state.cancelled, 1, "what nobody reads is let go");
    },
  },
  {
    name: "progress is told with the size of what is read, and the limit of bytes holds",
    async run({ hub }) {
      const reported = [];
      const file = await opened(hub, server([{ until: 1_000_000 }, {}]), { onProgress: (progress) => reported.push(progress) });
      await file.arrayBuffer();
      const { rate: _, remaining: __, ...end } = reported.at(-1);
      equal(end, { phase: "download", path: "x.bin", loaded: SIZE, total: SIZE });
      ok(reported.every(({ loaded }, at) => at === 0 || loaded > reported[at - 1].loaded), "it only grows");
      await rejects(opened(hub, server(), { maxResponseBytes: 2_000_000 }), { kind: "protocol" });
    },
  },
  {
    name: "a file of one repository is uploaded to another",
    async run({ hub, fresh }) {
      const mine = fresh("copied");
      await hub().createRepo({ repo: mine });
      const from = await hub().downloadFile({ repo: "acme/tiny-bert", path: "model.safetensors" });
      await hub().uploadFiles({ repo: mine, files: [{ path: "whole.safetensors", content: from }, { path: "part.bin", content: from.slice(0, 1000) }] });
      equal((await hub().pathsInfo({ repo: mine, paths: ["whole.safetensors"] }))[0].lfs.oid, from.sha256 ?? (await hub().pathsInfo({ repo: "acme/tiny-bert", paths: ["model.safetensors"] }))[0].lfs.oid);
      equal((await hub().downloadFile({ repo: mine, path: "part.bin" })).size, 1000);
      await hub().deleteRepo({ repo: mine });
    },
  },
];
