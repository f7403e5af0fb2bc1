// Runs the cells of one runtime: sets each up with a repository and a breaker of its own, lets the client call, looks
// at what came to the servers, and compares with what was expected.

import { startBreaker } from "./breaker.mjs";
import { expected } from "./expectations.mjs";
import { faults } from "./faults.mjs";
import { modes } from "./modes.mjs";
import { left, operations } from "./operations.mjs";
import { deadlineOf, optionsOf } from "./options.mjs";

/** Cells at a time: of those that mostly wait for a limit, and of the others, which keep the machine busy. */
const AT_ONCE = { waiting: 12, working: 6 };
/** Headers of the caller's, which are as much a secret as the token. */
const SECRETS = { "x-secret": "secret-of-the-caller", "x-api-key": "key-of-the-caller" };
/** How often a cell is run whose fault did not come about. */
const ATTEMPTS = 5;
/** How long a connection may stay open that the client should have closed. */
const CLOSING = 2000;

/** The cells, in the order of the table. */
export function cellsOf(runtime) {
  return faults.flatMap((fault) =>
    operations
      .filter(({ id }) => !fault.only || fault.only.includes(id))
      .map((operation) => ({ operation, fault, runtime, expected: expected(operation, fault, runtime) })),
  );
}

/**
 * Runs all. `perform` takes a spec for calls.mjs; `hubs` are two emulators as `hub.mjs` gives them: the second for the
 * rules about chat, which have one path for all cells and so go one after the other.
 */
export async function runAll(cells, { perform, hubs, foreign }) {
  const [shared, serial] = hubs;
  const lists = { serial: [], waiting: [], working: [] };
  for (const [at, cell] of cells.entries()) {
    const alone = cell.fault.rule && cell.operation.writes === "chat";
    lists[alone ? "serial" : cell.fault.timeout ? "waiting" : "working"].push({ cell, id: `${cell.runtime}${at}` });
  }
  const lane = async (list, hub) => {
    for (let next = list.shift(); next; next = list.shift()) await runAsMeant(next, { perform, hub, foreign });
  };
  const lanes = (name) => Array.from({ length: AT_ONCE[name] }, () => lane(lists[name], shared));
  await Promise.all([lane(lists.serial, serial), ...lanes("waiting"), ...lanes("working")]);
}

/**
 * Runs one cell as its fault is meant: what should break on a connection that was used before may break on a new one, which
 * a browser opens where it finds the others busy.
 */
async function runAsMeant({ cell, id }, parts) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const seen = await runCell({ cell, id: `${id}-${attempt}` }, parts);
    const isMeant = !cell.fault.kept || !seen.some(({ breaks, first }) => breaks && first);
    if (isMeant || cell.problems.length === 0) return;
  }
}

/** Runs one cell, and puts into it what was `seen` and the `problems`; gives the requests that came. */
async function runCell({ cell, id }, { perform, hub, foreign }) {
  const { operation, fault } = cell;
  const given = { runtime: cell.runtime, repo: `alice/fault-${id}`, title: `Cell ${id}`, seed: hashed(id) };
  const setUp = { ...given, ...(await operation.setUp(hub, given)) };
  const target = (fault.batch ? operation.batch : operation.target)(setUp);
  const { from = 1, reads, call, part } = operation;
  const { hits = Infinity, fresh } = fault;
  const mode = fault.rule ? undefined : modes[fault.mode];
  // A circle is made of two pages.
  const counted = { from, page: call === "list" && fault.lead !== "linkCircle" };
  const plan = { target, ...counted, hits, fresh, mode, reads, part, foreign: foreign.at(id, call) };
  const breaker = await startBreaker(hub.origins, plan);
  try {
    if (fault.rule) await hub.spoil(ruleOf(fault, target, from));
    const path = operation.writes === "chat" ? "/router" : "";
    const endpoint = breaker.origins.hub + path;
    const options = { ...optionsOf(fault), endpoint, token: hub.token, headers: SECRETS };
    const first = operation.first?.(setUp) ?? target;
    const deadline = deadlineOf(fault);
    const secrets = Object.values(SECRETS);
    const shown = [hub.token, ...secrets];
    const spec = { ...setUp, ...counted, call, odd: fault.odd, options, first, deadline, secrets: shown };
    const result = await perform(spec);
    await breaker.idle();
    const elsewhere = foreign.received(id);
    const outside = [...breaker.seen.filter(({ side }) => side === "files"), ...elsewhere];
    const hit = breaker.seen.filter(({ counts }) => counts);
    cell.seen = {
      ...result,
      requests: hit.length,
      ...(await done(cell, setUp, { hub, target, seen: breaker.seen })),
      token: outside.filter((request) => told(request, hub.token)).length,
      header: outside.filter((request) => secrets.some((secret) => told(request, secret))).length,
      body: elsewhere.filter((request) => told(request, given.title) || told(request, setUp.text)).length,
      open: fault.closes ? await open(breaker.seen) : 0,
    };
    // A success that nothing stands behind.
    if (cell.seen.outcome === "ok" && cell.seen.made === 0) cell.seen.outcome = "unmade";
  } finally {
    await breaker.stop();
  }
  cell.problems = problems(cell);
  return breaker.seen;
}

/** Rules of the emulator that spoil the target: the requests before are hit by a rule that does nothing. */
function ruleOf({ rule, hits }, { method, path }, from) {
  const headers = { ...rule.headers };
  if (headers["retry-after"] === "DATE") headers["retry-after"] = new Date(Date.now() + 1000).toUTCString();
  const before = from > 1 ? [{ method, path, count: from - 1 }] : [];
  return [...before, { method, path, ...rule, headers, ...(hits && { count: hits }) }];
}

/** How often the work was done, and whether what it left is right. */
async function done({ operation, fault }, setUp, { hub, target, seen }) {
  if (operation.writes === "commit") return left(hub, setUp);
  if (operation.writes !== "chat") return {};
  if (fault.rule) return { made: await hub.heal() };
  const served = ({ method, target: at, status }) => method === target.method && at === target.path && status === 200;
  return { made: seen.filter(served).length };
}

/** Connections that were flooded and that the client did not close. */
async function open(seen) {
  const until = Date.now() + CLOSING;
  const left = () => seen.filter(({ breaks, socket }) => breaks && !socket.destroyed).length;
  while (left() > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  return left();
}

function told({ raw, target, body }, secret) {
  if (!secret) return false;
  const texts = [raw ?? "", target, String(body ?? "")];
  const forms = [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
  return texts.some((text) => forms.some((form) => text.includes(form)));
}

/** In what a cell differs from what was expected. */
function problems({ operation, fault, runtime, expected, seen }) {
  const within = (value, [least, most]) => value >= least && value <= most;
  const circles = fault.lead === "linkCircle";
  const checks = [
    [seen.outcome === expected.outcome, `${seen.outcome} in place of ${expected.outcome}: ${seen.message}`],
    [within(seen.requests, expected.requests), `${seen.requests} requests in place of ${expected.requests}`],
    [[seen.sends, undefined].includes(expected.sends), `the client itself sent ${seen.sends} requests`],
    [seen.made === expected.writes, `the work was done ${seen.made} times in place of ${expected.writes}`],
    [within(seen.given, expected.given), `${seen.given} items came before the end`],
    [seen.right !== false, "what was written is wrong"],
    [seen.wrong.length === 0, `the cache gives another content of ${seen.wrong}`],
    [seen.outcome === "other" || seen.prefix || circles, "other items came than those of the emulator"],
    [seen.around.every((outcome) => outcome === "ok"), `plain calls before and after: ${seen.around}`],
    [seen.leaks.length === 0, `a secret shows in ${seen.leaks}`],
    [seen.token === 0, `${seen.token} requests brought the token to another origin`],
    [seen.header === 0, `${seen.header} requests brought the caller's header to another origin`],
    [seen.body === 0, `${seen.body} requests brought what was written to another origin`],
    [seen.open + seen.left === 0, `${seen.open} connections and ${seen.left} bodies were left open`],
  ];
  const name = `${runtime}, ${fault.id}, ${operation.id}`;
  return checks.filter(([good]) => !good).map(([, text]) => `${name}: ${text}`);
}

function hashed(text) {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
}
