// `hf-wasm/node`: files and folders of this machine, on their way to the Hub.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Hub, InvalidInputError } from "hf-wasm";
import { fileBlob, uploadFolder } from "hf-wasm/node";
import { startEmulator } from "../emulator.mjs";
import { bytes, contextOf } from "./context.mjs";

const weights = Buffer.from(bytes(3_000_000, 5));
const sha256 = createHash("sha256").update(weights).digest("hex");

let emulator;
let context;
let hub;
let folder;
const options = () => ({ endpoint: emulator.endpoint, token: emulator.tokens.write });

before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  context = contextOf({ Hub }, emulator);
  hub = new Hub(options());
});
after(() => emulator?.stop());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "hf-wasm-disk-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a folder goes up without what it ignores, and a second time nothing does", async () => {
  const own = "alice/folder";
  await hub.createRepo({ repo: own });
  const source = path.join(folder, "source");
  const files = { "a.txt": "a", "sub/w.safetensors": weights, "sub/x.tmp": "t", "build/out": "o", ".gitignore": "*.tmp\n/build/\n", ".git/HEAD": "h", "keep.log": "k", "more.log": "m", "sub/y.TMP": "y", "more.LOG": "M", "b.TXT": "b", "deep/.git/HEAD": "h" };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(source, name)), { recursive: true });
    await writeFile(path.join(source, name), content);
  }
  const list = async () => {
    const found = [];
    for await (const { path, type } of hub.listFiles({ repo: own, recursive: true })) if (type === "file") found.push(path);
    return found.filter((path) => path !== ".gitattributes").sort();
  };
  const params = { repo: own, folderPath: source, ignorePatterns: ["*.log", "!keep.log"] };
  await uploadFolder(params, options());
  assert.deepEqual(await list(), [".gitignore", "a.txt", "b.TXT", "keep.log", "more.LOG", "sub/w.safetensors", "sub/y.TMP"]);
  const again = await context.received(() => uploadFolder(params, options()));
  assert.deepEqual(again.filter(({ path }) => /^\/lfs\/|commit\//.test(path)), []);
  await uploadFolder({ repo: own, folderPath: source, pathInRepo: "copy", allowPatterns: "*.txt", commitTitle: "Copy" }, options());
  assert.deepEqual((await list()).filter((path) => path.startsWith("copy/")), ["copy/a.txt"]);
  await assert.rejects(uploadFolder({ repo: own, folderPath: path.join(source, "a.txt") }, options()), InvalidInputError);
  const blob = await fileBlob(path.join(source, "sub/w.safetensors"));
  assert.deepEqual(Buffer.from(await blob.slice(10, 20).arrayBuffer()), Buffer.from(weights.subarray(10, 20)));
});

test("a file: URL is uploaded as the file that it names", async () => {
  const file = path.join(folder, "w ü.safetensors");
  await writeFile(file, weights);
  const own = context.fresh("url");
  await hub.createRepo({ repo: own });
  await hub.uploadFile({ repo: own, file: { path: "w.safetensors", content: pathToFileURL(file) } });
  assert.equal((await hub.pathsInfo({ repo: own, paths: ["w.safetensors"] }))[0].lfs.oid, sha256);
  for (const content of [pathToFileURL(path.join(folder, "none")), pathToFileURL(folder)]) {
    const upload = hub.uploadFile({ repo: own, file: { path: "x", content } });
    await assert.rejects(upload, { kind: "invalidInput", field: "file.content" });
  }
  await hub.deleteRepo({ repo: own });
});

test("a stream of a file opens it when it is read, and closes it when a read fails", { skip: process.platform !== "linux" }, async () => {
  const file = path.join(folder, "replaced");
  await writeFile(file, Buffer.alloc(1_000_000));
  const blob = await fileBlob(file);
  const isOpen = async () => {
    const numbers = await readdir("/proc/self/fd");
    const names = await Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => "")));
    return names.includes(file);
  };
  const unread = blob.stream();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await isOpen(), false, "nobody reads it");
  await unread.cancel();
  await rm(file);
  await mkdir(file);
  await assert.rejects(new Response(blob.stream()).text(), { code: "EISDIR" });
  assert.equal(await isOpen(), false, "the read failed");
});

test("a file of more than 4 GiB is one", async () => {
  const border = 2 ** 32;
  const file = path.join(folder, "large");
  const handle = await open(file, "w");
  await handle.write(Buffer.from("abcdef"), 0, 6, border - 3);
  await handle.truncate(border + 1000);
  await handle.close();
  const blob = await fileBlob(file);
  assert.equal(blob.size, border + 1000);
  const part = blob.slice(border - 4, border + 4);
  assert.deepEqual([part.size, await part.text(), await blob.slice(-997).slice(0, 2).text()], [8, "\0abcdef\0", "\0\0"]);
  // As `fetch` takes it.
  assert.equal(await new Request("http://localhost/", { method: "PUT", body: part }).text(), "\0abcdef\0");
  const stream = blob.slice(border - 200_000, border).stream();
  let size = 0;
  for await (const piece of stream) size += piece.byteLength;
  assert.equal(size, 200_000);
  await rm(file);
  await assert.rejects(part.arrayBuffer(), { code: "ENOENT" });
});
