// Our side of the cache that both libraries share: `node cache.mjs snapshot|file|scan PARAMS OPTIONS`, which are JSON.

import { downloadFileToCacheDir, scanCacheDir, snapshotDownload } from "hf-wasm/node";

const [, , what, params = "{}", options = "{}"] = process.argv;
const calls = { snapshot: snapshotDownload, file: downloadFileToCacheDir, scan: ({ cacheDir }) => scanCacheDir(cacheDir) };
const result = await calls[what](JSON.parse(params), JSON.parse(options));
console.log(JSON.stringify(result));
