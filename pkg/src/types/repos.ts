import type { Gated, Visibility } from "./common.js";
import type { Open } from "./open.js";

/** A repository that was just created. */
export interface RepoCreated {
  /** URL of its page. */
  url: string;
  /** `namespace/name`. */
  name?: string;
  /** Database id, 24 hexadecimal digits. */
  id?: string;
}

/** The settings that were changed. */
export interface RepoSettings {
  /** Visible only to those with access. */
  private?: boolean;
  visibility?: Open<Visibility>;
  /** Discussions and pull requests are closed. */
  discussionsDisabled?: boolean;
  /** Default order of discussions. */
  discussionsSorting?: Open<"recently-created" | "trending" | "reactions">;
  gated?: Gated | (string & {});
  /** Members of the organization must ask for access too. */
  orgMembersGated?: boolean;
  /** Email address for access requests. */
  gatedNotificationsEmail?: string;
  /** How access requests are notified. */
  gatedNotificationsMode?: Open<"bulk" | "real-time">;
}

/** One commit of a revision. */
export interface CommitInfo {
  /** Commit id, 40 hexadecimal digits. */
  id: string;
  /** First line of the message. */
  title: string;
  /** Rest of the message. */
  message: string;
  authors: CommitAuthor[];
  /** ISO 8601. */
  date: string;
  /** Title and message as HTML. Present with `expand: ["formatted"]`. */
  formatted?: { title: string; message?: string };
}

/** Author of a commit. */
export interface CommitAuthor {
  /** User name, or the name in git where no user is known. */
  user: string;
  /** URL of the picture. */
  avatar?: string;
}

/** Branches, tags and other refs of a repository. */
export interface Refs {
  branches: Ref[];
  tags: Ref[];
  /** Conversions that the Hub makes, such as a dataset's Parquet files. */
  converts: Ref[];
  /** Present with `include_prs`. */
  pullRequests?: Ref[];
}

/** A name for a commit. */
export interface Ref {
  /** Such as `main`. */
  name: string;
  /** Such as `refs/heads/main`. */
  ref: string;
  /** Commit id, 40 hexadecimal digits. */
  targetCommit: string;
}
