// HTTP/1.1 by hand, as far as the breaker needs it: requests off a socket, answers onto it, requests passed on.

import { request as send } from "node:http";

const END = Buffer.from("\r\n\r\n");

/** Calls `answer` for each request that comes on a socket, one after the other. A request is what `parse` makes. */
export function serve(socket, answer) {
  let bytes = Buffer.alloc(0);
  let busy = false;
  const next = async () => {
    const found = busy ? undefined : parse(bytes);
    if (!found) return;
    busy = true;
    bytes = bytes.subarray(found.length);
    await answer(found.request);
    busy = false;
    next();
  };
  socket.on("data", (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    next();
  });
  // A connection that a client or a fault breaks is what all this is about.
  socket.on("error", () => {});
}

/** The first whole request in these bytes, and how many of them it takes. */
function parse(bytes) {
  const end = bytes.indexOf(END);
  if (end < 0) return;
  const [first, ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method, target] = first.split(" ");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  const start = end + END.length;
  const body = header({ headers }, "transfer-encoding")
    ? chunks(bytes, start)
    : whole(bytes, start, Number(header({ headers }, "content-length") ?? 0));
  if (!body) return;
  const raw = bytes.subarray(0, body.end).toString("latin1");
  return { length: body.end, request: { method, target, headers, body: body.bytes, raw } };
}

function whole(bytes, start, length) {
  const end = start + length;
  return bytes.length < end ? undefined : { end, bytes: bytes.subarray(start, end) };
}

function chunks(bytes, start) {
  const pieces = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return;
    const size = Number.parseInt(bytes.subarray(at, line).toString("latin1"), 16);
    const end = line + 2 + size;
    if (bytes.length < end + 2) return;
    if (size === 0) return { end: end + 2, bytes: Buffer.concat(pieces) };
    pieces.push(bytes.subarray(line + 2, end));
    at = end + 2;
  }
}

/** A header of a request or an answer, whatever its case. */
export function header({ headers }, wanted) {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** The headers without some, and with others set. */
export function dressed(headers, set) {
  const names = Object.keys(set);
  const kept = headers.filter(([name]) => !names.includes(name.toLowerCase()));
  return [...kept, ...Object.entries(set).filter(([, value]) => value !== undefined)];
}

/** The head of an answer as bytes. */
export function head({ status, reason, headers }) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n`, "latin1");
}

/** Passes a request on as it came; its answer: `{ status, reason, headers, body }`, the body whole. */
export function forward({ method, target, headers, body }, port) {
  return new Promise((resolve, reject) => {
    const flat = dressed(headers, { connection: "close" }).flat();
    const outgoing = send({ host: "127.0.0.1", port, method, path: target, headers: flat, setHost: false });
    outgoing.on("error", reject);
    outgoing.on("response", async (answer) => {
      try {
        const pieces = [];
        for await (const piece of answer) pieces.push(piece);
        const named = answer.rawHeaders;
        const pairs = named.flatMap((name, at) => (at % 2 ? [] : [[name, named[at + 1]]]));
        const hop = { "transfer-encoding": undefined, connection: undefined, "content-length": undefined };
        const { statusCode: status, statusMessage: reason } = answer;
        resolve({ status, reason, headers: dressed(pairs, hop), body: Buffer.concat(pieces) });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.end(body);
  });
}
