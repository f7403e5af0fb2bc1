// Servers of a cell: one for what was built, and one that pages send their outcomes to.

import { EventEmitter, on } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/**
 * Serves a folder: `{ origin, asked, stop }`, where `asked` are the paths that were asked for. `headers` may be a function
 * of a file's extension.
 */
export async function site(folder, headers = {}) {
  const asked = [];
  const served = await listening((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    const file = path.join(folder, path.normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    const extension = path.extname(file);
    const own = typeof headers === "function" ? headers(extension) : headers;
    response.writeHead(200, { "content-type": TYPES[extension] ?? "application/octet-stream", ...own });
    createReadStream(file).pipe(response);
  });
  return { ...served, asked };
}

/** Takes outcomes from pages of any origin: `{ origin, outcome, another, stop }`, where `outcome` is the first. */
export async function collector() {
  const taken = new EventEmitter();
  const outcomes = on(taken, "outcome");
  const another = async () => (await outcomes.next()).value[0];
  const served = await listening(async (request, response) => {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
    if (request.method === "POST") taken.emit("outcome", JSON.parse(text));
  });
  return { ...served, outcome: another(), another };
}

export async function freePort() {
  const { origin, stop } = await listening(() => {});
  await stop();
  return Number(new URL(origin).port);
}

async function listening(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
