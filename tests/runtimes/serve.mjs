// Serves the built package and the suite to a page, on an origin of its own: every call of the suite crosses origins.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** `{ origin, stop }`. Addresses are paths in the repository; `prefix=folder` pairs in `places` lead elsewhere. */
export async function serve(places = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [prefix, folder] = Object.entries(places).find(([prefix]) => pathname.startsWith(prefix)) ?? ["/", root];
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname.slice(prefix.length - 1))));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
