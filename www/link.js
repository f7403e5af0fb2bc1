// The URL of a form: the endpoint, and the values that differ from its example. A token or a secret is never part of it.

import { exampleOf } from "./examples.js";

const SECRETS = new Set(["secret", "secrets"]);
/** Controls whose value is a string; those of the others are JSON. */
const STRINGS = new Set(["text", "known", "choice", "repo", "model"]);
/** Stands for "the whole response, not a stream". No parameter is called so. */
const WHOLE = "~whole";

/** The hash of a form with its values. */
export function linkOf(endpoint, values, streams = true) {
  const query = new URLSearchParams();
  for (const param of endpoint.params) {
    const value = shareable(values[param.name]);
    if (SECRETS.has(param.name) || same(value, exampleOf(endpoint, param))) continue;
    query.set(param.name, value === undefined ? "" : STRINGS.has(param.control) ? String(value) : JSON.stringify(value));
  }
  if (endpoint.reply === "events" && !streams) query.set(WHOLE, "");
  const text = query.toString();
  return text === "" ? endpoint.hash : `${endpoint.hash}?${text}`;
}

/** What a hash says of a form: `{ values, streams }`, or null where it says nothing. What makes no sense is left out. */
export function valuesOf(endpoint, hash) {
  const [, text] = split(hash);
  if (text === "") return null;
  const query = new URLSearchParams(text);
  const values = Object.fromEntries(endpoint.params.map((param) => [param.name, exampleOf(endpoint, param)]));
  for (const param of endpoint.params) {
    const given = query.get(param.name);
    if (given === null || SECRETS.has(param.name)) continue;
    if (given === "") values[param.name] = undefined;
    else if (STRINGS.has(param.control)) values[param.name] = given;
    else values[param.name] = parsed(given, values[param.name]);
  }
  return { values, streams: !query.has(WHOLE) };
}

/** A hash as what stands before its query, and the query. */
export function split(hash) {
  const at = hash.indexOf("?");
  return at < 0 ? [hash, ""] : [hash.slice(0, at), hash.slice(at + 1)];
}

/** Without files of this device, which no URL can hold. */
function shareable(value) {
  if (!Array.isArray(value)) return value;
  const rest = value.filter((one) => !(one?.content instanceof Blob));
  return rest.length === 0 && value.length > 0 ? undefined : rest;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parsed(text, otherwise) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
