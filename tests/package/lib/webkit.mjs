// WebKitGTK by the WebDriver protocol. It needs a display, which Xvfb gives it. A driver has one session, and a session one
// page at a time, so each page has a driver of its own.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

import { freePort } from "./site.mjs";

/** Now and then a browser starts and never says so to its driver: how long it may take, and how often it is tried. */
const START = { ms: 30_000, attempts: 3 };

export async function webkit() {
  const display = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise((resolve, reject) => {
    display.stdout.setEncoding("utf8").once("data", (text) => resolve(text.trim()));
    display.once("error", reject);
    display.once("exit", (code) => reject(new Error(`Xvfb ended with code ${code}`)));
  });
  const end = () => display.kill();
  process.once("exit", end);
  return {
    page: (url) => opened(number, url),
    async close() {
      process.off("exit", end);
      end();
    },
  };
}

/** A page at an address, in a browser of its own: `{ problems, evaluate, close }`. */
async function opened(display, url) {
  for (let attempt = 1; ; attempt++) {
    const driver = await started(display);
    try {
      const alwaysMatch = { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } };
      const signal = AbortSignal.timeout(START.ms);
      const { sessionId } = await driver.send("POST", "/session", { capabilities: { alwaysMatch } }, signal);
      const send = (method, address, body, signal) => driver.send(method, `/session/${sessionId}${address}`, body, signal);
      await send("POST", "/timeouts", { script: 60_000 });
      await send("POST", "/url", { url }, signal);
      return { problems: [], evaluate: (body) => evaluated(send, body), close: async () => driver.end() };
    } catch (error) {
      driver.end();
      if (attempt === START.attempts) throw error;
    }
  }
}

/** Runs the body of an async function in a page. */
async function evaluated(send, body) {
  const script = `const done = arguments[0]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ problem: String(error) }));`;
  const { value, problem } = await send("POST", "/execute/async", { script, args: [] });
  if (problem !== undefined) throw new Error(problem);
  return value;
}

/** Starts a driver: `send` gives it a command, `end` stops it with its browser. */
async function started(display) {
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${display}`, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
  // A group of processes, for the browser outlives its driver.
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore", detached: true });
  const end = () => {
    process.off("exit", end);
    try {
      process.kill(-driver.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  process.once("exit", end);
  const send = (method, address, body, signal) => command(`http://127.0.0.1:${port}${address}`, method, body, signal);
  await ready(send).catch((error) => {
    end();
    throw error;
  });
  return { send, end };
}

/** Debian keeps it in a folder named by architecture and version. */
function miniBrowser() {
  for (const architecture of readdirSync("/usr/lib")) {
    const folder = path.join("/usr/lib", architecture);
    if (!architecture.includes("-linux-")) continue;
    const version = readdirSync(folder).find((name) => /^(webkit2gtk|webkitgtk)-/.test(name));
    if (version) return path.join(folder, version, "MiniBrowser");
  }
  throw new Error("no MiniBrowser");
}

async function ready(send) {
  for (let left = 100; ; left--) {
    try {
      return await send("GET", "/status");
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function command(url, method, body, signal) {
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`);
  return value;
}
