import type { Author, RepoType } from "./common.js";
import type { Open } from "./open.js";

/** What lists and details tell of a discussion or pull request. */
export interface DiscussionSummary {
  /** Number within the repository, shared by discussions and pull requests. */
  num: number;
  /** Absent when the user no longer exists. */
  author?: Author;
  repo: { name: string; type: Open<RepoType> };
  title: string;
  status: DiscussionStatus;
  /** ISO 8601. */
  createdAt: string;
  isPullRequest: boolean;
  /** Stands at the top of the list. */
  pinned?: boolean;
}

/** A discussion or pull request, as lists show it. */
export interface Discussion extends DiscussionSummary {
  /** Number of comments. */
  numComments: number;
  /** Number of users who reacted. */
  numReactionUsers?: number;
  /** The most frequent reactions. */
  topReactions?: Reaction[];
  repoOwner?: RepoOwner;
}

/** State of a discussion; pull requests also know `draft` and `merged`. */
export type DiscussionStatus = Open<"draft" | "open" | "closed" | "merged">;

/** How often a reaction was given. */
export interface Reaction {
  reaction: Open<
    | "fire"
    | "rocket"
    | "eyes"
    | "heart"
    | "hugs"
    | "cool"
    | "plus"
    | "brain"
    | "thumbsup"
    | "handshake"
    | "sad"
    | "mindblown"
  >;
  count: number;
  /** Names of the users. */
  users?: string[];
}

/** Owner of the repository, with its part in the discussion. */
export interface RepoOwner {
  name: string;
  type: Open<"user" | "org">;
  /** Wrote in the discussion. */
  isParticipating: boolean;
  /** Opened the discussion. */
  isDiscussionAuthor: boolean;
}

/** A discussion or pull request that was just opened. */
export interface DiscussionCreated {
  /** URL of its page. */
  url: string;
  /** Number within the repository. */
  num: number;
  /** It is a pull request. */
  pullRequest: boolean;
  /** Pull request: the branch that it is meant for. */
  references?: { base: string; mergeCommitId?: string };
}

/** A comment that was just written. */
export interface CommentCreated {
  newMessage: DiscussionComment;
}

/** A comment in a discussion. */
export interface DiscussionComment {
  id: string;
  type: "comment";
  /** ISO 8601. */
  createdAt: string;
  /** Absent when the user no longer exists. */
  author?: CommentAuthor;
  data: CommentData;
}

/** Author of a comment. */
export interface CommentAuthor extends Author {
  /** Owns the repository. */
  isOwner?: boolean;
  /** Belongs to the organization that owns the repository. */
  isOrgMember?: boolean;
  /** Application that wrote in the user's name. */
  oauthApp?: Record<string, unknown>;
}

/** Content of a comment. */
export interface CommentData {
  edited: boolean;
  hidden: boolean;
  /** User who hid it. */
  hiddenBy?: string;
  hiddenReason?: Open<"Spam" | "Abuse" | "Graphic Content" | "Resolved" | "Off-Topic" | "Low Quality">;
  latest: CommentVersion;
  /** Number of edits. */
  numEdits?: number;
  /** Names of those who edited it. */
  editors?: string[];
  editorAvatarUrls?: string[];
  reactions?: Reaction[];
  identifiedLanguage?: { language: string; probability: number };
  /** The comment that this one answers. */
  parentCommentId?: string;
  relatedEventId?: string;
  isReport?: boolean;
}

/** Text of a comment after its last edit. */
export interface CommentVersion {
  /** Markdown, as it was written. */
  raw: string;
  /** HTML, as the Hub renders it. */
  html: string;
  /** ISO 8601. */
  updatedAt: string;
  author?: Author;
}

/** A discussion or pull request with all that happened in it. */
export interface DiscussionInfo extends DiscussionSummary {
  _id?: string;
  /** Oldest first; the first is the description, as a comment. */
  events: DiscussionEvent[];
  /** Takes no more comments. */
  locked?: boolean;
  isReport?: boolean;
  collection?: Open<"discussions">;
  /** Pull request: the branch that it is meant for, and its commits. */
  changes?: PullRequestChanges;
  /** Pull request: paths that cannot be merged, or `true` when they are not known. */
  filesWithConflicts?: string[] | true;
  /** Pull request: URL of its diff. */
  diffUrl?: string;
  /** Pull request: its diff, when asked for. */
  diff?: string;
}

/** What a pull request changes. */
export interface PullRequestChanges {
  /** Branch that it is meant for, such as `refs/heads/main`. */
  base: string;
  /** Merged: the commit on that branch. */
  mergeCommitId?: string;
  /** Its last commit. */
  headCommitId?: string;
  /** Its branch `refs/pr/N` is deleted. */
  refDeleted?: boolean;
}

/** What happened in a discussion: tell them apart by `type`. */
export type DiscussionEvent =
  | DiscussionComment
  | DiscussionEventOf<"status-change", { status: DiscussionStatus; reason?: string }>
  | DiscussionEventOf<"commit", { subject: string; oid: string }>
  | DiscussionEventOf<"title-change", { from: string; to: string }>
  | DiscussionEventOf<"pinning-change", { pinned: boolean }>
  | DiscussionEventOf<"locking-change", { locked: boolean }>
  | DiscussionEventOf<"report-status-change" | "ref-deleted", object>;

/** An event other than a comment. */
export interface DiscussionEventOf<Type extends string, Data> {
  id: string;
  type: Type;
  /** ISO 8601. */
  createdAt: string;
  /** Absent when the user no longer exists. */
  author?: CommentAuthor;
  data: Data;
}

/** A discussion or pull request was closed, or opened again. */
export interface DiscussionStatusChanged {
  newStatus: DiscussionEventOf<"status-change", { status: DiscussionStatus; reason?: string }>;
}
