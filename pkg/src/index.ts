/** The Hugging Face Hub API and inference router, for Node, Deno, Bun, workers and browsers. @module hf-wasm */
export type { CallOptions, ClientOptions, RateLimit, ResponseInfo, RetryInfo, RetryPolicy, TimeLimits } from "./client.js";
export type {
  CopyFileParams,
  DeleteFileParams,
  DeleteFilesParams,
  DeleteFolderParams,
  FileChange,
  FileToUpload,
  FolderOfPage,
  MoveFileParams,
  UploadContent,
  UploadFileParams,
  UploadFilesParams,
  UploadFolderParams,
} from "./changes.js";
export type { PartStore } from "./part-store.js";
export type { PageFolder, PageItem } from "./page-files.js";
export type { UploadResult } from "./upload.js";
export { init } from "./core.js";
export type { HubFile, HubFileInfo, ReadOptions } from "./download/file.js";
export type * from "./generated/endpoints.js";
export * from "./errors.js";
export type { EventStream } from "./events.js";
export { Hub, type HubOptions } from "./hub.js";
export type { Page, Pages } from "./pages.js";
export type * from "./params.js";
export { type Progress, type ProgressOptions, type ProgressRun, withProgress } from "./progress.js";
export type * from "./replies.js";
export { raw } from "./raw.js";
export { InferenceRouter, type InferenceRouterOptions } from "./router.js";
export { collectToolCalls } from "./tool-calls.js";
