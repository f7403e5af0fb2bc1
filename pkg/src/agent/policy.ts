/** What an owner allows an agent: plain JSON, checked here and brought into the form that src/web/policy.rs reads. */
import { Refusal } from "../options.js";
import { GROUPS, HUB, ROUTER } from "../generated/rows.js";

/** A capability group: a chapter of the API, or the tools of MCP servers. */
export type Group = (typeof GROUPS)[number] | "mcp";

/** `off` allows nothing, `read` what changes nothing, `full` everything. */
export type GroupMode = "off" | "read" | "full";

/** `off` denies an endpoint, `ask` asks a person each time, `on` allows it. */
export type EndpointRule = "off" | "ask" | "on";

/** What holds for the repositories that a pattern means. What is left out is as for all. */
export interface RepoPolicy {
  groups?: Partial<Record<Group, GroupMode>> | undefined;
  endpoints?: Record<string, EndpointRule> | undefined;
}

/** How much may be used: of one unit, within a window of time. */
export interface Budget {
  calls?: number | undefined;
  /** Of responses, and of the bodies of commits. */
  bytes?: number | undefined;
  /** As the router reports them in `usage`; of a reply that reports none, a token for each byte. */
  tokens?: number | undefined;
  /** As providers report them in `usage`, else by the router's prices. Calls of models without a price are denied. */
  usd?: number | undefined;
  /** Seconds of the window; without it the budget holds for as long as the client lives. */
  per?: number | undefined;
}

/**
 * What a client may do. What no rule allows is denied. What is said of a repository goes before what is said of all, and
 * what is said of an endpoint before what is said of its group; a general `off` or `ask` for an endpoint holds in every
 * repository that does not name that endpoint itself.
 *
 * A repository that a call names beside its own, as a webhook to watch or a volume to mount, must be one that may be
 * read. A redirect or a next page is followed to what the policy allows, and nowhere else at the endpoint.
 *
 * Where nothing is said of an endpoint that deletes, moves, merges, or changes who sees something, a person is asked.
 */
export interface Policy {
  /** Name of the agent, for records. */
  agent?: string | undefined;
  groups?: Partial<Record<Group, GroupMode>> | undefined;
  /** By method, such as `deleteRepo`; a tool of an MCP server is `mcp.` and its name. */
  endpoints?: Record<string, EndpointRule> | undefined;
  /** By pattern: `acme/*` for models, `datasets/acme/x`, `*\/acme/*` for repositories of any type. The most specific counts, by its name, then its namespace, then its type. */
  repos?: Record<string, GroupMode | RepoPolicy> | undefined;
  budgets?: readonly Budget[] | undefined;
  /** Denies nothing, and records what it would have denied. */
  dryRun?: boolean | undefined;
}

type Pair = [name: string, word: string];
interface Rules {
  groups: Pair[];
  endpoints: Pair[];
}

/** A budget, and what was used of it in the window that began at `since`. Narrower clients use the same. */
export interface OpenBudget {
  readonly unit: string;
  readonly limit: number;
  /** Milliseconds. */
  readonly per: number;
  used: number;
  since: number;
}

/** A policy as the core reads it, which leaves budgets to us. */
export interface CheckedPolicy extends Rules {
  repos: ({ pattern: string; name: string } & Rules)[];
  budgets: OpenBudget[];
  dryRun: boolean;
}

const PROPERTIES = ["agent", "groups", "endpoints", "repos", "budgets", "dryRun"];
const MODES = ["off", "read", "full"];
const RULES = ["off", "ask", "on"];
const UNITS = ["calls", "bytes", "tokens", "usd"];
const KINDS = ["models", "datasets", "spaces", "kernels", "*"];
/** Groups whose endpoints are about a repository. */
const OF_REPOS: Group[] = ["models", "datasets", "spaces", "repos", "discussions"];
/** How policies name the tools of MCP servers. */
export const MCP = "mcp.";
const ENDPOINTS = [...new Set([...Object.keys(HUB), ...Object.keys(ROUTER)])];

/** Checks a policy. One that is wrong is refused with the path of the field. */
export function checkPolicy(policy: unknown): CheckedPolicy {
  const given = record("policy", policy, PROPERTIES);
  const { agent, dryRun } = given;
  if (!isAbsent(agent) && typeof agent !== "string") throw new Refusal("policy.agent", "must be a string");
  if (!isAbsent(dryRun) && typeof dryRun !== "boolean") throw new Refusal("policy.dryRun", "must be true or false");
  const repos = Object.entries(record("policy.repos", given["repos"])).filter(([, value]) => !isAbsent(value));
  return {
    ...rules("policy", given),
    repos: repos.map(([written, value]) => ofRepos(written, value)).sort((one, other) => bySpecificity(one.pattern, other.pattern)),
    budgets: budgets(given["budgets"]),
    dryRun: dryRun === true,
  };
}

function ofRepos(written: string, value: unknown): { pattern: string; name: string } & Rules {
  const field = `policy.repos["${written}"]`;
  const pattern = patternOf(field, written);
  const name = `repos["${written}"]`;
  if (typeof value !== "string") return { pattern, name, ...rules(field, record(field, value, ["groups", "endpoints"])) };
  const mode = word(field, value, MODES);
  return { pattern, name, groups: OF_REPOS.map((group): Pair => [group, mode]), endpoints: [] };
}

/** The pattern with its type, in lower case. */
function patternOf(field: string, written: string): string {
  const parts = written.toLowerCase().split("/");
  if (parts.length === 1 && parts[0] === "*") return "*/*/*";
  if (parts.length === 2 && KINDS.includes(parts[0] ?? "") && parts[0] !== "*") parts.splice(1, 0, "*");
  if (parts.length === 2) parts.unshift("models");
  const valid = parts.length === 3 && KINDS.includes(parts[0] ?? "") && parts.every((part) => /^[\w.*-]+$/.test(part));
  if (valid) return parts.join("/");
  throw new Refusal(field, 'is no pattern of repositories: use "acme/*" for models, "datasets/acme/x", "*/acme/*" for any type');
}

/** What a policy says of an endpoint that is about no repository: what is said of it goes before what is said of its group. */
export function verdictOf({ endpoints, groups }: CheckedPolicy, name: string, group: Group, isWrite: boolean): { verdict: EndpointRule; rule: string } {
  const own = endpoints.find(([known]) => known === name)?.[1];
  if (own !== undefined) return { verdict: own as EndpointRule, rule: `endpoints.${name}: ${own}` };
  const mode = groups.find(([known]) => known === group)?.[1] ?? "off";
  return mode === "full" || (mode === "read" && !isWrite) ? { verdict: "on", rule: "" } : { verdict: "off", rule: `groups.${group}: ${mode}` };
}

/** The more specific first: by the name, then by the namespace, then by the type. */
function bySpecificity(one: string, other: string): number {
  const [ours, others] = [fixedParts(one), fixedParts(other)];
  const at = [2, 1, 0].find((part) => ours[part] !== others[part]);
  return at === undefined ? 0 : (others[at] as number) - (ours[at] as number);
}

/** How much of each part of a pattern is fixed: all, so many letters, or 0. */
function fixedParts(pattern: string): number[] {
  return pattern.split("/").map((part) => (part.includes("*") ? part.replaceAll("*", "").length : Number.POSITIVE_INFINITY));
}

function rules(field: string, given: Record<string, unknown>): Rules {
  return {
    groups: words(`${field}.groups`, given["groups"], "group", [...GROUPS, "mcp"], MODES),
    endpoints: words(`${field}.endpoints`, given["endpoints"], "endpoint", ENDPOINTS, RULES),
  };
}

function words(field: string, given: unknown, what: string, names: readonly string[], allowed: string[]): Pair[] {
  const entries = Object.entries(record(field, given)).filter(([, value]) => !isAbsent(value));
  return entries.map(([name, value]) => {
    if (!names.includes(name) && !(what === "endpoint" && name.startsWith(MCP))) throw new Refusal(`${field}.${name}`, `is no ${what}`, [...names]);
    return [name, word(`${field}.${name}`, value, allowed)];
  });
}

function word(field: string, value: unknown, allowed: string[]): string {
  if (typeof value === "string" && allowed.includes(value)) return value;
  const list = allowed.map((known) => `"${known}"`);
  throw new Refusal(field, `must be ${list.slice(0, -1).join(", ")} or ${list.at(-1)}`);
}

function budgets(given: unknown): CheckedPolicy["budgets"] {
  if (isAbsent(given)) return [];
  if (!Array.isArray(given)) throw new Refusal("policy.budgets", "must be a list");
  return given.flatMap((budget: unknown, at) => {
    const field = `policy.budgets[${at}]`;
    const { per, ...units } = record(field, budget, [...UNITS, "per"]);
    const limits = Object.entries(units).filter(([, value]) => value !== undefined);
    if (limits.length === 0) throw new Refusal(field, "must limit calls, bytes, tokens or usd");
    for (const [name, value] of [...limits, ...(per === undefined ? [] : [["per", per]])] as [string, unknown][]) {
      if (typeof value !== "number" || !(value >= 0)) throw new Refusal(`${field}.${name}`, "must be a number of 0 or more");
    }
    return limits.map(([unit, limit]) => ({ unit, limit: limit as number, per: per === undefined ? Number.POSITIVE_INFINITY : (per as number) * 1000, used: 0, since: 0 }));
  });
}

/** A plain object; of `known` properties only, where they are given. Absent is empty. */
function record(field: string, given: unknown, known?: string[]): Record<string, unknown> {
  if (isAbsent(given) && field !== "policy") return {};
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw new Refusal(field, "must be an object");
  const unknown = known && Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Refusal(`${field}.${unknown}`, "is not a property of a policy", known);
  return given as Record<string, unknown>;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
