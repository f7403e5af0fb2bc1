// The official JavaScript Hub client, `@huggingface/hub`, on the emulator.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import * as official from "@huggingface/hub";
import { Hub } from "hf-wasm";

import { startEmulator, tokens } from "../emulator.mjs";

const LARGE = 20_000_000;

let emulator;
/** What every call of the official client is given. */
let at;

before(async () => {
  emulator = await startEmulator();
  at = { hubUrl: emulator.endpoint, accessToken: tokens.write };
});
after(() => emulator.stop());

/** Creates a repository for one test. */
async function created(name) {
  const repo = `alice/${name}`;
  await official.createRepo({ ...at, repo });
  return repo;
}

async function collect(items, most = Number.POSITIVE_INFINITY) {
  const all = [];
  for await (const item of items) {
    all.push(item);
    if (all.length >= most) break;
  }
  return all;
}

const paths = async (options) => (await collect(official.listFiles({ ...at, recursive: true, ...options }))).map(({ path }) => path);

const text = (content) => new Blob([content]);

test("lists models, datasets and Spaces over pages", async () => {
  const models = await collect(official.listModels({ ...at, limit: 1100, additionalFields: ["author"] }));
  assert.equal(new Set(models.map(({ name }) => name)).size, 1100);
  assert.ok(models.every(({ author }) => author));
  const owned = await collect(official.listModels({ ...at, search: { owner: "acme" } }));
  assert.ok(owned.length > 0 && owned.every(({ name }) => name.startsWith("acme/")));
  assert.equal((await collect(official.listDatasets({ ...at, limit: 250 }))).length, 250);
  assert.ok((await collect(official.listSpaces(at))).length > 90);
});

test("describes a model, a dataset and a Space", async () => {
  const model = await official.modelInfo({ ...at, name: "acme/tiny-bert", additionalFields: ["tags", "sha"] });
  assert.equal(model.name, "acme/tiny-bert");
  assert.match(model.sha, /^[0-9a-f]{40}$/);
  assert.equal((await official.datasetInfo({ ...at, name: "acme/reviews" })).name, "acme/reviews");
  assert.equal((await official.spaceInfo({ ...at, name: "acme/demo" })).sdk, "gradio");
  assert.equal(await official.repoExists({ ...at, repo: "acme/tiny-bert" }), true);
  assert.equal(await official.repoExists({ ...at, repo: "acme/absent" }), false);
});

test("knows whose token it is", async () => {
  const me = await official.whoAmI(at);
  assert.equal(me.name, "alice");
  assert.equal(me.auth.accessToken.role, "write");
  await assert.rejects(official.whoAmI({ ...at, accessToken: tokens.expired }), { statusCode: 401 });
});

test("creates and deletes repositories of each type", async () => {
  for (const type of ["model", "dataset", "space"]) {
    const repo = { type, name: `alice/js-${type}` };
    const { repoUrl } = await official.createRepo({ ...at, repo, private: true, ...(type === "space" && { sdk: "static" }) });
    assert.ok(repoUrl.startsWith(emulator.endpoint) && repoUrl.endsWith(repo.name), repoUrl);
    assert.equal(await official.repoExists({ ...at, repo }), true);
    await official.deleteRepo({ ...at, repo });
    assert.equal(await official.repoExists({ ...at, repo }), false);
  }
});

test("uploads small files, downloads them and parts of them", async () => {
  const repo = await created("js-small");
  const done = await official.uploadFile({ ...at, repo, file: { path: "a b/é.txt", content: text("hello world") } });
  assert.match(done.commit.oid, /^[0-9a-f]{40}$/);
  const blob = await official.downloadFile({ ...at, repo, path: "a b/é.txt" });
  assert.equal(await blob.text(), "hello world");
  assert.equal(await official.downloadFile({ ...at, repo, path: "absent.txt" }), null);
  assert.equal(await official.fileExists({ ...at, repo, path: "absent.txt" }), false);
  const [info] = await official.pathsInfo({ ...at, repo, paths: ["a b/é.txt"], expand: true });
  assert.equal(info.size, 11);
  assert.equal(info.lastCommit.id, done.commit.oid);
});

test("uploads 20 MB through LFS and downloads the same", async () => {
  const repo = await created("js-large");
  const data = randomBytes(LARGE);
  await official.uploadFile({ ...at, repo, useXet: false, file: { path: "model.safetensors", content: new Blob([data]) } });
  const [info] = await official.pathsInfo({ ...at, repo, paths: ["model.safetensors"] });
  assert.equal(info.lfs.oid, createHash("sha256").update(data).digest("hex"));
  const blob = await official.downloadFile({ ...at, repo, path: "model.safetensors" });
  assert.equal(blob.size, LARGE);
  assert.deepEqual(Buffer.from(await blob.slice(LARGE - 10).arrayBuffer()), data.subarray(LARGE - 10));
  assert.ok(data.equals(Buffer.from(await blob.arrayBuffer())));
});

test("each downloads what the other has uploaded", async () => {
  const repo = await created("js-both");
  const hub = new Hub({ endpoint: emulator.endpoint, token: tokens.write });
  // No `#`, `?` or `%`: the official client puts them into an address as they are.
  const contents = { "empty.txt": Buffer.alloc(0), "a b/é+&.txt": Buffer.from("ü\n"), "e\u0301": Buffer.from("apart"), "\u00e9": Buffer.from("one"), "whole.safetensors": randomBytes(3_000_000), "parts.bin": randomBytes(LARGE) };
  const files = (folder) => Object.entries(contents).map(([path, content]) => ({ path: `${folder}/${path}`, content: new Blob([content]) }));
  await hub.uploadFiles({ repo, files: files("ours") });
  await official.uploadFiles({ ...at, repo, useXet: false, files: files("theirs") });
  for (const [path, content] of Object.entries(contents)) {
    const theirs = await official.downloadFile({ ...at, repo, path: `ours/${path}` });
    assert.ok(content.equals(Buffer.from(await theirs.arrayBuffer())), `ours/${path}`);
    const ours = await hub.downloadFile({ repo, path: `theirs/${path}` });
    assert.ok(content.equals(Buffer.from(await ours.arrayBuffer())), `theirs/${path}`);
  }
});

test("commits, deletes and counts", async () => {
  const repo = await created("js-commits");
  const operations = ["a.txt", "b/c.txt", "b/d.txt"].map((path) => ({ operation: "addOrUpdate", path, content: text(path) }));
  await official.commit({ ...at, repo, title: "Add three", description: "In one", operations });
  await official.deleteFiles({ ...at, repo, paths: ["a.txt", "b/c.txt"], commitTitle: "Delete two" });
  assert.deepEqual((await paths({ repo })).sort(), [".gitattributes", "b", "b/d.txt"]);
  const commits = await collect(official.listCommits({ ...at, repo, batchSize: 1 }));
  assert.deepEqual(commits.map(({ title }) => title).slice(0, 2), ["Delete two", "Add three"]);
  assert.equal(commits[0].authors[0].username, "alice");
  assert.equal(await official.countCommits({ ...at, repo }), commits.length);
});

test("opens a pull request, makes and deletes a branch", async () => {
  const repo = await created("js-branches");
  const file = { path: "p.txt", content: text("p") };
  const { pullRequestUrl } = await official.uploadFile({ ...at, repo, file, isPullRequest: true });
  assert.equal(pullRequestUrl, `${emulator.endpoint}/${repo}/discussions/1`);
  await official.createBranch({ ...at, repo, branch: "dev" });
  await official.uploadFile({ ...at, repo, branch: "dev", file });
  assert.ok((await paths({ repo, revision: "dev" })).includes("p.txt"));
  assert.ok(!(await paths({ repo })).includes("p.txt"));
  await official.deleteBranch({ ...at, repo, branch: "dev" });
  await assert.rejects(paths({ repo, revision: "dev" }), { statusCode: 404 });
});

test("keeps collections", async () => {
  const { slug } = await official.createCollection({ ...at, collection: { title: "From JS", namespace: "alice", private: true } });
  const listed = await collect(official.listCollections({ ...at, search: { owner: ["alice"] } }));
  assert.ok(listed.some((collection) => collection.slug === slug));
  await official.deleteCollection({ ...at, slug });
  const left = await collect(official.listCollections({ ...at, search: { owner: ["alice"] } }));
  assert.ok(!left.some((collection) => collection.slug === slug));
});

test("is told what it may not", async () => {
  await assert.rejects(official.modelInfo({ ...at, name: "acme/absent" }), { statusCode: 404 });
  const repo = "datasets/alice/private-notes";
  await official.checkRepoAccess({ ...at, repo });
  await assert.rejects(official.checkRepoAccess({ hubUrl: at.hubUrl, repo }), { statusCode: 401 });
  const file = { path: "x", content: text("x") };
  await assert.rejects(official.uploadFile({ ...at, accessToken: tokens.read, repo: "alice/playground", file }), { statusCode: 403 });
});
