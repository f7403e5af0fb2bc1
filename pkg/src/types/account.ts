import type { OrgRole, Plan } from "./common.js";
import type { Open } from "./open.js";

/** Whose token it is and what it may do. */
export interface WhoAmI {
  /** `user` for tokens of people. */
  type: Open<"user" | "org" | "app">;
  /** 24 hexadecimal digits. */
  id: string;
  /** User name. */
  name: string;
  /** Name for display. */
  fullname?: string;
  /** Needs the permission to read it. */
  email?: string | null;
  emailVerified?: boolean;
  /** A means of payment is known. */
  canPay?: boolean;
  billingMode?: Open<"prepaid" | "postpaid">;
  /** End of the billing period, in seconds since 1970. */
  periodEnd?: number | null;
  /** Has a PRO subscription. */
  isPro?: boolean;
  /** URL of the picture; may be relative to the Hub. */
  avatarUrl?: string;
  /** Organizations that the user belongs to. */
  orgs?: WhoAmIOrg[];
  auth?: WhoAmIAuth;
}

/** An organization that the user belongs to. */
export interface WhoAmIOrg {
  type: Open<"org">;
  /** 24 hexadecimal digits. */
  id: string;
  /** Organization name, as in repository ids. */
  name: string;
  /** Name for display. */
  fullname?: string;
  avatarUrl?: string;
  email?: string | null;
  canPay?: boolean;
  billingMode?: Open<"prepaid" | "postpaid">;
  /** End of the billing period, in seconds since 1970. */
  periodEnd?: number | null;
  plan?: Plan;
  /** Role of the user. */
  roleInOrg?: OrgRole;
  /** Why the token is not accepted by this organization. */
  securityRestrictions?: Open<"mfa" | "token-policy" | "token-revoked" | "sso" | "ip">[];
  resourceGroups?: { id: string; name: string; role: OrgRole }[];
}

/** What anyone may know of a user. */
export interface UserOverview {
  /** 24 hexadecimal digits. */
  _id: string;
  type: Open<"user">;
  /** User name. */
  user: string;
  /** Name for display. */
  fullname: string;
  /** URL of the picture; may be relative to the Hub. */
  avatarUrl: string;
  /** Has a PRO subscription. */
  isPro: boolean;
  /** ISO 8601. */
  createdAt: string;
  /** What the user says of itself. */
  details?: string;
  orgs?: { id: string; name: string; fullname: string; avatarUrl: string }[];
  numModels?: number;
  numDatasets?: number;
  numSpaces?: number;
  numBuckets?: number;
  numKernels?: number;
  numDiscussions?: number;
  numPapers?: number;
  numUpvotes?: number;
  numLikes?: number;
  numFollowers?: number;
  numFollowing?: number;
  numFollowingOrgs?: number;
  /** Whether the owner of the token follows this user. */
  isFollowing?: boolean;
  reasonToFollow?: string;
  primaryOrgAvatarUrl?: string;
  /** What the user computes on: type, vendor and model; memory in GB; how many. */
  hardwareItems?: { sku: [string, string, string]; mem: number; num: number; isPrimary?: true }[];
}

/** How the caller is known. */
export interface WhoAmIAuth {
  /** `access_token` for user tokens. */
  type: string;
  /** ISO 8601. */
  expiresAt?: string;
  resource?: { sub: string };
  accessToken?: AccessToken;
}

/** The token. */
export interface AccessToken {
  /** Name that its user gave it. */
  displayName: string;
  role: Open<"read" | "write" | "god" | "fineGrained">;
  /** ISO 8601. */
  createdAt?: string;
  /** Present when `role` is `fineGrained`. */
  fineGrained?: FineGrained;
}

/** What a fine-grained token may do. */
export interface FineGrained {
  /** Permissions that hold everywhere. */
  global?: Open<"discussion.write" | "post.write">[];
  canReadGatedRepos?: boolean;
  scoped: TokenScope[];
}

/** What a fine-grained token may do with one thing. */
export interface TokenScope {
  entity: {
    _id: string;
    type: Open<
      | "dataset"
      | "model"
      | "space"
      | "bucket"
      | "kernel"
      | "collection"
      | "org"
      | "user"
      | "resource-group"
      | "oauth-app"
    >;
    name?: string;
  };
  /** Such as `repo.content.read`. */
  permissions: string[];
}

/** What inference cost. Requests without a session may be missing. */
export interface InferenceUsage {
  /** Such as `USD`, of which `costCents` are hundredths. */
  currency: string;
  /** One a month. */
  periods: InferencePeriod[];
}

/** What inference cost in a month. */
export interface InferencePeriod {
  /** Start of the month, ISO 8601. */
  period: string;
  sessions: InferenceSession[];
}

/** What inference cost in a session of a month. */
export interface InferenceSession {
  /** What was sent as `X-HF-Session-id`: the `session` of a client. */
  id: string;
  requestCount: number;
  /** May have decimals. */
  costCents: number;
}
