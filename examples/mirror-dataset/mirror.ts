// Mirrors a dataset into a folder, in Deno. Each run downloads what has changed and checks every hash; a run that was
// interrupted goes on where it was. The folder is a cache of the Python library `huggingface_hub`, which can read it, too.
//
// Run it:  deno run -A mirror.ts acme/reviews ./mirror
//
// HF_TOKEN is sent if it is set, for private and gated datasets. HF_ENDPOINT names another Hub.

import { Hub } from "hf-wasm";
import { snapshotDownload } from "hf-wasm/node";

const [name, cacheDir = "./mirror"] = Deno.args;
if (!name) {
  console.error("usage: deno run -A mirror.ts <dataset> [folder]");
  Deno.exit(2);
}

const repo = { type: "dataset", name } as const;
const { sha } = await new Hub().datasetInfo({ repo: name });
let files = 0;
let bytes = 0;
const folder = await snapshotDownload({ repo, cacheDir }, {
  onProgress: ({ path, loaded, total }) => {
    if (loaded !== total) return;
    files++;
    bytes += total;
    console.log(`  ${path}  ${total.toLocaleString("en")} bytes`);
  },
});
console.log(files > 0 ? `${name} is at ${sha}: ${files} files, ${bytes.toLocaleString("en")} bytes` : `${name} has not changed`);
console.log(folder);
