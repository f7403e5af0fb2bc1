/** Structured values that the methods take. */

export type {
  AssistantMessage,
  ChatMessage,
  ContentPart,
  ImagePart,
  ResponseFormat,
  SystemMessage,
  TextPart,
  Tool,
  ToolChoice,
  ToolMessage,
  UserMessage,
} from "./types/chat.js";
export type { CollectionItemRef, CollectionItemType } from "./types/collection.js";
export type {
  CommitAddOrUpdate,
  CommitCopy,
  CommitDelete,
  CommitOperation,
  CommitRename,
  FileContent,
  LfsObject,
  PreuploadFile,
} from "./types/commit.js";
export type { Gated, RepoDesignation, RepoId, RepoType, Visibility } from "./types/common.js";
export type { ByteRange } from "./types/files.js";
export type { TextToImageParameters } from "./types/inference.js";
export type { InitialFile, SpaceVariable, SpaceVolume } from "./types/new-repo.js";
export type { WebhookJob, WebhookWatched } from "./types/webhook.js";
