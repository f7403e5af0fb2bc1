// The three engines. A browser opens pages; what a page has to say it sends by itself (lib/site.mjs), so that no engine
// has to look into it, and a strict Content-Security-Policy is no hindrance.

import { find } from "../../../scripts/lib/run.mjs";
import { launch } from "../../runtimes/chromium.mjs";
import { webkit } from "./webkit.mjs";

/** By name: `absent` says why it cannot be had; `open` starts it. */
export const browsers = {
  chromium: { title: "Chromium", absent: () => undefined, open: chromium },
  firefox: { title: "Firefox ESR", absent: missing("firefox-esr"), open: firefox },
  webkit: { title: "WebKitGTK", absent: missing("WebKitWebDriver", "Xvfb"), open: webkit },
};

const running = new Map();

/**
 * Runs `task` while a page of this browser is open at an address; `task` gets what the page has complained of, and a
 * function that runs the body of an async function in the page.
 */
export async function visit(name, url, task) {
  if (!running.has(name)) running.set(name, browsers[name].open());
  const browser = await running.get(name);
  const page = await browser.page(url);
  try {
    return await task(page.problems, page.evaluate);
  } finally {
    await page.close();
  }
}

export async function closeBrowsers() {
  for (const opening of running.values()) await opening.then((browser) => browser.close(), () => {});
  running.clear();
}

function missing(...programs) {
  return () => {
    const gone = programs.filter((program) => !find(program));
    return gone.length > 0 ? `no ${gone.join(", ")} on this machine` : undefined;
  };
}

async function chromium() {
  const browser = await launch();
  return { page: (url) => open(url, () => browser.newContext()), close: () => browser.close() };
}

async function firefox() {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: find("firefox-esr"), headless: true });
  return { page: (url) => open(url, () => browser.createBrowserContext()), close: () => browser.close() };
}

/** Playwright and Puppeteer have the same words for this. */
async function open(url, profile) {
  const context = await profile();
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error?.stack ?? error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(url);
  return { problems, evaluate: (body) => page.evaluate(`(async () => { ${body} })()`), close: () => context.close() };
}
