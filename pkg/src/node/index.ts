/** Files on disk, in Node, Deno and Bun: the cache that the Python library `huggingface_hub` shares, and whole folders. @module hf-wasm/node */
export { type CacheOptions, downloadFileToCacheDir, type DownloadFileToCacheDirParams, snapshotDownload, type SnapshotDownloadParams } from "./cache.js";
export { type Terminal, withProgressBar } from "./bar.js";
export type { Patterns } from "../cache/patterns.js";
export { getHFHubCachePath } from "./place.js";
export { type CachedFileInfo, type CachedRepoInfo, type CachedRevisionInfo, type HFCacheInfo, scanCacheDir } from "./scan.js";
export type { TransferOptions } from "../cache/remote.js";
export { fileBlob, uploadFolder, type UploadFolderParams } from "./upload.js";
