// A proxy in front of the emulator's two origins: it passes on what comes, but breaks the responses to chosen requests
// below HTTP. The addresses in answers are turned to its own, so that pages and large files come through it too.

import { createServer } from "node:net";

import { counter } from "./calls.mjs";
import { dressed, forward, head, serve } from "./wire.mjs";

/** In front of a path: the same, elsewhere on the same origin. */
export const MOVED = "/moved";

/**
 * `origins` are the emulator's: `{ hub, files }`. The plan: what a `counter` counts, with the `side` in its `target`,
 * how many (`hits`) of that are broken, and by which `mode`; `fresh` gives each request a connection of its own;
 * `foreign` is an address of another origin, and `reads` what the client makes of the body.
 * Gives `{ origins, seen, idle, stop }`; `seen` are the requests that came, with the `status` of the emulator's answer, and
 * whether they were the `first` on their connection.
 */
export async function startBreaker(origins, plan) {
  const seen = [];
  const sockets = new Set();
  const used = new WeakSet();
  const working = new Set();
  const mine = {};
  const count = counter(plan);

  const hit = (side, request) => {
    const at = side === plan.target.side ? count(request.method, request.target) : 0;
    return { counts: at > 0, breaks: plan.mode && at > 0 && at <= plan.hits };
  };
  const pass = (side, request, record) => {
    const work = forward({ ...request, target: record.target }, new URL(origins[side]).port).then((answer) => {
      record.status = answer.status;
      return turned(answer, origins, mine);
    });
    working.add(work);
    return work.finally(() => working.delete(work));
  };
  const reply = async (side, socket, request) => {
    const { counts, breaks } = hit(side, request);
    const target = request.target.startsWith(MOVED) ? request.target.slice(MOVED.length) : request.target;
    const record = { side, method: request.method, target, raw: request.raw, counts, breaks, socket, first: !used.has(socket) };
    used.add(socket);
    seen.push(record);
    try {
      if (!breaks) return write(socket, await pass(side, request, record), plan.fresh);
      const answer = plan.mode.carriesOut ? await pass(side, plan.mode.ask(request), record) : undefined;
      await plan.mode.answer({ ...plan, socket, request, answer, here: mine[side] });
    } catch {
      // The emulator broke off, or the client went away while it was answered.
      socket.resetAndDestroy();
    }
  };
  const listen = async (side) => {
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      serve(socket, (request) => reply(side, socket, request));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    mine[side] = `http://127.0.0.1:${server.address().port}`;
    return server;
  };
  const servers = await Promise.all(Object.keys(origins).map(listen));

  return {
    origins: mine,
    seen,
    /** Waits until the emulator has answered all that was passed on. */
    async idle() {
      while (working.size > 0) await Promise.allSettled(working);
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Sends an answer as it should be sent. */
export function write(socket, answer, close) {
  const bare = answer.status === 204 || answer.status === 304;
  const set = { "content-length": bare ? undefined : answer.body.length, connection: close ? "close" : "keep-alive" };
  socket.write(Buffer.concat([head({ ...answer, headers: dressed(answer.headers, set) }), answer.body]));
  if (close) socket.end();
}

/** An answer in which the addresses of one pair of origins stand for those of another. */
function turned(answer, from, to) {
  const turn = (text) => Object.keys(from).reduce((done, side) => done.replaceAll(from[side], to[side]), text);
  const headers = answer.headers.map(([name, value]) => [name, turn(value)]);
  const named = Object.values(from).some((origin) => answer.body.includes(origin));
  const body = named ? Buffer.from(turn(answer.body.toString("latin1")), "latin1") : answer.body;
  return { ...answer, headers, body };
}
