/** A file of the first commit of a repository. */
export interface InitialFile {
  /** Path from the root of the repository. */
  path: string;
  /** Text, in the given encoding. */
  content: string;
  /** Default `utf-8`. */
  encoding?: "utf-8" | "base64" | undefined;
}

/** An environment value of a Space. */
export interface SpaceVariable {
  /** Letters, digits and `_`, starting with a letter. */
  key: string;
  value: string;
  /** What it is for. */
  description?: string | undefined;
}

/** A repository or bucket to mount into a Space or Job. */
export interface SpaceVolume {
  type: "bucket" | "model" | "dataset" | "space";
  /** Id of the repository or bucket. */
  source: string;
  /** Folder at which it appears. */
  mountPath: string;
  /** Branch, tag or commit id. */
  revision?: string | undefined;
  readOnly?: boolean | undefined;
  /** Folder within the source. */
  path?: string | undefined;
}
