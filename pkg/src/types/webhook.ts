import type { SpaceVolume } from "./new-repo.js";
import type { Open } from "./open.js";

/** A webhook. */
export interface Webhook {
  /** 24 hexadecimal digits. */
  id: string;
  /** URL that is posted to. */
  url?: string | null;
  /** Job that is started. */
  job?: WebhookJobInfo | null;
  /** Job that is started again. */
  jobSourceId?: string | null;
  disabled: boolean | Open<"suspended-after-failure">;
  watched: WatchedInfo[];
  /** A secret is set; the secret itself is never returned. */
  hasSecret?: boolean;
  /** Kinds of event. */
  domains: Open<"repo" | "discussion">[];
  /** Time of the last delivery, ISO 8601. */
  lastTriggerAt?: string | null;
}

/** One webhook, wrapped. */
export interface WebhookReply {
  webhook: Webhook;
}

/** What a webhook watches: a repository, or all that a user or organization owns. */
export interface WebhookWatched {
  type: "dataset" | "model" | "space" | "bucket" | "kernel" | "user" | "org";
  /** Name of the user or organization, or id of the repository. */
  name: string;
}

/** What a webhook watches, as replies tell it. */
export interface WatchedInfo {
  type: Open<WebhookWatched["type"]>;
  name: string;
  /** URL of the owner's picture. */
  avatarUrl?: string;
}

/** A Job to start: an image or a Space, and hardware to run it on. */
export interface WebhookJob {
  /** Image to run. */
  dockerImage?: string | undefined;
  /** Space to run, instead of an image. */
  spaceId?: string | undefined;
  command?: readonly string[] | undefined;
  arguments?: readonly string[] | undefined;
  /** Environment values that anyone with access sees. */
  environment?: Record<string, string> | undefined;
  /** Environment values that are never shown again. */
  secrets?: Record<string, string> | undefined;
  /** Hardware flavour, such as `cpu-basic`. */
  flavor: string;
  arch?: "amd64" | "arm64" | undefined;
  /** Seconds; `null` for no limit. */
  timeoutSeconds?: number | null | undefined;
  /** How often to try. */
  attempts?: number | undefined;
  labels?: Record<string, string> | undefined;
  /** Repositories and buckets to mount. */
  volumes?: readonly SpaceVolume[] | undefined;
  /** Ports to open. */
  expose?: { ports: readonly number[]; portsPublic?: readonly number[] | undefined } | undefined;
  ssh?: { enabled?: boolean | undefined } | undefined;
  resourceGroupId?: string | undefined;
}

/** A Job, as replies tell it. */
export interface WebhookJobInfo {
  dockerImage?: string;
  spaceId?: string;
  command?: string[];
  arguments?: string[];
  environment?: Record<string, string>;
  /** Names only. */
  secrets?: string[];
  flavor: string;
  /** Seconds; `null` for no limit. */
  timeoutSeconds?: number | null;
  labels?: Record<string, string>;
}
