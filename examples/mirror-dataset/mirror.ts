// Mirrors a dataset into a folder, in Deno. Each run downloads what has changed and checks every hash; a run that was
// interrupted goes on where it was. The folder is a cache of the Python library `huggingface_hub`, which can read it, too.
//
// Run it:  deno run -A mirror.ts acme/reviews ./mirror
//
// HF_TOKEN is sent if it is set, for private and gated datasets. HF_ENDPOINT names another Hub.

import { Hub, NotFoundError } from "hf-wasm";
import { snapshotDownload } from "hf-wasm/node";

const [name, cacheDir = "./mirror"] = Deno.args;
if (!name) {
  console.error("usage: deno run -A mirror.ts <dataset> [folder]");
  Deno.exit(2);
}

const repo = { type: "dataset", name } as const;
const { sha } = await new Hub().datasetInfo({ repo: name });
const mirrored = { repo, revision: sha, cacheDir };
try {
  console.log(await snapshotDownload({ ...mirrored, localFilesOnly: true }));
  console.log(`${name} has not changed since the last run`);
} catch (error) {
  if (!(error instanceof NotFoundError)) throw error; // not here yet, or not all of it
  const sizes = new Map<string, number>();
  const folder = await snapshotDownload(mirrored, {
    onProgress: ({ path, loaded, total }) => {
      if (loaded === total && !sizes.has(path)) console.log(`  ${path}  ${total} bytes`);
      if (loaded === total) sizes.set(path, total);
    },
  });
  console.log(folder);
  console.log(`${name} is at ${sha}: ${sizes.size} files`);
}
