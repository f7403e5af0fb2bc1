// A program that downloads or uploads, to be killed: `node killed.mjs download|upload OPTIONS`, which are JSON.

import { snapshotDownload, uploadFolder } from "hf-wasm/node";

const [, , what, given] = process.argv;
const { repo, folder, options } = JSON.parse(given);
const onProgress = () => process.stdout.write(".");
if (what === "download") await snapshotDownload({ repo, cacheDir: folder, maxWorkers: 3 }, { ...options, onProgress });
else await uploadFolder({ repo, folderPath: folder }, { ...options, onProgress });
