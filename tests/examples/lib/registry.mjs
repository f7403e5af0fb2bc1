// A registry that has the packed package and what it depends on, and nothing else: what a README installs by name comes from
// here.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

/** `{ env, asked, stop }`: `env` makes npm and Deno ask here; `packed` are what `npm pack --json` said of each tarball. */
export async function registry(packed, folder) {
  const asked = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    asked.push(name);
    const tarball = packed.find(({ file }) => name === `tarballs/${path.basename(file)}`);
    if (tarball) return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(readFileSync(tarball.file));
    const found = packed.find(({ manifest }) => manifest.name === name);
    if (!found) return void response.writeHead(404, { "content-type": "application/json" }).end('{"error":"Not found"}');
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(packument(found, `http://${request.headers.host}`)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const own = (name) => path.join(folder, name);
  return {
    asked,
    env: { NPM_CONFIG_REGISTRY: address, NPM_CONFIG_CACHE: own("npm-cache"), NPM_CONFIG_USERCONFIG: own("npmrc"), DENO_DIR: own("deno") },
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** What a registry says of a package, with the one version that there is. */
function packument({ manifest, file, integrity, shasum }, origin) {
  const { name, version } = manifest;
  const dist = { tarball: `${origin}/tarballs/${path.basename(file)}`, integrity, shasum };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } }, time: { [version]: "2026-01-01T00:00:00.000Z" } };
}
