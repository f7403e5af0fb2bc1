// A program that uploads a file with a store of its parts, to be killed: `node upload.mjs OPTIONS`, which are JSON.

import { readFile, rm, writeFile } from "node:fs/promises";

import { Hub } from "hf-wasm";
import { fileBlob } from "hf-wasm/node";

const { repo, file, store: folder, options } = JSON.parse(process.argv[2]);
const store = {
  get: (key) => readFile(`${folder}/${key}`, "utf8").catch(() => undefined),
  set: (key, value) => writeFile(`${folder}/${key}`, value),
  delete: (key) => rm(`${folder}/${key}`, { force: true }),
};
await new Hub(options).uploadFile({ repo, file: { path: "w.bin", content: await fileBlob(file) } }, { store });
