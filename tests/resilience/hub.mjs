// An emulator as the runner needs it: calls that go past every breaker, rules, and what the log tells.

import { startEmulator } from "../emulator.mjs";
import { PART } from "./operations.mjs";

/** More requests than there are, so that no response says by itself that a window is used up. */
const QUOTAS = ["api", "resolvers", "pages"].flatMap((bucket) => [`--quota-${bucket}`, "1000000"]);
/** Without it, the emulator's own routes refuse. */
const CONTROL = { "x-emulator-control": "1" };
const KNOWN = "/acme/tiny-bert/resolve/main/model.safetensors";

/** `lib` is the package in Node: what is set up with it is no part of a cell. */
export async function startHub(lib) {
  const emulator = await startEmulator(["--no-rate-limit", "--part-size", String(PART), ...QUOTAS]);
  const { endpoint } = emulator;
  const token = emulator.tokens.write;
  const authorization = `Bearer ${token}`;
  const call = async (path, body, method = body === undefined ? "GET" : "POST") => {
    const response = await fetch(endpoint + path, {
      method,
      headers: { authorization, "content-type": "application/json", ...(path.startsWith("/_emulator/") && CONTROL) },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const control = async (path, ...rest) => {
    const text = await (await call(`/_emulator/${path}`, ...rest)).text();
    return text ? JSON.parse(text) : undefined;
  };
  // A large file's redirect names the second origin.
  const large = await fetch(endpoint + KNOWN, { redirect: "manual", headers: { authorization } });
  let last = 0;
  /** The requests since this was asked before. */
  const news = async () => {
    const entries = await control(`log?since=${last}`);
    last = entries.at(-1)?.id ?? last;
    return entries;
  };

  return {
    token,
    origins: { hub: endpoint, files: new URL(large.headers.get("location")).origin },
    client: new lib.Hub({ endpoint, token }),
    json: async (path, body) => (await call(path, body)).json(),
    bytes: async (path) => Buffer.from(await (await call(path)).arrayBuffer()),
    /** Adds rules. */
    spoil: (rules) => control("faults", rules),
    /** Ends all rules; gives how many chats were carried out, and paid for, since this was done before. */
    async heal() {
      await control("faults", undefined, "DELETE");
      return (await news()).filter(({ path, usage }) => usage && path.endsWith("/chat/completions")).length;
    },
    stop: () => emulator.stop(),
  };
}
