// A server of another origin, which nobody should give a secret to. It keeps every byte that it is sent, and answers
// what the client would like to hear: the last part of the path says what that is.

import { createServer } from "node:net";

import { header, serve } from "./wire.mjs";
import { write } from "./breaker.mjs";

const said = { id: "chatcmpl-foreign", object: "chat.completion", choices: [] };
const chunk = { choices: [{ index: 0, delta: { content: "foreign" }, finish_reason: "stop" }] };
const oid = "f".repeat(40);

const ANSWERS = {
  plain: ["application/json", JSON.stringify({ id: "foreign/model" })],
  list: ["application/json", JSON.stringify([{ type: "file", path: "foreign" }])],
  commit: ["application/json", JSON.stringify({ success: true, commitOid: oid, commitUrl: `http://x/commit/${oid}` })],
  file: ["application/octet-stream", "foreign"],
  upload: ["text/plain", ""],
  chat: ["application/json", JSON.stringify(said)],
  stream: ["text/event-stream", `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`],
};

/** `{ at, received, stop }`: an address for a cell, and everything that came there. */
export async function startForeign() {
  const requests = [];
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, async (request) => {
      requests.push(request);
      const [type, text] = ANSWERS[request.target.split("?")[0].split("/").at(-1)] ?? ANSWERS.plain;
      const headers = Object.entries({
        "content-type": type,
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
        "access-control-allow-headers": header(request, "access-control-request-headers") ?? "*",
      });
      const body = Buffer.from(request.method === "OPTIONS" ? "" : text);
      write(socket, { status: 200, reason: "OK", headers, body });
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    at: (cell, answers) => `${origin}/${cell}/${answers}`,
    received: (cell) => requests.filter(({ target }) => target.startsWith(`/${cell}/`)),
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
