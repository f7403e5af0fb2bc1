// The recorded requests as an HTTP archive (HAR 1.2), which browsers and tools read. Tokens were taken out when the
// requests were recorded, and bodies of responses are not part of it.

export function harOf(calls) {
  const entries = calls.flatMap((call) => call.steps.filter(({ url }) => url !== undefined).map((step) => entry(call, step)));
  entries.sort((one, other) => one.startedDateTime.localeCompare(other.startedDateTime));
  return { log: { version: "1.2", creator: { name: "hf-wasm", version: "0.1.0" }, pages: [], entries } };
}

function entry(call, { at, ms = 0, method, url, headers, body, status = 0, replyHeaders = [], redirect = "", failure }) {
  const type = headerOf(replyHeaders, "content-type");
  return {
    startedDateTime: at.toISOString(),
    time: ms,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(headers),
      queryString: pairs([...new URL(url).searchParams]),
      ...(body === undefined ? {} : { postData: { mimeType: headerOf(headers, "content-type"), text: body } }),
      headersSize: -1,
      bodySize: body?.length ?? 0,
    },
    response: {
      status,
      statusText: failure ?? "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(replyHeaders),
      content: { size: Number(headerOf(replyHeaders, "content-length") || -1), mimeType: type },
      redirectURL: redirect,
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    comment: call.name,
  };
}

function pairs(list) {
  return list.map(([name, value]) => ({ name, value }));
}

function headerOf(list, name) {
  return list.find(([known]) => known === name)?.[1] ?? "";
}
