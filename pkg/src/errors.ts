/** What calls fail with: one class a kind, each an {@link HfError}. */

export type ErrorKind =
  | "unauthorized"
  | "paymentRequired"
  | "forbidden"
  | "gated"
  | "notFound"
  | "conflict"
  | "preconditionFailed"
  | "rateLimited"
  | "invalidInput"
  | "server"
  | "network"
  | "timeout"
  | "protocol"
  | "internal";

/** Everything that is known of a failure. */
export interface ErrorFacts {
  kind: ErrorKind;
  message: string;
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  /** `X-Error-Code`, or the code in the router's error object. */
  code?: string | undefined;
  /** Id of the request, for the service's support. */
  requestId?: string | undefined;
  /** Method that was called. */
  endpoint?: string | undefined;
  /** Permission that the endpoint needs of a fine-grained token. */
  permission?: string | undefined;
  /** Parameter that is wrong. */
  field?: string | undefined;
  /** What was not found. */
  missing?: "repo" | "revision" | "entry" | undefined;
  /** Milliseconds after which the server says to try again. */
  retryAfter?: number | undefined;
  /** Requests sent for this call. */
  attempts?: number | undefined;
  /** What to do about it, in one sentence. */
  advice?: string | undefined;
}

/** A call that failed. `kind` and the class say the same. */
export class HfError extends Error implements ErrorFacts {
  readonly kind!: ErrorKind;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly permission?: string | undefined;
  readonly field?: string | undefined;
  readonly missing?: "repo" | "revision" | "entry" | undefined;
  readonly retryAfter?: number | undefined;
  readonly attempts?: number | undefined;
  readonly advice?: string | undefined;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    for (const [name, value] of Object.entries(facts)) {
      if (name !== "message" && value !== undefined) Object.assign(this, { [name]: value });
    }
    this.name = new.target.name;
  }

  /** Makes the error again of what {@link toJSON} gave. */
  static from(facts: ErrorFacts, options?: ErrorOptions): HfError {
    return new (classes[facts.kind] ?? HfError)(facts, options);
  }

  toJSON(): ErrorFacts & { name: string } {
    return { ...this, name: this.name, message: this.message };
  }
}

/** 401: no token, or one that is wrong or expired. */
export class UnauthorizedError extends HfError {}
/** 402: credits used up, or hardware that costs. */
export class PaymentRequiredError extends HfError {}
/** 403: the token lacks a right. */
export class ForbiddenError extends HfError {}
/** 401 or 403 on a gated repository: its conditions were not accepted. */
export class GatedError extends HfError {}
/** 404, and 401 where the Hub hides that something is missing. */
export class NotFoundError extends HfError {}
/** 409: it exists already, or another operation is under way. */
export class ConflictError extends HfError {}
/** 412: a commit has happened since `parentCommit`. */
export class PreconditionFailedError extends HfError {}
/** 429: a limit was hit. */
export class RateLimitedError extends HfError {}
/** 400, 413, 416, 422, or a parameter refused before any request. */
export class InvalidInputError extends HfError {}
/** 408 and 5xx. */
export class ServerError extends HfError {}
/** No answer: the connection was refused or broke. */
export class NetworkError extends HfError {}
/** The time limit passed. */
export class TimeoutError extends HfError {}
/** An answer that does not make sense. */
export class ProtocolError extends HfError {}
/** A defect in this package. */
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
  protocol: ProtocolError,
  internal: InternalError,
};
