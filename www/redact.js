// Takes secrets out of what is kept of a request.

const TOKEN = /hf_[A-Za-z0-9_]{4,}/g;
const HIDDEN = "hf_…";
const PRIVATE_HEADERS = new Set(["cookie", "set-cookie", "proxy-authorization", "x-webhook-secret"]);
/** Longer bodies are named, not kept. */
const LONGEST = 40_000;

/** Text without the tokens of the Hub. */
export function redact(text) {
  return text.replace(TOKEN, HIDDEN);
}

/** Headers as `[[name, value], …]`. */
export function safeHeaders(headers) {
  return [...new Headers(headers)].map(([name, value]) => {
    if (name === "authorization") return [name, `${value.split(" ")[0]} ${HIDDEN}`];
    return [name, PRIVATE_HEADERS.has(name) ? "…" : redact(value)];
  });
}

/** A URL without its query where that may be a right of its own, as of a signed upload. */
export function safeUrl(address, origins) {
  try {
    const url = new URL(address);
    if (!origins.includes(url.origin)) url.search = "";
    return redact(url.href);
  } catch {
    return redact(String(address));
  }
}

/** The body of a request as text, without the secrets of webhooks and Spaces; what is no short text is named. */
export function safeBody(body) {
  if (body === undefined || body === null) return undefined;
  if (typeof body !== "string") return named(body);
  if (body.length > LONGEST) return `[${body.length} characters]`;
  try {
    return redact(JSON.stringify(JSON.parse(body), (key, value) => (key === "secret" && value ? "…" : key === "secrets" && value ? [] : value)));
  } catch {
    return redact(body);
  }
}

function named(body) {
  const size = body.size ?? body.byteLength;
  return size === undefined ? "[a stream]" : `[${size} bytes]`;
}
