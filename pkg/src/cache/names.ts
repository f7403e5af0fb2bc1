/** What caches call things, and what they take for a name. */
import { InvalidInputError, NotFoundError } from "../errors.js";
import type { RepoDesignation, RepoId, RepoType } from "../types/common.js";

export const COMMIT = /^[0-9a-f]{40}$/;
/** SHA-256 of a large file, else the id of git's blob. */
export const HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** What may stand in the name of a repository. */
const NAME = /^[\w.-]{1,96}$/;
const TYPES: readonly RepoType[] = ["model", "dataset", "space", "kernel"];

/** Checks a path within a repository. */
export function checkPath(field: string, path: unknown): asserts path is string {
  if (typeof path !== "string" || path === "") throw invalid(field, "must be the path of a file");
  if (path.includes("\0") || path.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw invalid(field, `must stay within the repository: ${JSON.stringify(path)}`);
  }
}

export function repoOf(repo: RepoDesignation): RepoId {
  const { type, name } = typeof repo === "string" ? split(repo) : (repo ?? {});
  const parts = typeof name === "string" ? name.split("/") : [];
  const isRight = parts.length > 0 && parts.length <= 2 && parts.every((part) => NAME.test(part) && part !== "." && part !== "..");
  if (!isRight || !TYPES.includes(type)) throw invalid("repo", "must be a repository: acme/x, datasets/acme/x, or { type, name }");
  return { type, name };
}

/** The folder of a repository in a cache. */
export function folderOf({ type, name }: RepoId): string {
  return [`${type}s`, ...name.split("/")].join("--");
}

/** The repository of a folder. */
export function repoOfFolder(folder: string): RepoId {
  const [kind, ...parts] = folder.split("--");
  const id = repoOf(`${kind}/${parts.join("/")}`);
  if (`${id.type}s` !== kind) throw new Error(`${folder} is no repository of the cache`);
  return id;
}

function split(text: string): RepoId {
  const [prefix, rest] = [text.slice(0, text.indexOf("/")), text.slice(text.indexOf("/") + 1)];
  const type = TYPES.find((type) => prefix === `${type}s`);
  return type ? { type, name: rest } : { type: "model", name: text };
}

export function invalid(field: string, problem: string): InvalidInputError {
  return new InvalidInputError({ kind: "invalidInput", message: `${field} ${problem}`, field });
}

/** The repository has no such file. */
export function absent(repo: RepoId, path: string, revision: string): NotFoundError {
  return new NotFoundError({ kind: "notFound", message: `${path} does not exist in ${repo.name} at ${revision}`, missing: "entry", repo: repo.name });
}

/** The cache does not have it, and may not ask. */
export function notHere(repo: RepoId, what: string, advice: string): NotFoundError {
  return new NotFoundError({ kind: "notFound", message: `the cache does not have ${what} of ${repo.name}`, repo: repo.name, advice });
}
