/** Responses whose bodies cannot be read piece by piece, as those of some stand-ins for `fetch`. Loaded by the first. */
import { MalformedResponse, named } from "./body.js";
import { ReadMode } from "./core_bg.js";
import { readFrom } from "./exchange.js";

const WHOLE = { [ReadMode.Json]: "json", [ReadMode.Text]: "text", [ReadMode.Bytes]: "arrayBuffer", [ReadMode.Blob]: "blob" } as const;

/** A text that came and cannot be parsed is no broken connection. */
async function parsing(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (thrown) {
    // Of any realm.
    throw (thrown as Error | undefined)?.name === "SyntaxError" ? new MalformedResponse("the response is not JSON") : thrown;
  }
}

/** Reads a body by the response's own methods, whose pieces nobody sees. */
export async function otherwise(response: Response, mode: ReadMode): Promise<unknown> {
  const method = WHOLE[mode];
  const read = readFrom("the body", () => response[method]);
  if (typeof read !== "function") throw new MalformedResponse("the response has no body");
  const value = await parsing(() => read.call(response) as Promise<unknown>);
  const right = {
    [ReadMode.Json]: true,
    [ReadMode.Text]: typeof value === "string",
    [ReadMode.Bytes]: named(value, "ArrayBuffer"),
    [ReadMode.Blob]: typeof (value as Blob | undefined)?.size === "number",
  }[mode];
  if (!right) throw new MalformedResponse(`${method}() of the response gave no such thing`);
  return mode === ReadMode.Bytes ? new Uint8Array(value as ArrayBuffer) : value;
}
