/** Responses of the API. Every type is proven by the replies that were recorded and by those of the emulator. */

export type { AccessToken, FineGrained, InferencePeriod, InferenceSession, InferenceUsage, TokenScope, UserOverview, WhoAmI, WhoAmIAuth, WhoAmIOrg } from "./types/account.js";
export type { ToolCall } from "./types/chat.js";
export type { Collection, CollectionItem } from "./types/collection.js";
export type {
  CommitResult,
  LfsAction,
  LfsBatch,
  LfsBatchObject,
  Preupload,
  PreuploadAnswer,
} from "./types/commit.js";
export type {
  Author,
  CardData,
  GatedState,
  OrgRole,
  Plan,
  RepoInfo,
  ResourceGroup,
  Sibling,
  SiblingLfs,
} from "./types/common.js";
export type {
  ChatAnswer,
  ChatChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChunkChoice,
  FinishReason,
  Logprobs,
  TokenLogprob,
  ToolCallDelta,
  Usage,
} from "./types/completion.js";
export type { DatasetInfo } from "./types/dataset.js";
export type {
  CommentAuthor,
  CommentCreated,
  CommentData,
  CommentVersion,
  Discussion,
  DiscussionComment,
  DiscussionCreated,
  DiscussionEvent,
  DiscussionEventOf,
  DiscussionInfo,
  DiscussionStatus,
  DiscussionStatusChanged,
  DiscussionSummary,
  PullRequestChanges,
  Reaction,
  RepoOwner,
} from "./types/discussion.js";
export type {
  LastCommit,
  PickleImport,
  ScanStatus,
  SecurityFileStatus,
  SecurityScan,
  TreeEntry,
  TreeLfs,
} from "./types/files.js";
export type {
  Embeddings,
  RouterArchitecture,
  RouterModel,
  RouterModels,
  RouterProvider,
} from "./types/inference.js";
export type {
  BaseModels,
  ChildrenModelCount,
  GgufInfo,
  ModelConfig,
  ModelInfo,
  NamedProviderMapping,
  ProviderMapping,
  SafetensorsInfo,
  TransformersInfo,
} from "./types/model.js";
export type { Open, Raw } from "./types/open.js";
export type { CommitAuthor, CommitInfo, Ref, Refs, RepoCreated, RepoSettings } from "./types/repos.js";
export type { SpaceDomain, SpaceHardware, SpaceInfo, SpaceRuntime, SpaceStage } from "./types/space.js";
export type { Tag, TagsByType } from "./types/tags.js";
export type { WatchedInfo, Webhook, WebhookJobInfo, WebhookReply } from "./types/webhook.js";
