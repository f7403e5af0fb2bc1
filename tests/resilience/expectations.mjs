// What every cell should come to: rules, written from what the client promises, not from what was seen.

import { ATTEMPTS } from "./options.mjs";

/** Kind of the error that a status becomes. */
const KINDS = {
  401: "unauthorized",
  403: "forbidden",
  404: "notFound",
  408: "server",
  409: "conflict",
  412: "preconditionFailed",
  413: "invalidInput",
  422: "invalidInput",
  429: "rateLimited",
};

/** That a request follows at most. */
const REDIRECTS = 20;

/** What a body becomes that came with 200 but is not the one that was asked for, by what the client reads. */
const BODIES = {
  html: { json: "protocol", text: "ok", tag: "protocol", redirect: "ok", bytes: "protocol", events: "protocol" },
  half: { json: "protocol", text: "ok", tag: "protocol", redirect: "ok", bytes: "other", events: "protocol" },
  empty: { json: "protocol", text: "ok", tag: "protocol", redirect: "ok", bytes: "other", events: "protocol" },
  notJson: { json: "protocol", text: "ok", tag: "protocol", redirect: "ok", bytes: "other", events: "protocol" },
  error: { json: "server 200", text: "notFound 404", tag: "protocol", redirect: "other", bytes: "other", events: "server 200" },
  deep: { json: "protocol", text: "protocol", tag: "protocol", redirect: "ok", bytes: "other", events: "protocol" },
  unreadable: { json: "protocol", text: "protocol", tag: "protocol", redirect: "protocol", bytes: "protocol", events: "protocol" },
  type: { json: "ok", text: "ok", tag: "ok", redirect: "ok", bytes: "ok", events: "ok" },
  shifted: { bytes: "other" },
};
/** Of these a part of a file has the head of another part, so that it is asked for once more. */
const PARTS = ["half", "empty", "notJson", "deep", "shifted"];

/**
 * `{ outcome, requests, sends, writes, given, notes }`: `requests` and `given` (items before the end) as
 * `[least, most]`; `sends`, how often the client itself sends, where that is something else; `writes`, how often the
 * work is done, undefined where nothing is written; `notes`, what of notes.mjs belongs to the cell.
 */
export function expected(operation, fault, runtime) {
  const browser = runtime === "chromium";
  const attempt = firstAttempt(operation, fault, browser);
  const result = repeated(operation, fault, browser, attempt);
  // What a browser redirects is sent once more, bare.
  if (browser && operation.reads === "redirect" && result.outcome === "ok") {
    result.requests = result.requests.map((count) => count + 1);
    result.notes = [...(result.notes ?? []), "browserAgain"];
  }
  return { ...result, given: given(operation, fault, result, browser), notes: [...new Set(result.notes ?? [])] };
}

/** What one attempt that is hit comes to. */
function firstAttempt(operation, fault, browser) {
  const { reads } = operation;
  switch (fault.breaks) {
    case "head":
      return { outcome: "network" };
    case "silence":
      return { outcome: "timeout" };
    case "body":
      if (reads === "redirect") return { outcome: "ok", notes: ["unread"] };
      // A probe more for each attempt that goes on where another broke off.
      if (browser && reads === "bytes" && (fault.resumes || (operation.isPart && fault.kind === "network"))) {
        return { outcome: fault.kind, extra: 1, notes: ["browserResumes"] };
      }
      // As many attempts for the rest.
      if (!browser && operation.isLong && fault.resumes) return { outcome: fault.kind, kept: 1, notes: ["goesOn"] };
      if (browser && operation.isPart && fault.mode === "bomb") return { outcome: "network", notes: ["browserCompressed"] };
      return seen({ outcome: fault.kind, final: fault.final || reads === "events" }, operation, browser);
    case "status":
      return { outcome: `${KINDS[fault.status] ?? "server"} ${fault.status}` };
    case "content":
      if (fault.content === "altered") return altered(operation, browser);
      return seen(content(fault, operation, browser), operation, browser);
    case "lead":
      return led(operation, fault, browser);
    case "refused":
      return { outcome: fault.outcome, requests: [0, 0], final: true };
    case "token":
      // A commit fails at the first of its requests.
      return operation.writes ? { outcome: "unauthorized 401", ...(operation.writes === "commit" && { requests: [0, 0] }) } : { outcome: "ok" };
    case "abort":
      return { outcome: "thrown AbortError" };
    default:
      return { outcome: "ok" };
  }
}

/** Where redirects can be seen, that of a file tells its size: another file is noticed. */
function seen(attempt, { reads, isChecked, isPart }, browser) {
  if (reads !== "bytes" || attempt.outcome !== "other") return attempt;
  if (isChecked) return { outcome: "protocol", final: true };
  // What comes with 200 is the whole.
  if (isPart && browser) return { outcome: "invalidInput", final: true, notes: ["browserShort"] };
  return browser ? { ...attempt, notes: [...(attempt.notes ?? []), "browserSize"] } : { outcome: "protocol", final: true };
}

/** Bytes that only a hash can tell from the right ones. */
function altered({ isPart, isChecked }, browser) {
  if (isPart) return { outcome: "other", notes: ["unhashed"] };
  return browser && !isChecked ? { outcome: "other", notes: ["browserHash"] } : { outcome: "protocol", final: true };
}

function content({ content: kind, mode }, { reads, isPart }, browser) {
  const outcome = mode && reads === "tag" && kind === "half" ? "ok" : BODIES[kind][reads];
  if (isPart && PARTS.includes(kind)) {
    const probe = browser && kind === "half" ? 1 : 0;
    return { outcome: "protocol", final: true, requests: [2, 2 + probe], notes: ["anotherPart", ...(probe ? ["browserResumes"] : [])] };
  }
  if (reads === "tag" && outcome === "protocol" && !["deep", "unreadable"].includes(kind)) return { outcome, notes: ["untagged"] };
  // What a browser hides has no headers to read.
  if (browser && kind === "unreadable" && reads === "redirect") return { outcome, requests: [2, 2], notes: ["browserAgain"] };
  const note = { other: "file", "notFound 404": "verify" }[outcome] ?? (reads === "redirect" && outcome === "ok" && "unread");
  return { outcome, notes: note ? [note] : [] };
}

function led(operation, { lead }, browser) {
  const { call, reads, writes } = operation;
  const get = !writes && !["chat", "stream"].includes(call);
  // What carries headers of the caller's is sent once more, bare; a file comes from where no such header goes.
  const again = browser && get && reads !== "bytes";
  if (lead === "verify" || (lead === "within" && (get || !browser))) {
    return { outcome: "ok", ...(again && reads !== "redirect" && { requests: [2, 2], notes: ["browserAgain"] }) };
  }
  if (lead === "link") return { outcome: "protocol" };
  if (lead === "linkCircle") return { outcome: "protocol", requests: [2, 3] };
  if (lead === "nowhere") return { outcome: "protocol" };
  if (lead === "upload" && reads === "tag") return { outcome: "protocol", notes: ["untagged"] };
  if (lead === "upload") return { outcome: "notFound 404", notes: ["verify"] };
  if (lead === "circle") {
    // To the CDN, the first of the redirects is the Hub's.
    const circle = REDIRECTS + (reads === "bytes" ? 0 : 1);
    if (!browser) return { outcome: "protocol", circle };
    // A browser hides redirects: a write is refused at the first, a read is sent once more and follows.
    return get ? { outcome: "network", circle: circle + (again ? 1 : 0), notes: ["browserCircle"] } : { outcome: "protocol", notes: ["browserRedirect"] };
  }
  if (get) return seen({ outcome: "other", ...(again && { requests: [2, 2], notes: ["browserAgain"] }) }, operation, browser);
  return { outcome: "protocol", notes: browser ? ["browserRedirect"] : [] };
}

/** How an address that holds no more may be refused. */
const EXPIRED = [401, 403, 404];

/** What a call comes to whose first attempt came to this. */
function repeated(operation, fault, browser, attempt) {
  const { outcome, notes = [], circle = 1, extra = 0, kept = 0 } = attempt;
  const { guarded, completes } = operation;
  const failed = !["ok", "other"].includes(outcome);
  if (failed && browser && fault.kept) return resent(operation, fault);
  // Its address may have expired: the Hub is asked for another, twice.
  if (operation.call === "upload" && EXPIRED.includes(fault.status)) return { outcome, requests: [3, 3], writes: 0, notes: [...notes, "expired"] };
  const hidden = browser && operation.target({}).side === "hub";
  if (hidden && ((fault.told && !operation.harmless) || fault.tooLong)) notes.push("browserHides");
  if (!failed || !repeats(operation, fault, attempt, hidden)) {
    const requests = attempt.requests ?? [circle, circle];
    return { outcome, requests, writes: writes(operation, fault, outcome), notes };
  }
  // A second attempt on top of a first that was carried out is refused, if that can be heard, and the first is found.
  const found = (guarded || completes) && fault.carriedOut && !fault.late && (fault.hits === 1 || fault.breaks === "body");
  if (found) return { outcome: "ok", requests: [2, 2], writes: 1, notes: [...notes, guarded ? "once" : "completed"] };
  if (fault.hits === 1) {
    return { outcome: "ok", requests: [2, 2 + extra], writes: writes(operation, fault, "ok"), notes };
  }
  const least = ATTEMPTS * circle + kept;
  const requests = [least, least + (ATTEMPTS - 1) * extra];
  return { outcome, requests, writes: writes(operation, fault, outcome), notes };
}

/** The one rule of which failure is tried again. */
function repeats({ harmless }, { status, told, tooLong }, { outcome, final }, hidden) {
  if (final) return false;
  if (outcome === "network" || outcome === "timeout") return harmless;
  if (status === 429) return !tooLong || hidden;
  if (status === 503 && told && !hidden) return true;
  return harmless && [408, 500, 502, 503, 504].includes(status);
}

/** Chromium has sent the request again, and the second one was not hit. */
function resent({ guarded, writes, harmless, reads }, { carriedOut }) {
  const all = { requests: [2, 2], sends: { redirect: 2, bytes: 4 }[reads] ?? 1 };
  const notes = ["browserResends"];
  if (guarded && carriedOut) return { ...all, outcome: "preconditionFailed 412", writes: 1, notes };
  if (!writes) return { ...all, outcome: "ok", notes };
  const twice = carriedOut && !harmless;
  return { ...all, outcome: "ok", writes: twice ? 2 : 1, notes: [...notes, ...(twice ? ["browserTwice"] : [])] };
}

function writes({ writes, call }, { carriedOut, breaks }, outcome) {
  if (!writes) return undefined;
  if (outcome === "ok") return 1;
  if (call === "upload" || breaks === "lead") return 0;
  return carriedOut ? 1 : 0;
}

/** How many items came before the end; of streams in a browser, which drops what it had not handed on, any number. */
function given({ call, from = 1 }, fault, { outcome }, browser) {
  if (call === "list" && (outcome === "other" || fault.lead === "link")) return [from, from];
  if (call === "list" && fault.lead === "linkCircle") return [from, from + 2];
  if (call === "list" && outcome !== "ok") return [from - 1, from - 1];
  if (call === "stream" && fault.breaks === "body" && !fault.closes) return [browser ? 0 : 1, Infinity];
  return [0, Infinity];
}
