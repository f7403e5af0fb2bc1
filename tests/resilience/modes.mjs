// How an answer is broken below HTTP, or led astray. Each mode has the socket, the request, and, where the emulator has
// carried it out (`carriesOut`), its answer; `ask` makes another request of the one that came.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";

import { MOVED, write } from "./breaker.mjs";
import { dressed, head, header } from "./wire.mjs";

/** Between what is sent and the break: a reset takes back what was not yet read. */
const BEFORE_THE_BREAK = 200;
/** Between the pieces of a slow body, and how many there are. */
const GAP = 250;
const PIECES = 8;
/** Bytes that a bomb becomes. */
const BOMB = 300 << 20;
/** Bytes of a text that is too long by default, and levels of one that is too deep. */
const HUGE = 60 << 20;
const DEEP = 600_000;
const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "Link" };

const after = (answer, ask = (request) => request) => ({ carriesOut: true, answer, ask });
const instead = (answer) => ({ carriesOut: false, answer });

export const modes = {
  reset: instead(({ socket }) => socket.resetAndDestroy()),
  lost: after(({ socket }) => socket.resetAndDestroy()),
  closed: after(({ socket }) => socket.end()),
  resetInHead: after(async ({ socket, answer }) => {
    socket.write(head(answer).subarray(0, 40));
    await sleep(BEFORE_THE_BREAK);
    socket.resetAndDestroy();
  }),
  resetInBody: after(async ({ socket, answer }) => {
    half(socket, answer);
    await sleep(BEFORE_THE_BREAK);
    socket.resetAndDestroy();
  }),
  endInBody: after(({ socket, answer }) => {
    half(socket, answer);
    socket.end();
  }),
  endInChunks: after(({ socket, answer }) => {
    begin(socket, answer, chunked);
    socket.end(chunk(first(answer)));
  }),
  endWithoutLength: after(({ socket, answer }) => {
    begin(socket, answer, { connection: "close" });
    socket.end(first(answer));
  }),
  badChunk: after(({ socket, answer }) => {
    begin(socket, answer, chunked);
    socket.write(Buffer.concat([chunk(first(answer)), Buffer.from("zz\r\nno number\r\n")]));
  }),
  silent: instead(() => {}),
  stalled: after(({ socket, answer }) => half(socket, answer)),
  slow: after(async ({ socket, answer }) => {
    const body = filled(answer);
    begin(socket, answer, { "content-length": body.length });
    for (let piece = 0; piece < PIECES; piece++) {
      await sleep(GAP);
      const at = (part) => Math.floor((body.length * part) / PIECES);
      socket.write(body.subarray(at(piece), at(piece + 1)));
    }
  }),
  slowForEver: after(async ({ socket, answer, reads }) => {
    const events = reads === "events";
    begin(socket, answer, chunked);
    socket.write(chunk(events ? whole(answer) : first(answer)));
    while (!socket.destroyed) {
      await sleep(GAP);
      socket.write(chunk(events ? ":\n\n" : " "));
    }
  }),
  huge: after(({ socket, answer }) => write(socket, { ...answer, body: Buffer.from(`{"id":"${"a".repeat(HUGE)}"}`) })),
  deep: after(({ socket, answer }) => {
    write(socket, { ...answer, body: Buffer.from(`${"[".repeat(DEEP)}${"]".repeat(DEEP)}`) });
  }),
  badEvent: after(({ socket, answer }) => {
    write(socket, { ...answer, body: Buffer.concat([whole(answer), Buffer.from('data: {"choices":\n\n')]) });
  }),
  whole: after(({ socket, answer }) => write(socket, answer), ({ headers, ...request }) => ({ ...request, headers: dressed(headers, { range: undefined }) })),
  shifted: after(
    ({ socket, answer }) => write(socket, answer),
    ({ headers, ...request }) => ({ ...request, headers: dressed(headers, { range: header({ headers }, "range").replace(/\d+/g, (number) => Number(number) - 1) }) }),
  ),
  altered: after(({ socket, answer }) => write(socket, { ...answer, body: answer.body.map((byte) => byte ^ 1) })),
  garbage: instead(({ socket }) => socket.end("SSH-2.0-OpenSSH_9.6\r\n\0\u0001\u0002 not HTTP\r\n\r\n")),
  bigHeader: after(({ socket, answer }) => begin(socket, answer, { "x-big": "a".repeat(10 << 20) })),
  endless: after(async ({ socket, answer, reads }) => {
    begin(socket, answer, chunked);
    if (WRAPPED[reads]) socket.write(chunk(WRAPPED[reads][0]));
    const piece = chunk("a".repeat(64 << 10));
    await pipeline(function* () {
      for (;;) yield piece;
    }, socket).catch(() => {});
  }),
  bomb: after(async ({ socket, answer, reads }) => {
    const bombs = await packed();
    const body = bombs[reads] ?? bombs.json;
    write(socket, { ...answer, body, headers: dressed(answer.headers, { "content-encoding": "gzip" }) });
  }),
  // A string of the first object gets bytes that are no UTF-8; a file may have any bytes, and has.
  badUtf8: after(({ socket, answer, reads }) => {
    const text = answer.body.toString("latin1");
    const odd = reads === "bytes" ? text : text.replace("{", '{"odd":"\xff\xfe\xc3(",');
    write(socket, { ...answer, body: Buffer.from(odd, "latin1") });
  }),
  found: instead(({ socket, foreign }) => redirect(socket, 302, foreign)),
  away: instead(({ socket, foreign }) => redirect(socket, 307, foreign)),
  moved: instead(({ socket, request }) => redirect(socket, 307, MOVED + request.target)),
  circle: instead(({ socket, request }) => redirect(socket, 307, request.target)),
  linkAway: after(({ socket, answer, foreign }) => link(socket, answer, foreign)),
  // A names B, B names A.
  linkCircle: after(({ socket, request, answer, here }) => {
    const [path, query] = request.target.split("?");
    const other = query.startsWith("turn&") ? query.slice(5) : `turn&${query}`;
    link(socket, answer, `${here}${path}?${other}`);
  }),
  uploadAway: after((given) => action(given, "upload", given.foreign)),
  uploadRelative: after((given) => action(given, "upload", "/lfs/upload")),
  uploadEmpty: after((given) => action(given, "upload", "")),
  uploadFile: after((given) => action(given, "upload", "file:///tmp/upload")),
  uploadData: after((given) => action(given, "upload", "data:text/plain,upload")),
  verifyAway: after((given) => action(given, "verify", given.foreign)),
};

const chunked = { "transfer-encoding": "chunked" };

function begin(socket, answer, set) {
  socket.write(head({ ...answer, headers: dressed(answer.headers, set) }));
}

/** Head and half of the body, the whole announced. */
function half(socket, answer) {
  begin(socket, answer, { "content-length": filled(answer).length });
  socket.write(first(answer));
}

function first(answer) {
  const body = filled(answer);
  return body.subarray(0, body.length >> 1);
}

/** The first half of the events. */
function whole({ body }) {
  return body.subarray(0, body.indexOf("\n\n", body.length >> 1) + 2);
}

/** A body to break, also where the response has none. */
function filled({ body }) {
  return body.length > 0 ? body : Buffer.alloc(200, " ");
}

function chunk(data) {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}

function redirect(socket, status, location) {
  const headers = Object.entries({ ...CORS, location });
  write(socket, { status, reason: "Redirect", headers, body: Buffer.alloc(0) });
}

function link(socket, answer, next) {
  write(socket, { ...answer, headers: dressed(answer.headers, { link: `<${next}>; rel="next"` }) });
}

/** The response to a batch request, with another address for one of its actions, or for a `part` of an upload. */
function action({ socket, answer, part }, name, href) {
  const batch = JSON.parse(answer.body.toString());
  for (const { actions } of batch.objects) {
    if (name === "upload" && part) actions.upload.header[part] = href;
    else if (actions) actions[name].href = href;
  }
  write(socket, { ...answer, body: Buffer.from(JSON.stringify(batch)) });
}

/** What makes an endless text whole in the eyes of its reader; to the others all bytes are alike. */
const WRAPPED = {
  json: ['{"id":"', '"}'],
  events: ['data: {"id":"', '"}\n\ndata: [DONE]\n\n'],
};

let bombs;
/** Makes the bombs, once; it takes seconds. */
export function packed() {
  bombs ??= Promise.all(Object.entries(WRAPPED).map(async ([reads, text]) => [reads, await pack(text)]));
  return bombs.then(Object.fromEntries);
}

async function pack([start, end]) {
  const megabyte = Buffer.alloc(1 << 20, "a");
  const text = function* () {
    yield start;
    for (let left = BOMB; left > 0; left -= megabyte.length) yield megabyte;
    yield end;
  };
  const gzip = Readable.from(text()).pipe(createGzip({ level: 1 }));
  const pieces = [];
  for await (const piece of gzip) pieces.push(piece);
  return Buffer.concat(pieces);
}
