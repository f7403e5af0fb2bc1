import { ProtocolError } from "./errors.js";

/** What was asked for: a method, and the repository or model that it is about. */
export interface Asked {
  endpoint: string;
  subject?: unknown;
}

/** The error of a response that is found malformed here. */
export function protocolError({ endpoint, subject }: Asked, reason: string, options?: ErrorOptions): ProtocolError {
  const asked = typeof subject === "string" ? `${endpoint} ${subject}` : endpoint;
  return new ProtocolError({ kind: "protocol", message: `${asked}: ${reason}`, endpoint }, options);
}
