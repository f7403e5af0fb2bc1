// A small assert for every runtime.

export function ok(value, message = "expected a true value") {
  if (!value) throw new Error(message);
}

/** Deep equality of JSON values, undefined members left out. */
export function equal(actual, expected, message = "") {
  if (!same(actual, expected)) {
    throw new Error(`${message && `${message}: `}got ${show(actual)}, expected ${show(expected)}`);
  }
}

export function match(text, pattern) {
  ok(pattern.test(text), `got ${show(text)}, expected ${pattern}`);
}

/** Millions of bytes: a callback for each takes seconds where code is not compiled. */
export function sameBytes(one, other) {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** The promise rejects with an `Error` that has these members; the error is given back. */
export async function rejects(promise, members = {}) {
  let error;
  try {
    const value = await promise;
    throw new Error(`resolved with ${show(value)}, expected a rejection with ${show(members)}`);
  } catch (thrown) {
    error = thrown;
  }
  if (/^resolved with/.test(error?.message)) throw error;
  ok(
    error instanceof Error || error?.name === "AbortError" || error?.name === "TimeoutError",
    `threw ${show(error)}, no Error`,
  );
  for (const [name, value] of Object.entries(members)) equal(error[name], value, `error.${name} of "${error.message}"`);
  return error;
}

function same(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}

function show(value) {
  if (value === undefined) return "undefined";
  const text = value instanceof Error ? String(value) : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** Waits until a condition holds, or for ten seconds; what it tells of is checked afterwards. */
export async function until(condition) {
  for (let tries = 0; tries < 1000 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
}
