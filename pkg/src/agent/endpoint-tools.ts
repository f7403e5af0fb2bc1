/** The endpoints as tools for models. */
import { type Client, internals } from "../client.js";
import { HfError, InvalidInputError } from "../errors.js";
import type { Hub } from "../hub.js";
import type { InferenceRouter } from "../router.js";
import type { CheckedPolicy, Group, Policy } from "./policy.js";
import { partOf } from "./result.js";
import { type AgentTool, type JsonSchema, type ToolCallOptions, Toolset, type ToolsetOptions } from "./toolset.js";

/** What `catalogue.json` holds. */
export interface Catalogue {
  version: string;
  groups: { name: string; title: string; endpoints: CatalogueEndpoint[] }[];
}

/** An endpoint of the catalogue. */
export interface CatalogueEndpoint {
  name: string;
  host: "hub" | "router";
  summary: string;
  method: string;
  path: string;
  access: "open" | "token" | "write";
  permission: string | null;
  bucket: string;
  event: { scope: string; action: string } | null;
  idempotent: boolean;
  /** Whether it does what cannot be taken back, or the parameters with which it does. */
  destructive: boolean | string[];
  core: boolean;
  reply: "json" | "pages" | "events" | "bytes" | "empty";
  /** The TypeScript type of what a call gives. */
  type: string;
  parameters: JsonSchema;
}

export interface ToolsOptions extends ToolsetOptions {
  /** Whose endpoints become tools, under the policy that it has. Give at least one of the two. */
  hub?: Hub | undefined;
  router?: InferenceRouter | undefined;
  /** Which groups; default all. Fewer tools are easier for a model. */
  groups?: readonly Group[] | undefined;
  /** Which endpoints; default all of the groups. */
  endpoints?: readonly string[] | undefined;
  /** Narrows what the clients may do. What it always denies is no tool. */
  policy?: Policy | undefined;
}

/** Steps of a commit, which `commit` does by itself: no tools unless they are named. */
const STEPS = ["preupload", "lfsBatch"];
/** What a list asks of its pages, which a tool does by itself. */
const PAGING = ["pageSize", "cursor"];
/** Items of a list, unless the model asks for another number. */
const ITEMS = 20;
/** Bytes of a file at once, unless the client says otherwise: it is held in memory, and a model reads a small part of it. */
const FILE = 16 * 1024 * 1024;

type Method = (params: object, options: ToolCallOptions & { maxResponseBytes?: number }) => AsyncIterable<unknown> & PromiseLike<unknown>;

/**
 * The endpoints as tools: `hub_listModels`, `hub_commit`, `router_textToImage`. Loads their schemas when it is first
 * called.
 */
export async function tools({ hub, router, groups, endpoints, policy, ...options }: ToolsOptions): Promise<Toolset> {
  if (!hub && !router) throw refused("hub", "or router must be given");
  const clients = { hub: hub && (await governed(hub, policy)), router: router && (await governed(router, policy)) };
  const { default: catalogue } = await import("./catalogue.js");
  known("groups", groups, catalogue.groups.map(({ name }) => name));
  known("endpoints", endpoints, catalogue.groups.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)));
  const made: AgentTool[] = [];
  for (const group of catalogue.groups) {
    if (groups && !groups.includes(group.name as Group)) continue;
    for (const row of group.endpoints) {
      const of = clients[row.host];
      const isWanted = endpoints ? endpoints.includes(row.name) : !STEPS.includes(row.name);
      if (of && isWanted && !of.policies.some((policy) => isAlwaysDenied(policy, group.name, row))) made.push(endpointTool(of.client, row));
    }
  }
  return new Toolset(made, options);
}

/** A client with what it is held to. */
async function governed(wide: Client, policy: Policy | undefined): Promise<{ client: Client; policies: CheckedPolicy[] }> {
  const client = policy === undefined ? wide : wide.with({ policy });
  return { client, policies: (await internals(client).governor())?.policies ?? [] };
}

function known(option: string, given: readonly string[] | undefined, names: string[]): void {
  const unknown = given?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw refused(option, `has no ${unknown}; there are ${[...new Set(names)].join(", ")}`);
}

function refused(field: string, problem: string): InvalidInputError {
  return new InvalidInputError({ kind: "invalidInput", message: `tools: ${field} ${problem}`, field });
}

/** Whether no rule of a policy allows an endpoint, whatever the repository. The core decides about each call. */
function isAlwaysDenied({ groups, endpoints, repos, dryRun }: CheckedPolicy, group: string, { name, access, parameters }: CatalogueEndpoint): boolean {
  const isOff = (word: string | undefined) => word === undefined || word === "off" || (word === "read" && access === "write");
  const word = (pairs: CheckedPolicy["groups"], key: string) => pairs.find(([known]) => known === key)?.[1];
  const isOfRepos = ["repo", "fromRepo"].some((param) => param in (parameters["properties"] as object));
  const ofRepos = isOfRepos ? repos.map((repo) => word(repo.endpoints, name) ?? word(repo.groups, group)) : [];
  return !dryRun && [word(endpoints, name) ?? word(groups, group), ...ofRepos].every(isOff);
}

function endpointTool(client: Client, row: CatalogueEndpoint): AgentTool {
  const { name, host, summary, access, idempotent, destructive, reply, parameters } = row;
  const readOnlyHint = access !== "write";
  const call = (args: object, options: ToolCallOptions) => (client as unknown as Record<string, Method>)[name]?.(args, options);
  return {
    name: `${host}_${name}`,
    description: summary,
    parameters: forModels(parameters),
    annotations: { title: titleOf(name), readOnlyHint, destructiveHint: destructive !== false, idempotentHint: idempotent, openWorldHint: true },
    call: (args, options) => {
      if (reply === "pages") return items(args, (more) => call(more, options));
      return reply === "bytes" ? file(client, row, args, (limit) => call(args, { ...options, ...limit })) : call(args, options);
    },
  };
}

/** A file that is not too large. */
async function file(client: Client, { name, parameters }: CatalogueEndpoint, { range }: Record<string, unknown>, download: (limit: { maxResponseBytes: number }) => PromiseLike<unknown> | undefined): Promise<unknown> {
  const maxResponseBytes = internals(client).options.maxResponseBytes ?? FILE;
  try {
    const part = await download({ maxResponseBytes });
    partOf(part, (range as { start?: number } | undefined)?.start ?? 0);
    return part;
  } catch (error) {
    if (!(error instanceof HfError && error.kind === "protocol" && error.message.includes("maxResponseBytes"))) throw error;
    const advice = "range" in (parameters["properties"] as object) ? "Ask for a range of it." : undefined;
    throw new InvalidInputError({ kind: "invalidInput", message: `${name}: the file has more than ${maxResponseBytes} bytes`, endpoint: name, advice });
  }
}

/** The first items of a list, and whether there are more. */
async function items(args: Record<string, unknown>, list: (args: object) => AsyncIterable<unknown> | undefined): Promise<object> {
  const limit = typeof args["limit"] === "number" ? args["limit"] : ITEMS;
  const found: unknown[] = [];
  for await (const item of list({ ...args, limit: limit + 1 }) ?? []) found.push(item);
  const hasMore = found.length > limit;
  return { items: found.slice(0, limit), hasMore };
}

/** A schema in the plainest form: without references, examples of another Hub, and what only programs need. */
function forModels({ $schema, $defs, ...schema }: JsonSchema): JsonSchema {
  const definitions = ($defs ?? {}) as Record<string, unknown>;
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    const { $ref, examples, ...rest } = value as JsonSchema;
    const own = Object.fromEntries(Object.entries(rest).map(([name, property]) => [name, plain(property)]));
    return typeof $ref === "string" ? { ...(plain(definitions[$ref.replace("#/$defs/", "")]) as object), ...own } : own;
  };
  const made = plain(schema) as { properties: Record<string, JsonSchema> };
  const { limit } = made.properties;
  if (limit) limit["description"] = `${limit["description"]} Default ${ITEMS}.`;
  for (const name of PAGING) delete made.properties[name];
  return made as unknown as JsonSchema;
}

/** `List models` of `listModels`. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
