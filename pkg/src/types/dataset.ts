import type { RepoInfo } from "./common.js";

/**
 * A dataset. Only `_id` and `id` are certain; what else is present depends on the call: a list sends a short form,
 * `full` adds to it, and `expand` names the exact fields.
 */
export interface DatasetInfo extends RepoInfo {
  /** Downloads in the last 30 days. */
  downloads?: number;
  /** Downloads since the dataset was created. */
  downloadsAllTime?: number;
  /** First sentences of the README; lists shorten it. */
  description?: string | null;
  /** How to cite it, in BibTeX. */
  citation?: string | null;
  /** Id at Papers with Code. */
  paperswithcode_id?: string | null;
  /** Bytes of the files of the main branch. */
  mainSize?: number;
  /** Internal key, in lists. */
  key?: string;
}
