import type { RepoInfo } from "./common.js";
import type { Open } from "./open.js";

/**
 * A Space. Only `_id` and `id` are certain; what else is present depends on the call: a list sends a short form,
 * `full` adds to it, and `expand` names the exact fields.
 */
export interface SpaceInfo extends RepoInfo {
  /** Software that runs it. `streamlit` is found in old Spaces only. */
  sdk?: Open<"gradio" | "docker" | "static" | "streamlit">;
  /** First label of its host name, such as `acme-demo`. */
  subdomain?: string;
  /** URL of the running app. */
  host?: string;
  runtime?: SpaceRuntime;
  /** Models that it uses. */
  models?: string[];
  /** Datasets that it uses. */
  datasets?: string[];
  /** Where it runs. */
  region?: Open<"us" | "eu">;
}

/** State of a Space's app. */
export interface SpaceRuntime {
  stage: SpaceStage;
  hardware?: SpaceHardware;
  /** Flavour of the persistent storage; `null` for none. */
  storage?: string | null;
  /** Seconds of idleness before it sleeps; `null` for never. */
  gcTimeout?: number | null;
  replicas?: { current?: number | "auto" | null; requested?: number | "auto" | null };
  /** Development mode is on. */
  devMode?: boolean;
  domains?: SpaceDomain[];
  /** Why it does not run. */
  errorMessage?: string;
  /** Commit that runs. */
  sha?: string;
  /** Repositories and buckets that are mounted. */
  volumes?: unknown[];
  hotReloading?: Record<string, unknown>;
}

/** Stage of a Space's app. */
export type SpaceStage = Open<
  | "NO_APP_FILE"
  | "CONFIG_ERROR"
  | "BUILDING"
  | "BUILD_ERROR"
  | "APP_STARTING"
  | "RUNNING"
  | "RUNNING_BUILDING"
  | "RUNNING_APP_STARTING"
  | "RUNTIME_ERROR"
  | "DELETING"
  | "STOPPED"
  | "PAUSED"
  | "SLEEPING"
>;

/** Hardware flavours, such as `cpu-basic`; `null` for none. */
export interface SpaceHardware {
  current: string | null;
  requested: string | null;
}

/** Host name at which a Space is served. */
export interface SpaceDomain {
  domain: string;
  stage: Open<"READY" | "PENDING">;
  isCustom?: boolean;
}
