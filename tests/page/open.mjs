// Opens the demo page of an emulator of its own in Chromium, and watches what goes wrong there.

import path from "node:path";
import { fileURLToPath } from "node:url";

import { startEmulator } from "../emulator.mjs";
import { launch } from "../runtimes/chromium.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const DARK = { ...DESKTOP, colorScheme: "dark" };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** Where screenshots are written. */
export const OUT = path.join(root, "tests/out");

/** Flags of an emulator that serves the page. */
export const WWW = ["--www", path.join(root, "www/dist"), "--pkg", path.join(root, "pkg")];

/** An emulator that serves the page, and a browser; `visit(options)` opens the page in a context of its own. */
export async function openBrowser() {
  const [emulator, browser] = await Promise.all([startEmulator(["--no-rate-limit", ...WWW]), launch()]);
  return {
    emulator,
    visit: (options = DESKTOP) => visit(browser, emulator, options),
    control: (name, body, method = "POST") => control(emulator, name, body, method),
    async close() {
      await browser.close();
      await emulator.stop();
    },
  };
}

/** `problems` holds errors of the page and its console; `requests` every address that it asked for. */
async function visit(browser, emulator, options) {
  const context = await browser.newContext({ ...options, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => requests.push(request.url()));
  const home = `${emulator.endpoint}/www/`;
  await page.goto(home);
  await page.locator("main h1").waitFor();

  const panel = page.locator("main .panel");
  const status = panel.locator(".status");
  return {
    page,
    panel,
    status,
    problems,
    requests,
    output: panel.locator(".output"),
    /** Shows an endpoint afresh. */
    async go(hash) {
      await page.goto("about:blank");
      await page.goto(home + hash);
      await page.locator("main h1").waitFor();
    },
    /** Goes to another endpoint without a reload. */
    async move({ hash, name }) {
      await page.evaluate((next) => void (location.hash = next), hash);
      await page.locator("main h1", { hasText: new RegExp(`^(hub|router)\\.${name}$`) }).waitFor();
      await page.waitForFunction((start) => location.hash.startsWith(start), hash);
    },
    /** Runs the form; a destructive call is confirmed. */
    async run() {
      const button = panel.locator(".actions .button");
      await button.click();
      if (/danger/.test(await button.getAttribute("class"))) await page.locator("dialog[open] .button.danger").click();
    },
    /** Waits until the call ended in the given way, and gives the status line. */
    async ended(kind = "done") {
      await panel.locator(`.status[data-kind="done"], .status[data-kind="failed"], .status[data-kind="cancelled"]`).waitFor({ timeout: 20_000 });
      const text = await status.innerText();
      if ((await status.getAttribute("data-kind")) !== kind) throw new Error(`${text}: ${await panel.locator(".output").innerText()}`);
      return text;
    },
    tab: (name) => panel.getByRole("tab", { name }).click(),
    close: () => context.close(),
  };
}

async function control({ endpoint }, name, body, method) {
  const answer = await fetch(`${endpoint}/_emulator/${name}`, {
    method,
    headers: { "x-emulator-control": "1", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${name}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? undefined : JSON.parse(text);
}
