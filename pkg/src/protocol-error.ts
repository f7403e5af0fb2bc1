import { ProtocolError } from "./errors.js";

/** The error of a response that the shell finds malformed. */
export function protocolError(endpoint: string, reason: string, options?: ErrorOptions): ProtocolError {
  return new ProtocolError({ kind: "protocol", message: `${endpoint}: ${reason}`, endpoint }, options);
}
