/** Where things lie in the cache of the Hub's files, which the Python library `huggingface_hub` reads and writes too. */
import { createHash, randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { isAbsolute, join } from "node:path";
import { threadId } from "node:worker_threads";
import { checkPath as checkNames, folderOf, invalid, repoOf } from "../cache/names.js";
import type { RepoDesignation, RepoId } from "../types/common.js";

/** The folder of the cache: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `~/.cache/huggingface/hub`. */
export function getHFHubCachePath(): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  const own = HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE;
  if (own) return expanded(own);
  const home = HF_HOME ? expanded(HF_HOME) : join(XDG_CACHE_HOME ? expanded(XDG_CACHE_HOME) : join(homedir(), ".cache"), "huggingface");
  return join(home, "hub");
}

/** Whether the environment forbids requests. */
export function isOffline(): boolean {
  return isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE");
}

/** Whether a variable says yes, as the Python library reads it. */
export function isSet(name: string): boolean {
  return ["1", "ON", "YES", "TRUE"].includes((process.env[name] ?? "").toUpperCase());
}

/** The part of the cache that one repository has. */
export class Place {
  readonly repo: RepoId;
  readonly folder: string;

  constructor(repo: RepoDesignation, cacheDir: string | undefined) {
    this.repo = repoOf(repo);
    this.folder = join(cacheDir ?? getHFHubCachePath(), folderOf(this.repo));
  }

  blob(etag: string): string {
    return join(this.folder, "blobs", etag);
  }

  /** Where a blob lies while it is not complete, of this process, or of all: what a process left that is no more. */
  incomplete(etag: string, process = PROCESS): string {
    return join(this.folder, "blobs", `${etag}.${process}.incomplete`);
  }

  ref(revision: string): string {
    return join(this.folder, "refs", ...revision.split("/"));
  }

  snapshot(commit: string): string {
    return join(this.folder, "snapshots", commit);
  }

  pointer(commit: string, path: string): string {
    return join(this.snapshot(commit), ...path.split("/"));
  }

  /** Records that a commit has no such file. */
  missing(commit: string, path: string): string {
    return join(this.folder, ".no_exist", commit, ...path.split("/"));
  }

  /** The list of a commit's files. */
  tree(commit: string): string {
    return join(this.folder, "trees", `${commit}.json`);
  }
}

/** What the numbers of processes hold for: containers may share a name, and have numbers of their own. Deno would ask the user. */
function namespace(): string {
  try {
    return "Deno" in globalThis ? "" : readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** This machine, in few letters, this process, its thread, and letters that no other has: a process of the same number may have gone before. */
const HOST = createHash("sha256").update(`${hostname()}${namespace()}`).digest("hex").slice(0, 8);
export const PROCESS = `${HOST}-${process.pid}-${threadId}-${randomBytes(4).toString("hex")}`;

/** Whether the process that wrote an incomplete file runs; undefined where that cannot be told, as of another machine. */
export function isAlive(name: string): boolean | undefined {
  const [host, pid] = name.split("-");
  if (host !== HOST || !/^\d+$/.test(pid ?? "") || Number(pid) === process.pid) return undefined;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === "EPERM";
  }
}

/** Checks a path within a repository, which becomes one on this machine. */
export function checkPath(field: string, path: unknown): asserts path is string {
  checkNames(field, path);
  if (isAbsolute(path) || (process.platform === "win32" && /[\\:]/.test(path))) throw invalid(field, `must stay within the repository: ${JSON.stringify(path)}`);
}

/** As the Python library does, `~` and variables. */
function expanded(path: string): string {
  const whole = path.replace(/\$(?:\{(\w+)\}|(\w+))/g, (text, one: string, other: string) => process.env[one ?? other] ?? text);
  return /^~(?=$|[\\/])/.test(whole) ? join(homedir(), whole.slice(1)) : whole;
}
