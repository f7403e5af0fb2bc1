// The request that a form would send, as the package makes it: a client whose `fetch` notes the request and sends
// nothing. So every language shows the same bytes.

import { connection, hasToken } from "../connection.js";
import { safeBody, safeHeaders } from "../redact.js";

/** Stands for the token: none is ever given to this client. */
const TOKEN = "hf_placeholder";

/** `{ method, url, headers, body }`, or an Error that says why there is no such request. */
export async function requestOf(endpoint, values, streams) {
  let seen;
  const fetch = async (url, init = {}) => {
    // How a commit sends files is asked first; here all are sent inline.
    if (endpoint.name === "commit" && /\/preupload\//.test(url)) return inline(init.body);
    seen = { method: init.method ?? "GET", url, headers: safeHeaders(init.headers), body: safeBody(init.body) };
    return new Response("{}", { status: 418, headers: { "content-type": "application/json" } });
  };
  const client = connection.client(endpoint.host, { fetch, retry: false, token: hasToken() ? TOKEN : null });
  const method = endpoint.reply === "events" && streams ? `${endpoint.name}Stream` : endpoint.name;
  const params = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, named(value)]));
  try {
    const called = endpoint.params.length === 0 ? client[method]() : client[method](params);
    if (endpoint.reply === "events" && streams) for await (const _ of called) break;
    else await called;
  } catch (error) {
    if (seen === undefined) throw error;
  }
  return seen;
}

/** Files of this device by their names: their bytes are no text. */
function named(value) {
  if (!Array.isArray(value)) return value;
  return value.map((one) => (one?.content instanceof Blob ? { ...one, content: `(the ${one.content.size} bytes of this file)` } : one));
}

async function inline(body) {
  const text = typeof body === "string" ? body : await new Response(body).text();
  const files = JSON.parse(text).files.map(({ path }) => ({ path, uploadMode: "regular", shouldIgnore: false }));
  return Response.json({ files });
}
