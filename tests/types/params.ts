// What the compiler accepts and refuses of parameters and replies. Never run: `params.test.mjs` compiles it.

import type {
  ByteRange,
  ChatMessage,
  CollectionItemRef,
  CommitOperation,
  Gated,
  InitialFile,
  RepoDesignation,
  ResponseFormat,
  SpaceVolume,
  TextToImageParameters,
  Tool,
  ToolChoice,
  WebhookJob,
  WebhookWatched,
} from "../../pkg/src/params.js";
import { raw } from "../../pkg/src/raw.js";
import type { ChatCompletion, ModelInfo, SpaceInfo, TagsByType, TreeEntry } from "../../pkg/src/replies.js";

// Repositories.
"acme/x" satisfies RepoDesignation;
({ type: "space", name: "acme/x" }) satisfies RepoDesignation;
// @ts-expect-error a type that no repository has
({ type: "spaces", name: "acme/x" }) satisfies RepoDesignation;
// @ts-expect-error no name
({ type: "model" }) satisfies RepoDesignation;
false satisfies Gated;
// @ts-expect-error gated how?
true satisfies Gated;

// Commits.
({ operation: "addOrUpdate", path: "a", content: "text" }) satisfies CommitOperation;
({ operation: "addOrUpdate", path: "a", content: new Uint8Array(3) }) satisfies CommitOperation;
({ operation: "addOrUpdate", path: "a", content: new Blob([]) }) satisfies CommitOperation;
({ operation: "delete", path: "folder/" }) satisfies CommitOperation;
({ operation: "rename", path: "new", from: "old" }) satisfies CommitOperation;
({ operation: "copy", path: "new", from: "old", fromRevision: undefined }) satisfies CommitOperation;
// @ts-expect-error an operation that does not exist
({ operation: "edit", path: "a" }) satisfies CommitOperation;
// @ts-expect-error no content
({ operation: "addOrUpdate", path: "a" }) satisfies CommitOperation;
// @ts-expect-error content of a number
({ operation: "addOrUpdate", path: "a", content: 7 }) satisfies CommitOperation;
// @ts-expect-error renamed from where?
({ operation: "rename", path: "new" }) satisfies CommitOperation;
// @ts-expect-error a deletion has no content
({ operation: "delete", path: "a", content: "b" }) satisfies CommitOperation;
({ start: 0 }) satisfies ByteRange;
// @ts-expect-error from where?
({ end: 10 }) satisfies ByteRange;

// Creation.
({ path: "README.md", content: "aGk=", encoding: "base64" }) satisfies InitialFile;
// @ts-expect-error an encoding that does not exist
({ path: "README.md", content: "hi", encoding: "latin-1" }) satisfies InitialFile;
({ type: "bucket", source: "acme/b", mountPath: "/data", readOnly: true }) satisfies SpaceVolume;
// @ts-expect-error mounted where?
({ type: "bucket", source: "acme/b" }) satisfies SpaceVolume;

// Chat.
[
  { role: "system", content: "Be brief." },
  {
    role: "user",
    content: [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "data:," } },
    ],
  },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "1", content: "42" },
] satisfies ChatMessage[];
// @ts-expect-error a role that does not exist
({ role: "oracle", content: "Hm." }) satisfies ChatMessage;
// @ts-expect-error a user who says nothing
({ role: "user" }) satisfies ChatMessage;
// @ts-expect-error which call?
({ role: "tool", content: "42" }) satisfies ChatMessage;
// @ts-expect-error a part that does not exist
({ role: "user", content: [{ type: "smell", smell: "smoke" }] }) satisfies ChatMessage;
({ type: "function", function: { name: "f", parameters: { type: "object" } } }) satisfies Tool;
// @ts-expect-error no function
({ type: "function" }) satisfies Tool;
({ function: { name: "f" } }) satisfies ToolChoice;
// @ts-expect-error a choice that does not exist
"sometimes" satisfies ToolChoice;
({ type: "json_schema", json_schema: { name: "n", schema: {}, strict: true } }) satisfies ResponseFormat;
// @ts-expect-error no schema
({ type: "json_schema" }) satisfies ResponseFormat;
({ width: 512, steps_of_my_own: true }) satisfies TextToImageParameters;
// @ts-expect-error a width in words
({ width: "wide" }) satisfies TextToImageParameters;

// Collections and webhooks.
({ type: "paper", id: "2310.06825" }) satisfies CollectionItemRef;
// @ts-expect-error collections hold no users
({ type: "user", id: "alice" }) satisfies CollectionItemRef;
({ type: "org", name: "acme" }) satisfies WebhookWatched;
// @ts-expect-error whose?
({ type: "org" }) satisfies WebhookWatched;
({ dockerImage: "python:3.12", flavor: "cpu-basic", timeoutSeconds: null }) satisfies WebhookJob;
// @ts-expect-error on what hardware?
({ dockerImage: "python:3.12" }) satisfies WebhookJob;

// An answer can be given back as a message.
export function continued(completion: ChatCompletion): ChatMessage[] {
  return completion.choices.map((choice) => choice.message);
}

// Open sets take what the API adds tomorrow; known values are still told apart.
export function stage(space: SpaceInfo): string {
  return space.runtime?.stage === "RUNNING" ? "up" : (space.runtime?.stage ?? "none");
}

// What may be absent has to be checked; what is not declared is reached by `raw` alone.
export function reading(model: ModelInfo, tags: TagsByType, entry: TreeEntry): void {
  model.id satisfies string;
  raw(model).novelty satisfies unknown;
  raw(model).likes satisfies number | undefined;
  raw(entry).novelty satisfies unknown;
  entry.size satisfies number;
  // @ts-expect-error downloads may be absent
  model.downloads satisfies number;
  // @ts-expect-error a typo
  model.downlods;
  // @ts-expect-error a typo in a part
  model.siblings?.[0]?.rfilenam;
  // @ts-expect-error a field that is not declared is `unknown`
  raw(model).novelty satisfies string;
  // @ts-expect-error a type of tag may be absent
  tags.library satisfies unknown[];
}
