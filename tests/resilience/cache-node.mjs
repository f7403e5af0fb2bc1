// The cache on disk, as a cell of the matrix uses it.

import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { downloadFileToCacheDir, snapshotDownload } from "hf-wasm/node";

/** `{ snapshot, kept, stop }`: a snapshot gives what reads one of its files; `kept` reads a file without a request. */
export function cacheInNode() {
  const cacheDir = mkdtempSync(path.join(tmpdir(), "hf-wasm-faults-"));
  return {
    async snapshot(hub, { repo }, options) {
      const folder = await snapshotDownload({ repo, cacheDir }, { ...options, hub });
      return (file) => readFile(path.join(folder, file));
    },
    async kept({ repo, commit }, file) {
      return readFile(await downloadFileToCacheDir({ repo, path: file, revision: commit, cacheDir, localFilesOnly: true }));
    },
    stop: () => rm(cacheDir, { recursive: true, force: true }),
  };
}
