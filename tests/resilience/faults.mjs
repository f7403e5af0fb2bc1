// The faults of the matrix, its rows. `mode` is one of the breaker's, `rule` one of the emulator's.
//
// `hits` is how many requests are hit; all of them, where it is absent. What the fault does to one attempt is said by
// `breaks`, which expectations.mjs reads:
//   "head"     no whole head comes           "silence"  nothing comes, or too late
//   "body"     the body fails, as `kind`     "status"   the response has the status `status`
//   "content"  the body is another           "lead"     the client is led elsewhere
//   "refused"  nothing is sent, or not all   "token"    there is no token
//   "abort"    the caller ends the call
// and by `carriedOut`, whether the emulator has done the work. `fresh` gives each request a connection of its own, and
// `kept` one that was used before: on such a one browsers send a request again by themselves. `only` names the
// operations for which a fault exists. `odd` is what the caller gives in the place of what is expected (odd.mjs); what
// comes to a `fetch` of the caller's is the same at the Hub and at the CDN, so that those rows have no second column.

const ONCE = { hits: 1 };
const DONE = { carriedOut: true };
/** Limits for faults that last until a limit ends them; elsewhere limits are far away. */
const SHORT = { headers: 1500, idle: 1500 };
/** Where the second attempt has to be in time, also on a busy machine. */
const ENOUGH = { headers: 4000, idle: 4000 };
/** Milliseconds by which an answer is too late for a limit, also for one that gives an upload more. */
const BEYOND = 1000;

/** The columns of what the caller gives, and of those what its `fetch` does; `FIRST`, where the call ends before its first request. */
const UPLOADS = ["upload", "part", "complete"];
const COMMITS = ["commit", "guarded", ...UPLOADS];
const FETCHED = ["plain", "list1", "list3", ...COMMITS, "resolve", "chat", "stream"];
const OWN = [...FETCHED, "range", "snapshot"];
const FIRST = OWN.filter((id) => id !== "list3");

const own = (group, odd, title, facts) => ({ group, id: odd, title, odd, only: OWN, ...facts });
const wire = (group, id, title, facts) => ({ group, id, title, mode: id, ...facts });
const rule = (group, id, title, rule, facts) => ({ group, id, title, rule, ...facts });

const BELOW = "Below HTTP";
const cut = { breaks: "body", kind: "network", ...DONE };
/** What came is the first part of a body of known length. */
const resumes = { resumes: true };
const below = [
  wire(BELOW, "reset", "reset before the head", { breaks: "head", fresh: true }),
  wire(BELOW, "reset-once", "… once", { mode: "reset", breaks: "head", fresh: true, ...ONCE }),
  wire(BELOW, "reset-kept", "… once, on a kept connection", { mode: "reset", breaks: "head", kept: true, ...ONCE }),
  wire(BELOW, "lost", "reset after the work, before the head", { breaks: "head", fresh: true, ...DONE }),
  wire(BELOW, "lost-once", "… once", { mode: "lost", breaks: "head", fresh: true, ...ONCE, ...DONE }),
  wire(BELOW, "lost-kept", "… once, on a kept connection", {
    ...{ mode: "lost", breaks: "head", kept: true, ...ONCE, ...DONE },
  }),
  wire(BELOW, "closed", "closed after the work, before the head", { breaks: "head", fresh: true, ...DONE }),
  wire(BELOW, "resetInHead", "reset in the head", { breaks: "head", fresh: true, ...DONE }),
  wire(BELOW, "resetInBody", "reset in the body", { ...cut, ...resumes }),
  wire(BELOW, "resetInBody-once", "… once", { mode: "resetInBody", ...cut, ...resumes, ...ONCE }),
  wire(BELOW, "endInBody", "closed in a body of known length", { ...cut, ...resumes }),
  wire(BELOW, "endInChunks", "closed in a chunked body", cut),
  wire(BELOW, "endWithoutLength", "closed in a body without length", { breaks: "content", content: "half", ...DONE }),
];

const TIME = "Time";
const silence = { breaks: "silence", timeout: SHORT };
const silentOnce = { breaks: "silence", timeout: ENOUGH, ...ONCE };
const late = ({ headers }) => ({ delay_ms: headers + BEYOND });
const stall = { breaks: "body", kind: "timeout", resumes: true, timeout: SHORT, ...DONE };
const time = [
  wire(TIME, "silent", "half-open: taken, never answered", silence),
  wire(TIME, "silent-once", "… once", { mode: "silent", ...silentOnce }),
  rule(TIME, "late", "answered later than the limit", late(SHORT), { ...silence, ...DONE }),
  rule(TIME, "late-once", "… once", late(ENOUGH), { ...silentOnce, late: true, ...DONE }),
  wire(TIME, "stalled", "stalls in the body", stall),
  wire(TIME, "stalled-once", "… once", { mode: "stalled", ...stall, timeout: ENOUGH, ...ONCE }),
  wire(TIME, "slow", "body in drops, each in time", { timeout: ENOUGH, ...DONE }),
  wire(TIME, "slowForEver", "body in drops, without end", {
    ...{ ...stall, final: true, resumes: false, timeout: { ...ENOUGH, total: 4000 } },
  }),
];

const NONSENSE = "Nonsense, or too much";
const flood = { breaks: "body", kind: "protocol", closes: true, most: 1 << 20, ...DONE };
/** The limit is the client's own; a file has none. */
const beyond = { ...flood, most: undefined, only: ["plain", "list1", "list3", "commit", "guarded", "chat"] };
/** For operations that read a file's bytes. */
const files = (only, content) => ({ breaks: "content", content, only, ...DONE });
const nonsense = [
  wire(NONSENSE, "garbage", "another protocol answers", { breaks: "head" }),
  wire(NONSENSE, "badChunk", "chunk size that is no number", cut),
  wire(NONSENSE, "bigHeader", "header of 10 MB", { breaks: "head", ...DONE }),
  wire(NONSENSE, "endless", "body without end", flood),
  wire(NONSENSE, "bomb", "gzip of 300 MB in 300 kB", flood),
  wire(NONSENSE, "huge", "JSON of 60 MB", beyond),
  wire(NONSENSE, "deep", "JSON of 600,000 levels", { breaks: "content", content: "deep", ...DONE }),
  wire(NONSENSE, "badUtf8", "invalid UTF-8 in a text", DONE),
  wire(NONSENSE, "whole", "the whole in the place of a part", { only: ["range"], ...DONE }),
  wire(NONSENSE, "shifted", "another part than the one asked for", files(["range"], "shifted")),
  wire(NONSENSE, "altered", "other bytes, as many as the file has", files(["download", "range", "snapshot"], "altered")),
  wire(NONSENSE, "badEvent", "an event that is no JSON", { ...cut, kind: "protocol", only: ["stream"] }),
];

const LED = "Led astray";
const lead = (to, facts) => ({ breaks: "lead", lead: to, ...facts });
const lists = { only: ["list1", "list3"], ...DONE };
const led = [
  wire(LED, "found", "302 to a foreign origin", lead("foreign", { status: 302 })),
  wire(LED, "away", "307 to a foreign origin", lead("foreign", { status: 307 })),
  wire(LED, "moved", "307 within the origin", lead("within")),
  wire(LED, "circle", "307 to itself", lead("circle")),
  wire(LED, "linkAway", "`Link` to a foreign origin", lead("link", lists)),
  wire(LED, "linkCircle", "`Link` in a circle of two", lead("linkCircle", lists)),
  wire(LED, "uploadAway", "upload address at a foreign origin", lead("upload", { only: UPLOADS, batch: true })),
  ...[
    ["uploadRelative", "upload address that is relative"],
    ["uploadEmpty", "… that is empty"],
    ["uploadFile", "… `file:`"],
    ["uploadData", "… `data:`"],
  ].map(([id, title]) => wire(LED, id, title, lead("nowhere", { only: UPLOADS, batch: true }))),
  own(LED, "secure", "… `http:`, of an endpoint with `https:`", { breaks: "refused", outcome: "protocol", only: UPLOADS }),
  wire(LED, "verifyAway", "verify address at a foreign origin", lead("verify", { only: UPLOADS, batch: true })),
];

/** A status, with what the emulator is told beside it. */
const answers = (group, id, title, status, given, facts) =>
  rule(group, id, title, { status, ...given }, { breaks: "status", status, ...facts });

const LIMITS = "Limits";
const limit = (id, title, headers, facts) => answers(LIMITS, id, title, 429, { headers }, facts);
const unready = (id, title, headers, facts) => answers(LIMITS, id, title, 503, { headers }, { told: true, ...facts });
const limits = [
  limit("429", "429", {}),
  limit("429-seconds", "429, `Retry-After: 1`, once", { "retry-after": "1" }, ONCE),
  // The runner puts a date in.
  limit("429-date", "429, `Retry-After` as a date, once", { "retry-after": "DATE" }, ONCE),
  limit("429-ms", "429, `retry-after-ms: 30`", { "retry-after-ms": "30" }),
  limit("429-long", "429, `Retry-After: 900`", { "retry-after": "900" }, { tooLong: true }),
  limit("429-window", "429, `r=0;t=1`, once", { ratelimit: '"api";r=0;t=1' }, ONCE),
  limit("429-exponent", "429, `Retry-After: 1e10`", { "retry-after": "1e10" }, { tooLong: true }),
  limit("429-beyond", "429, `r=0;t=99999999999999`", { ratelimit: '"api";r=0;t=99999999999999' }),
  rule(LIMITS, "beyond", "200, `r=0;t=99999999999999`", { headers: { ratelimit: '"api";r=0;t=99999999999999' } }, DONE),
  limit("429-action", "429, `r=7;t=200`", { ratelimit: '"api";r=7;t=200' }),
  unready("503-seconds", "503, `Retry-After: 1`, once", { "retry-after": "1" }, ONCE),
  unready("503-ms", "503, `retry-after-ms: 30`", { "retry-after-ms": "30" }),
];

const STATUS = "Statuses";
const status = (code, facts) => answers(STATUS, `${code}`, `${code}`, code, {}, facts);
const after = (code, facts) =>
  answers(STATUS, `${code}-after`, `${code} after the work`, code, { after: true }, { ...DONE, ...facts });
const statuses = [
  status(503),
  { ...status(503, ONCE), id: "503-once", title: "… once" },
  ...[500, 502, 504].map((code) => status(code)),
  status(408, { fresh: true }),
  ...[503, 502, 504].map((code) => after(code)),
  after(500),
  { ...after(500, ONCE), id: "500-after-once", title: "… once" },
  after(408, { fresh: true }),
  { ...after(408, { kept: true, ...ONCE }), id: "408-kept", title: "… once, on a kept connection" },
  ...[401, 403, 404, 409, 412, 413, 422].map((code) => status(code)),
];

const BODIES = "Bodies of a 200";
const body = (id, title, given, facts) => rule(BODIES, id, title, given, { breaks: "content", content: id, ...facts });
const bodies = [
  body("html", "a page of HTML", { malformed: "html" }, DONE),
  body("half", "half of it", { malformed: "truncated-json" }, DONE),
  body("empty", "nothing", { malformed: "empty" }, DONE),
  body("notJson", "text that is called JSON", { malformed: "not-json" }, DONE),
  body("error", "an error", { status: 200, body: { error: "The service is out of order." } }),
  body("type", "the wrong `Content-Type`", { headers: { "content-type": "application/x-odd" } }, DONE),
];

const GIVEN = "What the caller gives";
const refused = (odd, title, outcome, facts) => own(GIVEN, odd, title, { breaks: "refused", outcome, ...facts });
const given = [
  refused("silentToken", "a token function that never settles", "timeout", { timeout: SHORT }),
  own(GIVEN, "noToken", "a token function that gives `undefined`", { breaks: "token" }),
  refused("silentFile", "a file whose bytes never come", "timeout", { timeout: SHORT, only: COMMITS }),
  refused("noFile", "a file that gives `undefined`", "invalidInput", { only: COMMITS }),
  refused("signal", "a signal that is none", "invalidInput", { only: FIRST }),
  refused("payer", "`billTo` with a line break", "invalidInput", { only: ["chat", "stream"] }),
  own(GIVEN, "oddHeaders", "`fetch`: headers that are no strings", { only: FETCHED, ...DONE }),
  own(GIVEN, "noHeaders", "`fetch`: headers that throw", { only: FETCHED, breaks: "content", content: "unreadable", ...DONE }),
  own(GIVEN, "afterAbort", "`fetch`: an answer after the abort", { only: FETCHED, breaks: "abort", ...DONE }),
];

export const faults = [...below, ...time, ...nonsense, ...led, ...limits, ...statuses, ...bodies, ...given];
