/** Calls that are none of the API's own, under the policy of a client: decided about, approved and recorded as those are. */
import { unlessAborted } from "../abort.js";
import { type Client, internals } from "../client.js";
import { AbortedError, PolicyError } from "../errors.js";
import type { Recorder } from "./governor.js";
import { type CheckedPolicy, type EndpointRule, MCP, verdictOf } from "./policy.js";
import type { Row } from "../generated/rows.js";
import type { AbortSignal } from "../types/platform.js";

/** What a policy decides by. */
export interface Outside {
  name: string;
  /** Whose it is, for records: the host of a server. */
  server: string;
  readOnly: boolean;
  destructive: boolean;
}

/** Makes a call if the client's policies let it through. Without a client everything is let through. */
export async function guarded<T>(client: Client | undefined, tool: Outside, args: object, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const governor = client && (await internals(client).governor());
  if (!governor) return await call();
  const { name, server, readOnly } = tool;
  // A server chooses the name, but not what a person reads beside it.
  const plain = name.replace(/[^\w./-]/g, "_");
  const row: Row = ["mcp", readOnly ? "open" : "write", "", `Call|Called the tool ${plain} of ${server}`, ""];
  const record = governor.begin(MCP + name, args, false, { row, host: server });
  await record.begun();
  try {
    await decide(record, governor.policies, tool, signal);
    const value = await call();
    await record.end({ value });
    return value;
  } catch (error) {
    // What is no failure of a call, such as an abort, is recorded as that.
    await record.end({ error });
    throw error;
  }
}

async function decide(record: Recorder, policies: readonly CheckedPolicy[], tool: Outside, signal: AbortSignal | undefined): Promise<void> {
  let ask = "";
  for (const policy of policies) {
    const { verdict, rule } = decision(policy, tool);
    if (verdict === "on") continue;
    if (policy.dryRun) record.decided("would-deny", rule);
    else if (verdict === "ask") ask ||= rule;
    else throw refused(record, tool, "denied", `the policy does not allow it (${rule})`, rule);
  }
  if (!ask) return record.decided("allowed", "");
  record.decided("asked", ask);
  const verdict = await answer(record, tool, ask, signal);
  if (verdict !== true) throw refused(record, tool, "declined", verdict, ask);
  record.decided("approved", ask);
}

/** What the person who is asked says: true, or why not. An error declines. */
async function answer(record: Recorder, { name }: Outside, rule: string, signal: AbortSignal | undefined): Promise<true | string> {
  try {
    return await unlessAborted(signal, () => record.approve(rule));
  } catch {
    if (signal?.aborted) throw new AbortedError({ kind: "aborted", message: `${MCP}${name}: aborted`, endpoint: MCP + name });
    return "the approve option failed";
  }
}

/** As the core decides about endpoints; what destroys is asked about, unless its own rule says otherwise. */
function decision(policy: CheckedPolicy, { name, readOnly, destructive }: Outside): { verdict: EndpointRule; rule: string } {
  const decided = verdictOf(policy, MCP + name, "mcp", !readOnly);
  const isOwn = decided.rule.startsWith("endpoints.");
  return decided.verdict === "on" && destructive && !isOwn ? { verdict: "ask", rule: `endpoints.${MCP}${name}: ask` } : decided;
}

function refused(record: Recorder, { name }: Outside, decided: string, reason: string, rule: string): PolicyError {
  record.decided(decided, rule);
  return new PolicyError({ kind: "policy", message: `${MCP}${name}: ${reason}`, endpoint: MCP + name, rule, pending: record.pending });
}
