/** Where a call was made, which is not on the stack any more when it fails. */
import { HfError } from "./errors.js";

/** Gives an error of ours the stack of `caller`, which was made where the user called. */
export function calledFrom(caller: Error, error: unknown): unknown {
  if (!(error instanceof HfError)) return error;
  const stack = caller.stack ?? "";
  // V8 and JavaScriptCore differ in whether the message stands in the stack.
  const value = stack.startsWith("Error") ? `${error.name}: ${error.message}${stack.slice("Error".length)}` : stack;
  Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
  return error;
}
