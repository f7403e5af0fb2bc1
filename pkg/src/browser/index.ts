/**
 * Files in the origin private file system of pages and workers: a cache that works offline.
 *
 * @module hf-wasm/browser
 */
export { type CacheOptions, downloadFileToCache, type DownloadFileToCacheParams, type Snapshot, snapshotDownload, type SnapshotDownloadParams } from "./cache.js";
export type { Patterns } from "../cache/patterns.js";
export type { TransferOptions } from "../cache/remote.js";
export { evictCache, type EvictOptions } from "./room.js";
export { type CachedRepo, type CacheInfo, deleteCache, scanCache } from "./scan.js";
