/** A commit under way: it runs in a WebAssembly of its own, and makes its calls by the core. Loaded by the first. */
import { counted, lean } from "#load";
import type { Recorder } from "./agent/governor.js";
import { CallDriver, type CallOf } from "./call-driver.js";
import { isHubFile } from "./body.js";
import type { UploadContent } from "./changes.js";
import type { CallOptions, ClientOptions } from "./client.js";
import type { Client as Core } from "./core_bg.js";
import { commit, core } from "./core.js";
import { hashed } from "./hash-content.js";
import { callOptions } from "./options.js";
import { either } from "./pages.js";
import { metered } from "./progress.js";
import { Secrets } from "./secrets.js";
import type { Spooled } from "./spool/web.js";
import { Gate, Sent } from "./transfers.js";
import type { AbortSignal } from "./types/platform.js";

/** A request of a commit; the rest of it is the core's affair (`CallRequest` in src/web/commit_call.rs). */
export interface CommitRequest {
  call: string;
  url: string;
  /** Bytes of the body. */
  size: number;
  /** Of an upload: which of the files it is of. */
  file?: number;
}

/** What came of it. */
export interface CommitReply {
  headers?: string;
  value?: unknown;
  error?: unknown;
  status?: number;
}

/** What ends a request, and hides its secrets. */
interface Under {
  abort: AbortController;
  secrets: Secrets;
}

export type Send = (request: CommitRequest, body: BodyInit | undefined, under: Under) => Promise<CommitReply>;

interface Given {
  made: Core;
  client: ClientOptions;
  params: object;
  /** Names and values of `params`, by turns. */
  entries: unknown[] | undefined;
  options: CallOptions | undefined;
  signal: AbortSignal | undefined;
  /** Begins its record. */
  begin(): Promise<Recorder | undefined>;
  /** Makes errors of facts that the core throws. */
  thrown<T>(run: () => T): T;
}

type Glue = Awaited<ReturnType<typeof commit.ready>>;

export async function run(given: Given): Promise<unknown> {
  const { made, options, begin, thrown } = given;
  const glue = await commit.ready();
  const own = callOptions(options);
  const settings = core.enter(() => thrown(() => made.commitSettings(own)));
  const record = await begin();
  try {
    return await recorded(given, glue, own, settings, record);
  } catch (error) {
    // Before its driver runs, nothing else ends the record.
    await record?.ended({ error });
    throw error;
  }
}

async function recorded({ made, client, params: given, entries, options, signal }: Given, glue: Glue, own: object | undefined, settings: unknown, record: Recorder | undefined): Promise<unknown> {
  const { params, release } = await readable(given, options);
  const gate = new Gate();
  const sent = options?.onProgress && new Sent(metered(options.onProgress));
  const paths = sent && pathsOf(params);
  const onRetry: ClientOptions["onRetry"] = (info) => {
    gate.retried(info);
    return client.onRetry?.(info);
  };

  const send = async (request: CommitRequest, body: BodyInit | undefined, { abort, secrets }: Under, client: ClientOptions) => {
    record?.makeRoom(request.size);
    const call: CallOf = { name: "commit", client, signal: signal ? either(signal, abort) : abort.signal, secrets, record, isPart: true };
    const driver = new CallDriver(call, core, (driver) => made.commitCall({ ...request, admitted: record?.admitted }, body, own, driver));
    return (await driver.run()).value as CommitReply;
  };
  const transfer: Send = async (request, body, under) => {
    if (request.call !== "upload") return send(request, body, under, client);
    const [part, path] = [{}, paths?.[request.file ?? -1] ?? ""];
    await gate.enter();
    // A large file has hundreds of signed URLs: each is a secret of its request alone.
    const fetch = client.fetch as (url: string, init: RequestInit) => Promise<Response>;
    let isWell = false;
    try {
      const reported = sent && counted && body instanceof Blob ? counted(body, (bytes) => sent.handed(path, part, bytes)) : body;
      const reply = await send(request, reported, { ...under, secrets: new Secrets(under.secrets) }, { ...client, onRetry, fetch: lean?.(fetch) ?? fetch } as ClientOptions);
      isWell = !reply.error;
      return reply;
    } finally {
      gate.leave(isWell);
      sent?.ended(path, part);
    }
  };
  const store = options?.store;
  const call = store ? (await import("./part-store.js")).resumed(store, transfer) : transfer;
  const of: CallOf = { name: "commit", hash: hashed, client, onProgress: sent && ((progress) => sent.hear(progress)), signal, record };
  of.commitCall = (request, body, abort, secrets) => call(request as CommitRequest, body, { abort, secrets });
  try {
    return (await new CallDriver(of, commit, (driver) => glue.commit(settings, params, entries, driver)).run()).value;
  } finally {
    await release();
  }
}

/** The parameters, and in the place of files of the Hub, which `fetch` does not take for a body, what can be sent. */
async function readable(params: object, options: CallOptions | undefined): Promise<{ params: object; release(): Promise<unknown> }> {
  const { operations } = params as { operations?: { content?: unknown }[] };
  const at = (Array.isArray(operations) ? operations : []).flatMap((one, at) => (isHubFile(one?.content) ? [at] : []));
  if (!Array.isArray(operations) || at.length === 0) return { params, release: async () => {} };
  const { contentOf } = await import("./upload-entries.js");
  const [all, spooled]: [unknown[], Spooled[]] = [[...operations], []];
  const release = () => Promise.all(spooled.map((one) => one.release()));
  try {
    for (const index of at) {
      const one = await contentOf(operations[index]?.content as UploadContent, `operations[${index}].content`, options);
      spooled.push(one);
      all[index] = { ...operations[index], content: one.content };
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { params: { ...params, operations: all }, release };
}

/** Paths of the files that are added, in their order. */
function pathsOf(params: object): string[] {
  const { operations } = params as { operations?: { operation?: unknown; path?: unknown }[] };
  const added = Array.isArray(operations) ? operations.filter((one) => one?.operation === "addOrUpdate") : [];
  return added.map(({ path }) => String(path));
}
