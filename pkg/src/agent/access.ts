/** Whether a token may make a call: by what `whoAmI` says of it, and by what the endpoint needs. */
import type { WhoAmI } from "../types/account.js";
import type { Row } from "../generated/rows.js";
import { designation } from "./sentence.js";

/** What a permission is for: a repository, a user or an organization. */
export interface AccessEntity {
  type: string;
  name: string;
}

/** Whether a token may make a call. */
export interface Access {
  /** `unknown` where the Hub alone knows, for one because it depends on whether a repository is public. */
  verdict: "allowed" | "denied" | "unknown";
  /** In plain English. */
  reason: string;
  /** What is missing, in the Hub's words: a permission of a fine-grained token, or the role `write`. */
  missing?: { permission: string; entity: AccessEntity } | undefined;
  /** URL of the page where it can be added. */
  where?: string | undefined;
}

/** What is asked for, and where: in a namespace, of a repository in it, or of the account itself. */
interface Need {
  permission: string;
  on: AccessEntity;
  namespace: string;
  creates?: boolean;
}

const TYPES: Record<string, string> = { models: "model", datasets: "dataset", spaces: "space", kernels: "kernel" };
/** Permissions that another one includes. */
const INCLUDED: Record<string, string[]> = {
  "repo.write": ["repo.content.read", "repo.delete", "discussion.write"],
  "collection.write": ["collection.read"],
  "user.webhooks.write": ["user.webhooks.read"],
};
/** What only admins of an organization may do. */
const ADMINS = "org.billing.read";
const RANK: Access["verdict"][] = ["allowed", "unknown", "denied"];

/** Whether the token of `who`, or of nobody, may make a call. */
export function accessOf(who: WhoAmI | undefined, name: string, row: Row, params: Record<string, unknown>, hub: string): Access {
  const [group, access, permission] = row;
  const at = repository(params["repo"] ?? params["fromRepo"], group);
  if (!who) {
    if (access !== "open") return { verdict: "denied", reason: `${name} needs a token, and there is none`, where: `${hub}/settings/tokens` };
    return at ? { verdict: "unknown", reason: `without a token only public repositories can be read, and whether ${at.name} is one is not known` } : allowed(`${name} needs no token`);
  }
  if (!permission || (access === "open" && !at)) return allowed(`${name} is open to ${who.name}`);
  const judge = (need: Need) => judged(who, need, hub);
  const own = (needed: string, entity = at): Need => ({ permission: needed, on: entity ?? { type: "user", name: who.name }, namespace: owner(entity, who) });
  if (access === "open") {
    const read = judge(own(permission));
    if (read.verdict === "allowed") return read;
    return { verdict: "unknown", reason: `${at?.name} can be read if it is public: ${read.reason}` };
  }
  switch (name) {
    case "createRepo":
      return judge({ ...own(permission, at), on: namespaceOf(owner(at, who), who), creates: true });
    case "moveRepo": {
      const to = owner(repository(params["toRepo"], group), who);
      return worst(judge(own(permission)), judge({ permission, on: namespaceOf(to, who), namespace: to, creates: true }));
    }
    case "organizationUsage": {
      const namespace = String(params["name"]);
      return judge({ permission, on: { type: "org", name: namespace }, namespace });
    }
    case "createCollection": {
      const namespace = typeof params["namespace"] === "string" ? params["namespace"] : who.name;
      return judge({ permission, on: namespaceOf(namespace, who), namespace, creates: true });
    }
  }
  if (!at) {
    const payer = params["billTo"];
    const pays = judge(own(permission));
    if (typeof payer !== "string" || roleIn(who, payer) !== undefined || pays.verdict === "denied") return pays;
    return { verdict: "denied", reason: `${who.name} is no member of ${payer}, which is billed`, missing: { permission: "member", entity: { type: "org", name: payer } } };
  }
  const whole = judge(own(name === "mergePullRequest" ? "repo.write" : permission));
  if (whole.verdict === "allowed") return name === "changeDiscussionStatus" ? unless(judge(own("repo.write")), "it has opened the discussion itself") : whole;
  const proposes = judge(own("discussion.write"));
  const elsewhere = proposes.verdict !== "denied" || (who.name !== owner(at, who) && tokenAllows(who, own("discussion.write")) === true);
  if (permission === "discussion.write" && name !== "mergePullRequest") return elsewhere ? ifPublic(whole, at) : whole;
  if (!elsewhere || !["commit", "preupload", "lfsBatch"].includes(name)) return whole;
  if (params["create_pr"] === true) return proposes.verdict === "allowed" ? proposes : ifPublic(whole, at);
  if (name === "lfsBatch" || String(params["revision"] ?? "").startsWith("refs/pr/")) return unless(whole, "it is for a pull request of its own");
  return whole.verdict === "denied" ? { ...whole, reason: `${whole.reason}; with create_pr it could propose the change` } : whole;
}

/** By the token first, then by the person. */
function judged(who: WhoAmI, need: Need, hub: string): Access {
  const { permission, on, namespace } = need;
  const { displayName = "", role = "" } = who.auth?.accessToken ?? {};
  const isWrite = !permission.endsWith(".read");
  const person = personMay(who, need);
  if (person === false) {
    const org = who.orgs?.find((each) => same(each.name, namespace));
    const restriction = org?.securityRestrictions?.[0];
    if (restriction) return { verdict: "denied", reason: `the organization ${namespace} does not accept this token (${restriction})`, missing: { permission: restriction, entity: { type: "org", name: namespace } }, where: `${hub}/settings/tokens` };
    const reason = org ? `${who.name} has the role ${org.roleInOrg} in ${namespace}, which is not enough for ${permission}` : `${who.name} has no role in ${namespace}`;
    const needed = permission === ADMINS ? "admin" : isWrite ? "write" : "read";
    return { verdict: "denied", reason, missing: { permission: needed, entity: { type: "org", name: namespace } }, where: `${hub}/organizations/${namespace}/settings/members` };
  }
  const token = tokenAllows(who, need);
  const where = `${hub}/settings/tokens`;
  if (token === undefined) return { verdict: "unknown", reason: "whoAmI does not say what this token may do" };
  if (token === false && role === "read") {
    return { verdict: "denied", reason: `the token “${displayName}” can only read`, missing: { permission: "write", entity: on }, where };
  }
  if (token === false) {
    return { verdict: "denied", reason: `the fine-grained token “${displayName}” has no ${permission} on ${on.name}`, missing: { permission, entity: on }, where };
  }
  if (person === undefined) return { verdict: "unknown", reason: `the role of ${who.name} in ${namespace} is not known` };
  return allowed(`the token “${displayName}” of ${who.name} has ${permission} on ${on.name}`);
}

/** Undefined where it is not known. */
function tokenAllows(who: WhoAmI, { permission, on, namespace }: Need): boolean | undefined {
  const { role, fineGrained } = who.auth?.accessToken ?? {};
  if (role === "write" || role === "god") return true;
  if (role === "read") return permission.endsWith(".read") || permission === "inference.serverless.write";
  if (role !== "fineGrained" || !fineGrained) return undefined;
  const holds = (list: readonly string[] | undefined) => list?.some((held) => held === permission || (Object.hasOwn(INCLUDED, held) && INCLUDED[held]?.includes(permission))) ?? false;
  if (holds(fineGrained.global)) return true;
  const isOwn = same(namespace, who.name);
  return (fineGrained.scoped ?? []).some(({ entity, permissions }) => {
    const covers = entity.type === "user" || entity.type === "org" ? (entity.name === undefined ? isOwn && entity._id === who.id : same(entity.name, namespace)) : entity.type === on.type && same(entity.name ?? "", on.name);
    return covers && holds(permissions);
  });
}

/** What somebody's role allows; undefined where it is not known. */
function personMay(who: WhoAmI, { permission, namespace, creates }: Need): boolean | undefined {
  const role = roleIn(who, namespace);
  const org = who.orgs?.find((each) => same(each.name, namespace));
  if (org?.securityRestrictions?.length) return false;
  if (permission === ADMINS) return role === "unknown" ? undefined : role === "admin";
  const light = permission.endsWith(".read") || permission === "discussion.write";
  if (role === "admin" || role === "write") return true;
  if (role === "contributor" && (light || creates)) return true;
  if (role === "read" && light) return true;
  // A group of resources may give more.
  if (org?.resourceGroups?.some((each) => each.role === "write" || each.role === "admin")) return undefined;
  return role === "unknown" ? undefined : false;
}

function roleIn(who: WhoAmI, namespace: string): string | undefined {
  if (same(who.name, namespace)) return "admin";
  const org = who.orgs?.find((each) => same(each.name, namespace));
  return org && (org.roleInOrg ?? "unknown");
}

function repository(given: unknown, group: string): AccessEntity | undefined {
  const parts = designation(given)?.split("/");
  if (!parts) return undefined;
  const isTyped = parts.length > 1 && Object.hasOwn(TYPES, parts[0] ?? "");
  const kind = (isTyped ? parts.shift() : group) ?? "";
  return { type: TYPES[kind] ?? "model", name: parts.join("/") };
}

/** A repository without a namespace is its creator's. */
function owner(at: AccessEntity | undefined, who: WhoAmI): string {
  return at?.name.includes("/") ? (at.name.split("/")[0] ?? "") : who.name;
}

function namespaceOf(name: string, who: WhoAmI): AccessEntity {
  return { type: same(name, who.name) ? "user" : "org", name };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function allowed(reason: string): Access {
  return { verdict: "allowed", reason };
}

function ifPublic(access: Access, at: AccessEntity): Access {
  return { verdict: "unknown", reason: `${access.reason}, which is enough if ${at.name} is public` };
}

function unless(access: Access, exception: string): Access {
  return access.verdict === "allowed" ? access : { ...access, verdict: "unknown", reason: `${access.reason}, unless ${exception}` };
}

function worst(...all: Access[]): Access {
  return all.reduce((worse, access) => (RANK.indexOf(access.verdict) > RANK.indexOf(worse.verdict) ? access : worse));
}
