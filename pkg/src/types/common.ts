import type { Open } from "./open.js";

/** Type of a repository. */
export type RepoType = "model" | "dataset" | "space" | "kernel";

/**
 * A repository of any type: `"acme/x"` (a model), `"datasets/acme/x"`, `"spaces/acme/x"`, `"kernels/acme/x"`, or its
 * type and name apart.
 */
export type RepoDesignation = string | RepoId;

/** A repository, its type and name apart. */
export interface RepoId {
  type: RepoType;
  /** `namespace/name`; a few old repositories have no namespace. */
  name: string;
}

/**
 * Whether readers must ask for access: `false` for no, `"auto"` when asking is enough, `"manual"` when an owner decides.
 */
export type Gated = false | "auto" | "manual";

/** Whether a repository is gated. */
export type GatedState = boolean | Open<"auto" | "manual">;

/** Who sees a repository. `protected` is for Spaces only. */
export type Visibility = "public" | "private" | "protected";

/** Resource group of an organization that a repository belongs to. */
export interface ResourceGroup {
  /** 24 hexadecimal digits. */
  id: string;
  name: string;
  /** Number of members. */
  numUsers?: number;
}

/** One file of a repository, as the info of the repository lists it. */
export interface Sibling {
  /** Path from the root of the repository. */
  rfilename: string;
  /** Bytes. Present with `blobs`. */
  size?: number;
  /** Git blob id; for a large file that of its pointer. Present with `blobs`. */
  blobId?: string;
  /** Present with `blobs`, for large files. */
  lfs?: SiblingLfs | null;
}

/** Where a large file of {@link Sibling} is stored. */
export interface SiblingLfs {
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
  /** Bytes of the content. */
  size: number;
  /** Bytes of the pointer file in git. */
  pointerSize: number;
}

/** User or organization that wrote something or owns something. */
export interface Author {
  /** User or organization name, as in `https://huggingface.co/<name>`. */
  name: string;
  type: Open<"user" | "org">;
  /** 24 hexadecimal digits. */
  _id?: string;
  /** Name for display. */
  fullname?: string;
  /** URL of the picture; may be relative to the Hub. */
  avatarUrl?: string;
  /** User: has a PRO subscription. */
  isPro?: boolean;
  /** Belongs to Hugging Face. */
  isHf?: boolean;
  /** Administers the Hub. */
  isHfAdmin?: boolean;
  /** Moderates the Hub. */
  isMod?: boolean;
  /** Number of followers. */
  followerCount?: number;
  /** The token's user follows it. */
  isUserFollowing?: boolean;
  /** Organization: its subscription. */
  plan?: Plan;
}

/** Subscription of an organization. */
export type Plan = Open<"team" | "enterprise" | "plus" | "academia">;

/** Role of a user in an organization or resource group. */
export type OrgRole = Open<"admin" | "write" | "contributor" | "read" | "no_access">;

/** What a repository's info always has and what it may have, whatever its type. */
export interface RepoInfo {
  /** Database id, 24 hexadecimal digits. */
  _id: string;
  /** `namespace/name`. */
  id: string;
  /** User or organization that owns the repository. */
  author?: string;
  /** Commit id of the revision. */
  sha?: string | null;
  /** Time of the last change, ISO 8601. */
  lastModified?: string;
  /** Time of creation, ISO 8601. */
  createdAt?: string;
  /** Visible only to those with access. */
  private?: boolean;
  /** Closed by the Hub. */
  disabled?: boolean;
  gated?: GatedState;
  /** Number of likes. */
  likes?: number;
  /** Likes and downloads of late, weighed; may be fractional. */
  trendingScore?: number | null;
  tags?: string[];
  /** Metadata at the head of the README. */
  cardData?: CardData | null;
  /** Files of the revision. */
  siblings?: Sibling[];
  /** Bytes that all revisions together occupy. */
  usedStorage?: number;
  resourceGroup?: ResourceGroup | null;
  /** Large files are stored in Xet. */
  xetEnabled?: boolean;
}

/** Metadata at the head of a README. Authors write it, so no field is certain. */
export interface CardData {
  /** License id, such as `mit`. */
  license?: string | string[];
  license_name?: string;
  license_link?: string;
  language?: string | string[];
  tags?: string[];
  /** Whatever else the author wrote. */
  [field: string]: unknown;
}
