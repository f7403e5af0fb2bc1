/** What calls fail with: one class a kind, each an {@link HfError}. */
import type { Access } from "./agent/access.js";
import type { ErrorKind } from "./generated/constants.js";
import type { Pages } from "./pages.js";
import { deserializeError, serializeError } from "./serialize-error.js";

export type { ErrorKind } from "./generated/constants.js";

/** Everything that is known of a failure. */
export interface ErrorFacts {
  kind: ErrorKind;
  message: string;
  /** HTTP status, where there was a response. */
  status?: number | undefined;
  /** `X-Error-Code`, or the code in the router's error object. */
  code?: string | undefined;
  /** Id of the request, for the service's support. */
  requestId?: string | undefined;
  /** Method that was called. */
  endpoint?: string | undefined;
  /** Permission that the endpoint needs of a fine-grained token. */
  permission?: string | undefined;
  /** Of a call with status 401 or 403: whether the token may make it, where the client has asked (`can`) or has a policy. */
  access?: Access | undefined;
  /** Parameter that is wrong. */
  field?: string | undefined;
  /** Of a denied call: the repository, the rule of the policy, and the token of a call that waits for approval. */
  repo?: string | undefined;
  rule?: string | undefined;
  pending?: string | undefined;
  /** What was not found. */
  missing?: "repo" | "revision" | "entry" | undefined;
  /** What a 429 is about: the window of the bucket, or a limit that this action has of its own. */
  limit?: "window" | "action" | undefined;
  /** Milliseconds after which the server says to try again. */
  retryAfter?: number | undefined;
  /** Requests sent for this call. */
  attempts?: number | undefined;
  /** What to do about it, in one sentence. */
  advice?: string | undefined;
  /** What the runtime threw, where there was no response. */
  cause?: unknown;
}

/** A call that failed. `kind` and the class say the same. @category Errors */
export class HfError extends Error implements ErrorFacts {
  declare readonly kind: ErrorKind;
  declare readonly status?: number | undefined;
  declare readonly code?: string | undefined;
  declare readonly requestId?: string | undefined;
  declare readonly endpoint?: string | undefined;
  declare readonly permission?: string | undefined;
  declare readonly access?: Access | undefined;
  declare readonly field?: string | undefined;
  declare readonly repo?: string | undefined;
  declare readonly rule?: string | undefined;
  declare readonly pending?: string | undefined;
  declare readonly missing?: "repo" | "revision" | "entry" | undefined;
  declare readonly limit?: "window" | "action" | undefined;
  declare readonly retryAfter?: number | undefined;
  declare readonly attempts?: number | undefined;
  declare readonly advice?: string | undefined;
  /** Of a list: the rest of it, from the page that failed. It can be iterated over, or awaited, to go on later. */
  declare readonly rest?: Pages<unknown> | undefined;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    const { message, cause, ...rest } = facts;
    super(message, cause === undefined ? options : { cause: deserializeError(cause) });
    for (const [name, value] of Object.entries(rest)) {
      // Facts may come from elsewhere as JSON, and replace nothing that every error has.
      if (value !== undefined && !(name in this)) Object.assign(this, { [name]: value });
    }
    // Not the class's own name, which minifiers change.
    const kind = String(facts.kind ?? "hf");
    this.name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Error`;
  }

  /** Makes the error again of what {@link toJSON} gave; of a kind that this version does not know, an `HfError`. */
  static from(facts: ErrorFacts, options?: ErrorOptions): HfError {
    return new (Object.hasOwn(classes, facts.kind) ? classes[facts.kind] : HfError)(facts, options);
  }

  toJSON(): ErrorFacts & { name: string } {
    return { ...this, name: this.name, message: this.message, ...(this.cause !== undefined && { cause: serializeError(this.cause) }) };
  }
}

/** 401: no token, or one that is wrong or expired. @category Errors */
export class UnauthorizedError extends HfError {}
/** 402: credits used up, or hardware that costs. @category Errors */
export class PaymentRequiredError extends HfError {}
/** 403: the token lacks a right. @category Errors */
export class ForbiddenError extends HfError {}
/** 401 or 403 on a gated repository: its conditions were not accepted. @category Errors */
export class GatedError extends HfError {}
/** 404, and 401 where the Hub hides that something is missing. @category Errors */
export class NotFoundError extends HfError {}
/** 409: it exists already, or another operation is under way. @category Errors */
export class ConflictError extends HfError {}
/** 412: a commit has happened since `parentCommit`. @category Errors */
export class PreconditionFailedError extends HfError {}
/** 429: a limit was hit. @category Errors */
export class RateLimitedError extends HfError {}
/** 400, 413, 416, 422, or a parameter refused before any request. @category Errors */
export class InvalidInputError extends HfError {}
/** 408 and 5xx, and an error in a response whose status says success. @category Errors */
export class ServerError extends HfError {}
/** No response: the connection was refused or broke. @category Errors */
export class NetworkError extends HfError {}
/** A time limit passed. @category Errors */
export class TimeoutError extends HfError {}
/** The caller aborted the call, and gave no reason; with one, that is what the call rejects with. @category Errors */
export class AbortedError extends HfError {}
/** A response that does not make sense. @category Errors */
export class ProtocolError extends HfError {}
/** The client's policy does not allow the call, or a person has declined it. Nothing was sent. @category Errors */
export class PolicyError extends HfError {}
/** A defect in this package. @category Errors */
export class InternalError extends HfError {}

const classes: Record<ErrorKind, typeof HfError> = {
  unauthorized: UnauthorizedError,
  paymentRequired: PaymentRequiredError,
  forbidden: ForbiddenError,
  gated: GatedError,
  notFound: NotFoundError,
  conflict: ConflictError,
  preconditionFailed: PreconditionFailedError,
  rateLimited: RateLimitedError,
  invalidInput: InvalidInputError,
  server: ServerError,
  network: NetworkError,
  timeout: TimeoutError,
  aborted: AbortedError,
  protocol: ProtocolError,
  policy: PolicyError,
  internal: InternalError,
};
