// Where calls go and with which token. The token lives in this module's memory and nowhere else.

import { Hub, InferenceRouter } from "../pkg/dist/index.js";

const LOCAL = "http://127.0.0.1:8787";
const REAL = { hub: "https://huggingface.co", router: "https://router.huggingface.co" };

/** Without this header, which a form cannot send, the local Hub's own routes refuse. */
const CONTROL = { "x-emulator-control": "1" };

/** `mode` is `local`, `real` or `custom`; `tokens` are the ready-made ones of the local Hub. */
export const connection = {
  mode: "local",
  local: null,
  hubUrl: LOCAL,
  routerUrl: `${LOCAL}/router`,
  tokens: [],
  hub: null,
  router: null,
  client: clientOf,
  problem: null,
};

/** A string, or a function that gives one. */
let token = "";
/** Who has signed in for it. */
let signedIn = "";
let hooks = {};
const listeners = new Set();

/** Calls the listener after every change. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Looks for a local Hub; every client has these options: `fetch`, `onResponse`, `onRetry`. */
export async function open(listening) {
  hooks = listening;
  const found = await findLocal();
  await (found ? connect("local") : connect("real"));
}

/** Switches to another service. Tokens never follow from one service to another. */
export async function connect(mode, custom) {
  connection.mode = mode;
  token = signedIn = "";
  if (mode === "real") Object.assign(connection, { hubUrl: REAL.hub, routerUrl: REAL.router });
  if (mode === "custom") Object.assign(connection, { hubUrl: custom.hub, routerUrl: custom.router });
  if (mode === "local") {
    const { hub, router, tokens } = connection.local ?? { hub: LOCAL, router: `${LOCAL}/router`, tokens: [] };
    Object.assign(connection, { hubUrl: hub, routerUrl: router, tokens });
    token = tokens.find((ready) => ready.role === "write" && !ready.expired)?.token ?? "";
  }
  rebuild();
}

/** `given` is a string, or of a sign-in by `name` a function that gives one. */
export function useToken(given, name = "") {
  token = typeof given === "string" ? given.trim() : given;
  signedIn = name;
  rebuild();
}

/** Who has signed in; empty where the token came otherwise. */
export function owner() {
  return signedIn;
}

export function hasToken() {
  return token !== "";
}

/** Whether this is the token in use, so that a form can show it as chosen. */
export function isToken(text) {
  return token === text;
}

/** `alice, write` for a ready-made token. */
export function tokenName() {
  if (token === "") return "no token";
  if (signedIn !== "") return `${signedIn}, signed in`;
  const ready = connection.tokens.find((candidate) => candidate.token === token);
  if (connection.mode !== "local" || ready === undefined) return "own token";
  return `${ready.user}, ${ready.expired ? "expired" : ready.role}`;
}

export function placeName() {
  if (connection.mode === "local") return "Local Hub";
  if (connection.mode === "real") return "huggingface.co";
  return connection.hubUrl.replace(/^https?:\/\//, "");
}

/** What was delivered to the local Hub's webhook sink, oldest first. */
export async function deliveries() {
  const answer = await fetch(`${connection.hubUrl}/_emulator/webhook-sink`, { headers: CONTROL });
  if (!answer.ok) throw new Error(`The local Hub answered ${answer.status}`);
  return await answer.json();
}

/** Makes the local Hub as it was in the beginning. */
export async function resetLocal() {
  const answer = await fetch(`${connection.hubUrl}/_emulator/reset`, { method: "POST", headers: CONTROL });
  if (!answer.ok) throw new Error(`The local Hub answered ${answer.status}`);
  rebuild();
}

let session;
/** By which the local Hub bills what this visit uses. Whether the real router lets pages send it is not known. */
function billed() {
  return connection.mode === "local" ? { session: (session ??= `page-${crypto.randomUUID()}`) } : {};
}

/** Clients of their own for an agent: with a policy, and hooks for approval and records. */
export function governed(options) {
  const shared = { ...hooks, ...(token === "" ? {} : { token }), ...options };
  return {
    hub: new Hub({ ...shared, endpoint: connection.hubUrl }),
    router: new InferenceRouter({ ...shared, ...billed(), endpoint: connection.routerUrl }),
  };
}

/** A client whose requests nobody records. */
function clientOf(host, options) {
  if (host === "router") return new InferenceRouter({ endpoint: connection.routerUrl, ...options });
  return new Hub({ endpoint: connection.hubUrl, ...options });
}

function rebuild() {
  Object.assign(connection, governed({}));
  for (const listener of listeners) listener();
}

async function findLocal() {
  const candidates = new Set([location.origin, LOCAL]);
  for (const origin of candidates) {
    const index = await readIndex(origin);
    if (index !== null) {
      connection.local = index;
      return true;
    }
  }
  return false;
}

async function readIndex(origin) {
  try {
    const answer = await (origin === location.origin ? globalThis.index : fetch(`${origin}/_emulator`, { headers: { ...CONTROL, accept: "application/json" } }));
    const index = await answer.json();
    return typeof index.hub === "string" && typeof index.router === "string" && Array.isArray(index.tokens) ? index : null;
  } catch {
    return null;
  }
}
