/** What a webhook delivers, payload version 3. Properties may be added to any of it; what is unknown is kept. */
import type { Open } from "../types/open.js";

/** Properties that every event has. */
interface Delivered<Scope extends string, Action extends string> {
  /** What the event is about: `event.scope` of the payload. */
  scope: Scope;
  /** What happened to it: `event.action` of the payload. */
  action: Action;
  event: { scope: Scope; action: Action };
  repo: EventRepo;
  webhook: { id: string; version: 3 };
}

export interface EventRepo {
  type: Open<"model" | "dataset" | "space" | "bucket" | "kernel">;
  /** Such as `acme/x`. */
  name: string;
  /** Stays when the repository is moved. */
  id: string;
  private: boolean;
  url: { web: string; api: string };
  owner: { id: string };
  /** Newest commit of `main`; only events about repositories have it. */
  headSha?: string;
  tags?: string[];
  /** Of a Space. */
  subdomain?: string;
}

export interface EventDiscussion {
  id: string;
  num: number;
  title: string;
  url: { web: string; api: string };
  status: Open<"draft" | "open" | "closed" | "merged">;
  author: { id: string };
  isPullRequest: boolean;
  /** Of a pull request. */
  changes?: { base: string; mergeCommitId?: string };
  pinned?: boolean;
}

export interface EventComment {
  id: string;
  author: { id: string };
  hidden: boolean;
  /** Absent where the comment is hidden. */
  content?: string;
  url: { web: string };
}

/** A branch, tag or pull request that was made (`oldSha` is null), moved, or deleted (`newSha` is null). */
export interface UpdatedRef {
  ref: string;
  oldSha: string | null;
  newSha: string | null;
}

/** A repository was created, deleted or changed. */
export interface RepoEvent extends Delivered<"repo", "create" | "delete" | "update"> {}
/** A repository has another name now; `repo` still has the old one. */
export interface RepoMoveEvent extends Delivered<"repo", "move"> {
  movedTo: { name: string; owner: { id: string } };
}
/** Branches, tags or pull requests were made, moved or deleted. */
export interface RepoContentEvent extends Delivered<"repo.content", "update"> {
  updatedRefs: UpdatedRef[];
}
/** Settings or secrets changed; `updatedConfig` names some of them. */
export interface RepoConfigEvent extends Delivered<"repo.config", "update"> {
  updatedConfig: { private?: boolean; xetEnabled?: boolean };
}
/** A discussion or pull request was opened; `comment` is the first one. */
export interface DiscussionCreateEvent extends Delivered<"discussion", "create"> {
  discussion: EventDiscussion;
  comment?: EventComment;
}
/** A discussion or pull request was deleted, merged, or has another title or status. */
export interface DiscussionEvent extends Delivered<"discussion", "update" | "delete"> {
  discussion: EventDiscussion;
}
/** A comment was written, edited or hidden. */
export interface CommentEvent extends Delivered<"discussion.comment", "create" | "update"> {
  discussion: EventDiscussion;
  comment: EventComment;
}

/** An event that this package knows. `scope` says which, and where that leaves several, `action` does. */
export type KnownEvent =
  | RepoEvent
  | RepoMoveEvent
  | RepoContentEvent
  | RepoConfigEvent
  | DiscussionCreateEvent
  | DiscussionEvent
  | CommentEvent;

export type Scope = KnownEvent["scope"];

/** The events of one scope. */
export type EventOf<S extends Scope> = Extract<KnownEvent, { scope: S }>;

/** An event with a scope or an action that this package does not know, as the Hub sent it. */
export interface UnknownEvent extends Delivered<string, string> {
  known: false;
  [property: string]: unknown;
}

/** What arrives. `"known" in event` separates what this package does not know. */
export type WebhookEvent = KnownEvent | UnknownEvent;

const ACTIONS: Record<Scope, readonly string[]> = {
  repo: ["create", "delete", "update", "move"],
  "repo.content": ["update"],
  "repo.config": ["update"],
  discussion: ["create", "delete", "update"],
  "discussion.comment": ["create", "update"],
};

/** The event of a payload; undefined if it is no payload of version 3. Extra properties are kept. */
export function eventOf(payload: unknown): WebhookEvent | undefined {
  if (!isObject(payload)) return undefined;
  const { event, repo, webhook } = payload;
  if (!isObject(event) || !isObject(repo) || !isObject(webhook)) return undefined;
  const { scope, action } = event;
  if (typeof scope !== "string" || typeof action !== "string" || typeof webhook["id"] !== "string") return undefined;
  if (webhook["version"] !== 3 || typeof repo["id"] !== "string" || typeof repo["name"] !== "string") return undefined;
  const known = Object.hasOwn(ACTIONS, scope) && ACTIONS[scope as Scope].includes(action);
  if (known && !isWhole(payload, scope as Scope, action)) return undefined;
  const { known: _, ...properties } = payload;
  return { ...properties, scope, action, ...(known ? {} : { known: false }) } as unknown as WebhookEvent;
}

/** Whether the properties are there that the types promise of a known event. */
function isWhole(payload: Record<string, unknown>, scope: Scope, action: string): boolean {
  if (scope === "repo.content") return Array.isArray(payload["updatedRefs"]) && payload["updatedRefs"].every(isObject);
  if (scope === "repo.config") return isObject(payload["updatedConfig"]);
  if (scope === "repo") return action !== "move" || isObject(payload["movedTo"]);
  return isObject(payload["discussion"]) && (scope === "discussion" || isObject(payload["comment"]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
