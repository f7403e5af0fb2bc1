// Our side of what both libraries share: `node cache.mjs snapshot|file|scan|upload PARAMS OPTIONS`, which are JSON.

import { downloadFileToCacheDir, scanCacheDir, snapshotDownload, uploadFolder } from "hf-wasm/node";

const [, , what, params = "{}", options = "{}"] = process.argv;
const calls = { snapshot: snapshotDownload, file: downloadFileToCacheDir, scan: ({ cacheDir }) => scanCacheDir(cacheDir), upload: uploadFolder };
const result = await calls[what](JSON.parse(params), JSON.parse(options));
console.log(JSON.stringify(result));
