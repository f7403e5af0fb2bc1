import type { Author, RepoType } from "./common.js";
import type { Extensible, Open } from "./open.js";

/** A discussion or pull request, as lists show it. */
export interface Discussion extends Extensible {
  /** Number within the repository, shared by discussions and pull requests. */
  num: number;
  /** Absent when the user no longer exists. */
  author?: Author;
  repo: Extensible & { name: string; type: Open<RepoType> };
  title: string;
  status: DiscussionStatus;
  /** ISO 8601. */
  createdAt: string;
  isPullRequest: boolean;
  /** Number of comments. */
  numComments: number;
  /** Number of users who reacted. */
  numReactionUsers?: number;
  /** Stands at the top of the list. */
  pinned?: boolean;
  /** The most frequent reactions. */
  topReactions?: Reaction[];
  repoOwner?: RepoOwner;
}

/** State of a discussion; pull requests also know `draft` and `merged`. */
export type DiscussionStatus = Open<"draft" | "open" | "closed" | "merged">;

/** How often a reaction was given. */
export interface Reaction extends Extensible {
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
export interface RepoOwner extends Extensible {
  name: string;
  type: Open<"user" | "org">;
  /** Wrote in the discussion. */
  isParticipating: boolean;
  /** Opened the discussion. */
  isDiscussionAuthor: boolean;
}

/** A discussion or pull request that was just opened. */
export interface DiscussionCreated extends Extensible {
  /** Address of its page. */
  url: string;
  /** Number within the repository. */
  num: number;
  /** It is a pull request. */
  pullRequest: boolean;
  /** Pull request: the branch that it is meant for. */
  references?: Extensible & { base: string; mergeCommitId?: string };
}

/** A comment that was just written. */
export interface CommentCreated extends Extensible {
  newMessage: DiscussionComment;
}

/** A comment in a discussion. */
export interface DiscussionComment extends Extensible {
  id: string;
  type: Open<"comment">;
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
  oauthApp?: Extensible;
}

/** Content of a comment. */
export interface CommentData extends Extensible {
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
  identifiedLanguage?: Extensible & { language: string; probability: number };
  /** The comment that this one answers. */
  parentCommentId?: string;
  relatedEventId?: string;
  isReport?: boolean;
}

/** Text of a comment after its last edit. */
export interface CommentVersion extends Extensible {
  /** Markdown, as it was written. */
  raw: string;
  /** HTML, as the Hub renders it. */
  html: string;
  /** ISO 8601. */
  updatedAt: string;
  author?: Author;
}
