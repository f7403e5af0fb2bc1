// A handler of `Request` and `Response` as a server of Node.

import { createServer } from "node:http";
import { Readable } from "node:stream";

/** `{ url, stop }` of a server on a free port. */
export async function served(handler) {
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const gone = new AbortController();
    outgoing.once("close", () => outgoing.writableFinished || gone.abort());
    const body = method === "POST" ? { body: Readable.toWeb(incoming), duplex: "half" } : {};
    const response = await handler(new Request(`http://${headers.host}${url}`, { method, headers, signal: gone.signal, ...body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/mcp`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
