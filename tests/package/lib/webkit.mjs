// WebKitGTK by the WebDriver protocol. It needs a display, which Xvfb gives it. One session has one page at a time, so
// each page has a session of its own.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

import { freePort } from "./site.mjs";

export async function webkit() {
  const display = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise((resolve, reject) => {
    display.stdout.setEncoding("utf8").once("data", (text) => resolve(text.trim()));
    display.once("error", reject);
    display.once("exit", (code) => reject(new Error(`Xvfb ended with code ${code}`)));
  });
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${number}`, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
  const end = () => {
    for (const child of [driver, display]) child.kill();
  };
  process.once("exit", end);
  const send = (method, address, body) => command(`http://127.0.0.1:${port}${address}`, method, body);
  await ready(send);
  return {
    async page(url) {
      const options = { binary: miniBrowser(), args: ["--automation"] };
      const alwaysMatch = { "webkitgtk:browserOptions": options };
      const { sessionId } = await send("POST", "/session", { capabilities: { alwaysMatch } });
      await send("POST", `/session/${sessionId}/url`, { url });
      const evaluate = async (body) => {
        const script = `const done = arguments[0]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ problem: String(error) }));`;
        await send("POST", `/session/${sessionId}/timeouts`, { script: 60_000 });
        const { value, problem } = await send("POST", `/session/${sessionId}/execute/async`, { script, args: [] });
        if (problem !== undefined) throw new Error(problem);
        return value;
      };
      return { problems: [], evaluate, close: () => send("DELETE", `/session/${sessionId}`) };
    },
    async close() {
      process.off("exit", end);
      end();
    },
  };
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

async function command(url, method, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`);
  return value;
}
