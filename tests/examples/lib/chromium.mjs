// A browser in which a CDN serves the packed package, and huggingface.co is the local Hub: pages run as they stand. Where
// the local Hub keeps large files has an https address of its own, since the package is led from https to nothing else.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { launch } from "../../runtimes/chromium.mjs";

const CDN = /^https:\/\/cdn\.jsdelivr\.net\/npm\/(@?[^@]+)@([^/]+)\/(.*)$/;
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };
const HUB = "https://huggingface.co";
const LOCAL = /http:\/\/127\.0\.0\.1:(\d+)(?=[/"])/g;
const LARGE = /^https:\/\/large-(\d+)\.hf\.co\//;

/**
 * `{ open(url), close }`: pages with `problems`, what they complained of, and `sent`, the requests to the Hub. Packages of
 * the CDN are those of `folder`'s node_modules, in exactly the version that the page names.
 */
export async function openBrowser(folder, endpoint) {
  const browser = await launch();
  return {
    async open(url) {
      const context = await browser.newContext();
      await context.route(CDN, (route) => route.fulfill(fromCdn(folder, route.request().url())));
      const sent = [];
      for (const address of [`${HUB}/**`, LARGE]) await context.route(address, (route) => fromHub(route, endpoint, new URL(url).port, sent));
      const page = await context.newPage();
      const problems = [];
      page.on("pageerror", (error) => problems.push(String(error?.stack ?? error)));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.goto(url);
      return { page, problems, sent, close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

function fromCdn(folder, url) {
  const [, name, version, file] = CDN.exec(url);
  const place = path.join(folder, "node_modules", name);
  const known = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8")).version;
  const found = version === known && existsSync(path.join(place, file));
  const headers = { "access-control-allow-origin": "*", "content-type": TYPES[path.extname(file)] ?? "text/plain" };
  return found ? { status: 200, headers, body: readFileSync(path.join(place, file)) } : { status: 404, headers, body: `${name}@${version}/${file}` };
}

/** The Hub's response, with its own address wherever the local one stands; `own` is the port of the page. */
async function fromHub(route, endpoint, own, sent) {
  const request = route.request();
  sent.push({ method: request.method(), url: request.url(), size: request.postDataBuffer()?.length ?? 0 });
  const url = request.url().replace(HUB, endpoint).replace(LARGE, "http://127.0.0.1:$1/");
  const response = await route.fetch({ url, maxRedirects: 0 }).catch(() => undefined);
  // The page has aborted it.
  if (!response) return await route.abort().catch(() => {});
  const hidden = (text) => text.replaceAll(endpoint, HUB).replace(LOCAL, (whole, port) => (port === own ? whole : `https://large-${port}.hf.co`));
  const headers = Object.fromEntries(Object.entries(response.headers()).map(([name, value]) => [name, hidden(value)]));
  const isText = /json|html/.test(headers["content-type"] ?? "");
  delete headers["content-length"];
  const settled = route.fulfill({ status: response.status(), headers, body: isText ? hidden(await response.text()) : await response.body() });
  await settled.catch(() => {});
}
