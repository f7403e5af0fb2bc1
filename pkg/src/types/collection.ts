import type { Author, GatedState, ResourceGroup } from "./common.js";
import type { Open } from "./open.js";

/** A collection of repositories and papers. */
export interface Collection {
  /** `namespace/title-` and 24 hexadecimal digits. */
  slug: string;
  title: string;
  description?: string | null;
  /** ISO 8601. */
  lastUpdated: string;
  /** Whether readers must ask for access. */
  gating?: boolean | { mode: Open<"auto" | "manual">; notifications?: Record<string, unknown> };
  owner: Author;
  /** Colour of its page. */
  theme: Open<"orange" | "blue" | "green" | "purple" | "pink" | "indigo">;
  /** Visible only to those with access. */
  private: boolean;
  upvotes: number;
  /** The token's user upvoted it. */
  isUpvotedByUser?: boolean;
  /** In a list: the first four at most. */
  items: CollectionItem[];
  resourceGroup?: ResourceGroup;
  /** Place among the owner's collections. Absent in lists. */
  position?: number;
  /** Short URL of its page. Absent in lists. */
  shareUrl?: string;
}

/** An item of a collection, with the short form of what it refers to. */
export interface CollectionItem {
  /** Id of the item, not of what it refers to. */
  _id: string;
  type: Open<CollectionItemType>;
  /** Id of what it refers to, such as `acme/tiny-bert`. */
  id: string;
  /** Place in the collection, from 0. */
  position: number;
  note?: { text: string; html?: string };
  /** URLs of images. */
  gallery?: string[];
  /** User or organization that owns it. */
  author?: string;
  /** Time of the last change, ISO 8601. */
  lastModified?: string;
  likes?: number;
  /** Downloads in the last 30 days. */
  downloads?: number;
  private?: boolean;
  gated?: GatedState;
  /** Task of a model. */
  pipeline_tag?: string;
  title?: string;
}

/** What a collection can hold. */
export type CollectionItemType = "paper" | "collection" | "space" | "model" | "dataset" | "bucket";

/** Something to put into a collection. */
export interface CollectionItemRef {
  type: CollectionItemType;
  /** Such as `acme/tiny-bert`; of a paper the arXiv id; of a collection its slug. */
  id: string;
}
