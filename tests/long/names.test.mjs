// Files of every name and size go up, and come back as they were; git has the same in the repository.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";
import { snapshotDownload, uploadFolder } from "hf-wasm/node";
import { startEmulator } from "../emulator.mjs";
import { bytes } from "../runtimes/context.mjs";
import { idsOf, storedIn } from "./stored.mjs";

/** From this size on a text is a large file, from the second on any file; parts are of the third. */
const [BINARY, TEXT, PART] = [1_000_000, 10_000_000, 8 << 20];
const around = (size) => [size - 1, size, size + 1];

let [emulator, hub, place, data] = [];
before(async () => {
  place = await mkdtemp(path.join(tmpdir(), "hf-wasm-names-"));
  data = path.join(place, "data");
  emulator = await startEmulator(["--no-rate-limit", "--data", data]);
  hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
});
after(async () => {
  await emulator?.stop();
  await rm(place, { recursive: true, force: true });
});

async function newRepo(name) {
  const repo = `alice/${name}`;
  await hub.createRepo({ repo });
  const { _id: id } = await hub.modelInfo({ repo });
  return { repo, id };
}

/** Compares files, by their paths, with what git has and with what is downloaded. */
async function same({ repo, id }, contents, { download = true } = {}) {
  const { files, commits } = await storedIn(data, id);
  files.delete(".gitattributes");
  assert.deepEqual([...files.keys()].sort(), [...contents.keys()].sort());
  for (const [file, content] of contents) {
    const { blob, pointer } = idsOf(content);
    assert.ok([blob, pointer].includes(files.get(file)), `git has another content at ${JSON.stringify(file)}`);
    if (!download) continue;
    const back = Buffer.from(await (await hub.downloadFile({ repo, path: file })).arrayBuffer());
    assert.equal(idsOf(back).sha256, idsOf(content).sha256, file);
  }
  return commits.length;
}

test("sizes: none, one byte, where files become large, and where parts begin", { timeout: 120_000 }, async () => {
  const repo = await newRepo("sizes");
  const contents = new Map();
  for (const size of [0, 1, ...around(BINARY), ...around(TEXT), ...around(PART), ...around(2 * PART)]) {
    contents.set(`text-${size}.txt`, Buffer.alloc(size, "0123456789abcdef"));
    contents.set(`binary-${size}.dat`, Buffer.from(bytes(size, size)));
  }
  contents.set("pattern.safetensors", Buffer.from([1]));
  contents.set("empty.safetensors", Buffer.alloc(0));
  await hub.uploadFiles({ repo: repo.repo, files: [...contents].map(([path, content]) => ({ path, content })) });
  await same(repo, contents);
  const entries = (await hub.listFiles({ repo: repo.repo })).items;
  const isLarge = (name) => entries.find(({ path }) => path === name).lfs !== undefined;
  assert.deepEqual([BINARY, BINARY + 1].map((size) => isLarge(`binary-${size}.dat`)), [false, true]);
  assert.deepEqual([TEXT, TEXT + 1].map((size) => isLarge(`text-${size}.txt`)), [false, true]);
  assert.deepEqual(["pattern.safetensors", "empty.safetensors"].map(isLarge), [true, false]);
});

test("names: whatever a file system takes", { timeout: 120_000 }, async () => {
  const repo = await newRepo("names");
  const names = [
    ..."a b,a#b,a?b,a%b,a%20b,a+b,a&b,a=b,a;b,a@b,a:b,a'b,a\"b,a`b,a$b,a*b,a|b,a<b>,a\\b,[a],{a},~a,a,A,-a,.a,..a,a..".split(","),
    ...["a,b", "a\tb", "a\nb", " a", "a ", "\u00e9.txt", "e\u0301.txt", "日本語.txt", "🙂.txt", "\u202egpj.txt", ".hidden/.file", "Case/x", "case/x"],
    "x".repeat(255),
    `${"é".repeat(127)}x`,
    `${"deep/".repeat(40)}file`,
  ];
  const contents = new Map(names.map((name, at) => [name, Buffer.from(`${at} ${name}\n`)]));
  const folder = path.join(place, "names");
  for (const [name, content] of contents) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  await uploadFolder({ repo: repo.repo, folderPath: folder }, { hub });
  await same(repo, contents);
  const snapshot = await snapshotDownload({ repo: repo.repo, cacheDir: path.join(place, "cache") }, { hub });
  for (const [name, content] of contents) assert.ok(content.equals(await readFile(path.join(snapshot, name))), JSON.stringify(name));
  // A second run finds all of it.
  const { skipped, commits } = await uploadFolder({ repo: repo.repo, folderPath: folder }, { hub });
  assert.deepEqual([skipped.sort(), commits], [[...names].sort(), []]);
});

test("names that no file may have are refused, by the field, before anything is sent", async () => {
  const fetch = () => assert.fail("a request was sent");
  const offline = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write, fetch });
  const bad = ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", ".git/config", "a/.git/b", "\ud800", "a\0b"];
  for (const name of bad) {
    const files = [{ path: "good", content: "" }, { path: name, content: "" }];
    const refused = { kind: "invalidInput", field: "files[1].path" };
    await assert.rejects(offline.uploadFiles({ repo: "alice/x", files }), refused, JSON.stringify(name));
  }
});

test("5,000 small files in one folder, and a second run that changes one", { timeout: 300_000 }, async () => {
  const repo = await newRepo("many");
  const contents = new Map(Array.from({ length: 5000 }, (_, at) => [`folder/${at}.txt`, Buffer.from(`file ${at}\n`)]));
  const files = () => [...contents].map(([path, content]) => ({ path, content }));
  const { commits } = await hub.uploadFiles({ repo: repo.repo, files: files() });
  assert.ok(commits.length > 1 && commits.length < 10, `${commits.length} commits`);
  const before = await same(repo, contents, { download: false });
  contents.set("folder/4321.txt", Buffer.from("another\n"));
  const again = await hub.uploadFiles({ repo: repo.repo, files: files() });
  assert.deepEqual([again.skipped.length, again.commits.length], [4999, 1]);
  assert.equal(await same(repo, contents, { download: false }), before + 1);
});
