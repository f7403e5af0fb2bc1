/** Asks whether a token may make a call, and says so of calls that were refused. */
import { type Client, internals } from "../client.js";
import { HfError } from "../errors.js";
import type { WhoAmI } from "../types/account.js";
import { type Access, accessOf } from "./access.js";
import { HUB, ROUTER } from "../generated/rows.js";

/** Milliseconds for which a response of `whoAmI` holds, and for which it is not asked for again. */
const HOLDS = 300_000;
const RESTS = 10_000;

/** What methods call that are no endpoints themselves. */
const CALLS: Record<string, string> = {
  ...Object.fromEntries(["uploadFile", "uploadFiles", "uploadFolder", "deleteFile", "deleteFiles", "deleteFolder", "copyFile", "moveFile"].map((name) => [name, "commit"])),
  fileExists: "pathsInfo",
  fileHeaders: "downloadFile",
  chatCompletionStream: "chatCompletion",
};

/** The last response of `whoAmI`, by client. */
const cached = new WeakMap<Client, { at: number; who: Promise<WhoAmI | undefined> }>();

/** Whether the client's token may make a call. */
export async function can(client: Client, name: string, params: object = {}, { hub }: { hub?: Client | undefined } = {}): Promise<Access> {
  const { router } = internals(client);
  const called = Object.hasOwn(CALLS, name) ? (CALLS[name] as string) : name;
  const rows = router ? ROUTER : HUB;
  const row = Object.hasOwn(rows, called) ? rows[called] : undefined;
  if (!row) throw new TypeError(`${name} is no endpoint`);
  const asked = hub ?? (router ? undefined : client);
  if (!asked) return { verdict: "unknown", reason: "a router has no endpoint for tokens: give the Hub, as { hub }" };
  const home = (internals(asked).options.endpoint ?? "").replace(/\/+$/, "");
  try {
    const { isPullRequest, ...rest } = params as { isPullRequest?: unknown };
    const own = called === "commit" && isPullRequest !== undefined ? { ...rest, create_pr: isPullRequest } : { ...params };
    return accessOf(await whoOf(asked), called, row, own, home);
  } catch (error) {
    if (!(error instanceof HfError)) throw error;
    if (error.status === 401) return { verdict: "denied", reason: "the token is wrong or has expired", where: `${home}/settings/tokens` };
    return { verdict: "unknown", reason: `whoAmI failed: ${error.message}` };
  }
}

/** Gives the error of a call that was refused what is known of the token. What was known before may be old. */
export async function explained(client: Client, error: unknown, name: string, params: object): Promise<void> {
  if (!(error instanceof HfError) || name === "whoAmI" || (error.status !== 401 && error.status !== 403)) return;
  if (Date.now() - (cached.get(client)?.at ?? 0) > RESTS) cached.delete(client);
  const access = await can(client, name, params).catch(() => undefined);
  if (!access) return;
  const { verdict, reason, where } = access;
  Object.assign(error, { access });
  if (verdict === "denied") Object.assign(error, { advice: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.${where ? ` Add it at ${where}.` : ""}` });
}

function whoOf(hub: Client): Promise<WhoAmI | undefined> {
  const known = cached.get(hub);
  if (known && Date.now() - known.at < HOLDS) return known.who;
  const { options, ask } = internals(hub);
  const who = options.token ? (ask("whoAmI", {}) as Promise<WhoAmI>) : Promise.resolve(undefined);
  cached.set(hub, { at: Date.now(), who });
  // What failed is asked for again, but not at once.
  who.catch(() => {
    const failed = cached.get(hub);
    if (failed?.who === who) cached.set(hub, { at: Date.now() - HOLDS + RESTS, who });
  });
  return who;
}
