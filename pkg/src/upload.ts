/** Uploads: one commit, or several where one would be too large or take too long. Loaded by the first. */
import type { FileChange } from "./changes.js";
import type { CallOptions } from "./client.js";
import { HfError, InvalidInputError } from "./errors.js";
import type { CommitParams } from "./generated/endpoints.js";
import { guarded } from "./hook.js";
import type { Progress } from "./progress.js";
import type { Spooled } from "./spool/web.js";
import type { CommitResult } from "./types/commit.js";

/** Files of the first commit, and of the largest. */
const FIRST = 1000;
const MOST = 5000;
/** Bytes within one commit. A file of more than `LARGE` bytes goes up before it. */
const BYTES = 64 << 20;
const LARGE = 10_000_000;
/** A commit that takes longer makes the next one smaller; one that takes less, larger, up to so many times. In milliseconds. */
const SLOW = 20_000;
const QUICK = 5_000;
const GROWTH = 5;
/** A commit of fewer files does not time out or fail because of its size. */
const FEW = 50;
/** How often in a row the branch may move on before the upload gives up. */
const MOVES = 5;

/** An upload that was made, in one commit or several. Where several were made, the result is that of the last. */
export interface UploadResult extends CommitResult {
  /** The commits, in their order; none where nothing had changed. */
  commits: { commitOid: string; commitUrl: string }[];
}

/** A file on its way. */
export interface Entry {
  path: string;
  /** What names it in errors, as `files[2]`. */
  field: string;
  /** Gives its content when its turn has come. */
  open(): Promise<Spooled>;
}

/** @internal A client, as far as uploads need it. */
export interface Uploader {
  commit(params: CommitParams, options: CallOptions | undefined): Promise<CommitResult>;
  listCommits(params: { repo: CommitParams["repo"]; revision?: string | undefined; limit: number }, options: CallOptions): PromiseLike<{ items: { id: string }[] }>;
}

/** @internal */
export async function upload(hub: Uploader, entries: readonly Entry[], change: FileChange, options: CallOptions | undefined): Promise<UploadResult> {
  check(entries);
  checkNames(change);
  const flow = new Upload(hub, entries, change, options);
  try {
    return await flow.run();
  } finally {
    await flow.release();
  }
}

/** What `FileChange` has. */
const NAMES = new Set(["repo", "branch", "commitTitle", "commitDescription", "isPullRequest", "parentCommit", "hotReload"]);
/** What `commit` calls them. */
const MEANT = new Map([["revision", "branch"], ["title", "commitTitle"], ["description", "commitDescription"], ["create_pr", "isPullRequest"], ["hot_reload", "hotReload"]]);

/** @internal Refuses what would be lost without a word, such as the branch that is meant. */
export function checkNames(change: object): void {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || NAMES.has(name)) continue;
    const meant = MEANT.get(name);
    throw invalid(name, `is not a parameter of this method${meant ? `; did you mean "${meant}"?` : ""}`);
  }
}

/** A file that is open, and its size. */
interface Open extends Entry {
  spooled: Spooled;
  size: number;
}

class Upload {
  readonly #hub: Uploader;
  readonly #options: CallOptions | undefined;
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #change: FileChange;
  readonly #title: string;
  readonly #waiting: Entry[];
  readonly #total: number;
  /** Files that are open: those of the next commit, and perhaps of the ones after. */
  #open: Open[] = [];
  /** Files that any commit may have: less than were too much for one. Files and bytes that the next one may have. */
  #most = MOST;
  #files = FIRST;
  #bytes = BYTES;
  #several = false;
  /** The commit that the next one follows. */
  #parent: string | undefined;
  #revision: string | undefined;
  #done = 0;
  /** From the last commit's progress: when it was sent, how long it took, and which files were large. */
  #sentAt = 0;
  #took = 0;
  readonly #large = new Set<string>();
  readonly #result: UploadResult = { commitOid: "", skipped: [], ignored: [], warnings: [], commits: [] };

  constructor(hub: Uploader, entries: readonly Entry[], change: FileChange, options: CallOptions | undefined) {
    this.#hub = hub;
    this.#change = change;
    this.#options = options;
    this.#tell = guarded(options?.onProgress);
    this.#parent = change.parentCommit;
    this.#revision = change.branch;
    this.#title = change.commitTitle ?? `Upload ${entries.length === 1 ? entries[0]?.path : `${entries.length} files`}`;
    // How files are sent may depend on these two.
    const rules = [".gitattributes", ".gitignore"];
    this.#waiting = [...entries.filter(({ path }) => rules.includes(path)), ...entries.filter(({ path }) => !rules.includes(path))].reverse();
    this.#total = entries.length;
  }

  async run(): Promise<UploadResult> {
    let moves = 0;
    do {
      const part = await this.#next();
      try {
        this.#take(part, await this.#commit(part));
        moves = 0;
      } catch (error) {
        if (this.#isTooMuch(error, part)) this.#files = this.#most = Math.ceil(part.length / 2);
        else if (!this.#movedOn(error) || ++moves > MOVES) throw named(error, part);
        this.#several = true;
        if (this.#change.parentCommit === undefined) this.#parent = undefined;
        continue;
      }
      await Promise.all(part.map(({ spooled }) => spooled.release()));
    } while (this.#open.length + this.#waiting.length > 0);
    return this.#result;
  }

  async release(): Promise<void> {
    await Promise.all(this.#open.map(({ spooled }) => spooled.release()));
  }

  /** Opens as many files as the next commit may have. */
  async #next(): Promise<Open[]> {
    let [count, bytes, held] = [0, 0, 0];
    while (count < this.#files) {
      const open = this.#open[count] ?? (await this.#openNext());
      if (!open) break;
      bytes += open.size > LARGE ? 0 : open.size;
      held += open.spooled.room ? open.size / open.spooled.room : 0;
      if (count > 0 && (bytes > this.#bytes || held > 1)) break;
      count++;
    }
    if (this.#waiting.length > 0 || count < this.#open.length) this.#several = true;
    return this.#open.slice(0, count);
  }

  async #openNext(): Promise<Open | undefined> {
    const entry = this.#waiting.pop();
    if (!entry) return undefined;
    const spooled = await entry.open();
    const open = { ...entry, spooled, size: sizeOf(spooled.content) };
    this.#open.push(open);
    return open;
  }

  async #commit(part: Open[]): Promise<CommitResult> {
    const { branch: _, commitTitle: __, commitDescription, isPullRequest, parentCommit: ___, hotReload, ...rest } = this.#change;
    const opens = Boolean(isPullRequest) && !this.#result.pullRequest;
    if (this.#several && this.#parent === undefined && !opens) this.#parent = await this.#head();
    const params: CommitParams = {
      ...rest,
      revision: this.#revision,
      title: this.#several ? `${this.#title} (part ${this.#result.commits.length + 1})` : this.#title,
      description: commitDescription,
      create_pr: opens ? true : isPullRequest && undefined,
      hot_reload: hotReload,
      parentCommit: this.#parent,
      operations: part.map(({ path, spooled }) => ({ operation: "addOrUpdate", path, content: spooled.content })),
    };
    this.#large.clear();
    this.#sentAt = this.#took = 0;
    const options = this.#options;
    const isObject = options === undefined || (typeof options === "object" && options !== null);
    return this.#hub.commit(params, isObject ? { ...options, onProgress: (progress) => this.#hear(progress, part) } : options);
  }

  /** The newest commit of the branch; undefined where the token or a policy does not let one look. */
  async #head(): Promise<string | undefined> {
    const { signal, timeout, retry, headers } = this.#options ?? {};
    try {
      return (await this.#hub.listCommits({ repo: this.#change.repo, revision: this.#revision, limit: 1 }, { signal, timeout, retry, headers })).items[0]?.id;
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined;
    }
  }

  /** Takes what came of a commit, and finds the size of the next. */
  #take(part: Open[], made: CommitResult): void {
    this.#open.splice(0, part.length);
    this.#done += part.length;
    const { skipped, ignored, warnings, commits, pullRequest, pullRequestUrl } = this.#result;
    Object.assign(this.#result, made, {
      skipped: [...skipped, ...made.skipped],
      ignored: [...ignored, ...made.ignored],
      warnings: [...warnings, ...made.warnings],
      ...(pullRequest && { pullRequest, pullRequestUrl }),
    });
    if (!made.commitUrl) return;
    commits.push({ commitOid: made.commitOid, commitUrl: made.commitUrl });
    this.#parent = made.commitOid;
    if (made.pullRequest) this.#revision = `refs/pr/${made.pullRequest.num}`;
    if (this.#took > SLOW) this.#files = Math.max(1, Math.floor(part.length / 2));
    else if (this.#took < QUICK && part.length >= this.#files) this.#files = Math.min(this.#most, Math.floor((part.length * QUICK) / Math.max(this.#took, QUICK / GROWTH)));
    // Small files may be large ones to the Hub, which are not within the commit.
    const small = part.filter(({ size }) => size <= LARGE);
    const bytes = (of: Open[]) => of.reduce((sum, { size }) => sum + size, 1);
    const within = bytes(small.filter(({ path }) => !this.#large.has(path))) / bytes(small);
    this.#bytes = Math.min(BYTES / Math.max(within, 1 / 64), this.#bytes * 8);
  }

  #hear(progress: Progress, part: Open[]): void {
    const { phase, path, loaded } = progress;
    if (phase === "hash") this.#large.add(path);
    if (phase === "commit" && loaded === 0) this.#sentAt = performance.now();
    if (phase === "commit" && loaded > 0) this.#took = performance.now() - this.#sentAt;
    const ofAll = { loaded: this.#done + (loaded > 0 ? part.length : 0), total: this.#total, rate: undefined, remaining: undefined };
    this.#tell?.(phase === "commit" && this.#several ? { ...progress, ...ofAll } : progress);
  }

  /** Whether a commit failed because it has too many files. What may have been carried out is not repeated where it would open a second pull request. */
  #isTooMuch(error: unknown, part: Open[]): boolean {
    if (!(error instanceof HfError) || part.length === 1) return false;
    if (error.status === 413) return true;
    const opens = this.#change.isPullRequest && !this.#result.pullRequest;
    return (error.kind === "timeout" || error.kind === "server") && part.length >= FEW && this.#sentAt > 0 && !opens;
  }

  /** Whether the branch has moved on, which matters only to who named a commit that it must point to. */
  #movedOn(error: unknown): boolean {
    return error instanceof HfError && error.kind === "preconditionFailed" && this.#change.parentCommit === undefined;
  }
}

/** Refuses paths that cannot be, before anything is sent: a commit would refuse them only when their turn comes. */
function check(entries: readonly Entry[]): void {
  if (entries.length === 0) throw invalid("files", "must not be empty");
  const written = new Map<string, string>();
  for (const { path, field } of entries) {
    if (typeof path !== "string") throw invalid(`${field}.path`, "must be a string");
    const names = path.split("/");
    if (/\0|\p{Surrogate}/u.test(path)) throw invalid(`${field}.path`, "has a character that no path may have");
    if (names.some((name) => ["", ".", "..", ".git"].includes(name))) {
      throw invalid(`${field}.path`, "must name a file by its path from the root, without empty names, `.`, `..` and `.git`");
    }
    const other = written.get(path);
    if (other) throw invalid(`${field}.path`, `is also the path of ${other}`);
    written.set(path, field);
  }
  for (const { path, field } of entries) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const file = written.get(path.slice(0, end));
      if (file) throw invalid(`${field}.path`, `is in a folder where ${file} is a file`);
    }
  }
}

function sizeOf(content: Spooled["content"]): number {
  if (typeof content === "string") return content.length;
  const { size, byteLength } = content as { size?: number; byteLength?: number };
  return size ?? byteLength ?? 0;
}

/** The error of a commit, in the words of the upload. */
function named(error: unknown, part: Open[]): unknown {
  if (!(error instanceof HfError) || !/^operations\[/.test(error.field ?? "")) return error;
  const say = (text: string | undefined) => text?.replace(/operations\[(\d+)\]/g, (own, at) => part[at]?.field ?? own);
  const restated = HfError.from({ ...error.toJSON(), message: say(error.message) ?? "", field: say(error.field) });
  if (error.stack) restated.stack = error.stack.replace(error.message, restated.message);
  return restated;
}

/** @internal */
export function invalid(field: string, problem: string): InvalidInputError {
  return new InvalidInputError({ kind: "invalidInput", message: `${field} ${problem}`, field });
}
