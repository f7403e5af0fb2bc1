// The browser's cache, as a cell of the matrix uses it.

import { downloadFileToCache, snapshotDownload } from "/pkg/dist/browser/index.js";

const bytesOf = async (file) => new Uint8Array(await (await file).arrayBuffer());

export const cacheOnPage = {
  async snapshot(hub, { repo }, options) {
    const files = await snapshotDownload({ repo }, { ...options, hub });
    return (path) => bytesOf(files.file(path));
  },
  kept: ({ repo, commit }, path) => bytesOf(downloadFileToCache({ repo, path, revision: commit, localFilesOnly: true })),
};
