/** What is recorded of a call. */
import type { Group } from "./policy.js";
import type { TokenUsage } from "./usage.js";

/** One call: who, what, where, the decision, and what came of it. It holds no secret. */
export interface CallRecord {
  /** The records of one call share it. */
  id: string;
  /** `begun` is written before a write leaves, where the client's `audit` is `required`; `done` after every call. */
  phase: "begun" | "done";
  /** When the call began, as ISO 8601. */
  time: string;
  /** The agent, as its policy names it. */
  agent?: string | undefined;
  /** The token's account, where this client has called `whoAmI`. */
  account?: string | undefined;
  /** The client's session, which the router bills by. */
  session?: string | undefined;
  /** What was called. */
  endpoint: string;
  group: Group;
  access: "read" | "write";
  /** Host of the API. */
  host: string;
  repo?: string | undefined;
  revision?: string | undefined;
  model?: string | undefined;
  /**
   * What the policy and, where it was asked, a person said; without a policy every call is allowed. `asked`: the call ended before
   * the person's answer. `undecided`: the record of a call that has `begun` is written before the policy is asked.
   */
  decision: "allowed" | "denied" | "approved" | "declined" | "deferred" | "asked" | "undecided";
  /** The rule that denied the call or had a person asked. */
  rule?: string | undefined;
  /** The rule of a policy in a dry run that would have denied the call. */
  wouldDeny?: string | undefined;
  /** What came of it; absent while it is under way. */
  outcome?: "succeeded" | "failed" | "denied" | "aborted" | undefined;
  /** Kind and message of the error. */
  error?: { kind: string; message: string } | undefined;
  /** HTTP status of the last response. */
  status?: number | undefined;
  /** Milliseconds. */
  duration?: number | undefined;
  /** Bytes sent and received in bodies. */
  bytesSent: number;
  bytesReceived: number;
  /** Requests sent, those of a commit and repeated ones included. */
  requests: number;
  /** Id of the last request, for the service's support. */
  requestId?: string | undefined;
  /** Who ran the model, such as `groq`, where the response says. */
  provider?: string | undefined;
  /** Tokens that a model has read and written. */
  usage?: TokenUsage | undefined;
  /** Dollars: as the provider reports them, else by the router's prices. Absent where neither is known. */
  usd?: number | undefined;
  /** `usd` is by the router's prices, or no `usage` was reported and it is counted by bytes. */
  estimated?: true | undefined;
  /** `Committed 3 files to acme/x on main` */
  sentence: string;
}

/** A call that a policy has a person asked about. */
export interface ApprovalRequest {
  id: string;
  agent?: string | undefined;
  endpoint: string;
  group: Group;
  access: "read" | "write";
  host: string;
  repo?: string | undefined;
  revision?: string | undefined;
  /** The rule that asks. */
  rule: string;
  /** `Delete the repository acme/x with all its files` */
  sentence: string;
  /** The call's parameters, without secrets. */
  params: Record<string, unknown>;
  /**
   * Writes the call down, to be approved and resumed later, also in another process: return what this gives. Needs the
   * option `approvalKey`.
   *
   * @param options - `expiresIn`: seconds for which the call may be approved. Default: a day.
   */
  defer(options?: { expiresIn?: number | undefined }): Promise<Deferred>;
}

/** A call that was written down. */
export interface Deferred {
  readonly pending: string;
}

/** `true` approves, `false` or a reason declines. */
export type ApprovalAnswer = boolean | string | Deferred;
