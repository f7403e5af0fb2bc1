// `npm start`: sets everything up, builds, and runs the local Hub with the demo page until it is interrupted. The
// documentation is built once the page is there, with what is left of the processor.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { constants, setPriority } from "node:os";
import path from "node:path";

import { setupAndBuild } from "./build.mjs";
import { beginDocs, site } from "./docs.mjs";
import { root, windows } from "./lib/run.mjs";
import { heading, main, say } from "./lib/say.mjs";

const PORT = 8787;

await main(async () => {
  const env = await setupAndBuild();
  heading("Local Hub");
  const port = await freePort(Number(process.env.PORT ?? PORT));
  return await serve(port, env);
});

/** Runs the emulator in sight of the reader; returns its code once it ends. */
function serve(port, env) {
  const program = path.join(root, "target/debug", windows ? "emulator.exe" : "emulator");
  const args = ["--port", String(port), "--data", path.join(root, ".cache/emulator"), "--www", path.join(root, "www/dist")];
  args.push("--pkg", path.join(root, "pkg"), "--docs", site, ...process.argv.slice(2));
  beginDocs();
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  let open = false;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    process.stdout.write(text);
    if (open || !text.includes("Tokens")) return;
    open = true;
    setTimeout(() => console.log(`\nOpen http://127.0.0.1:${port}/   (Ctrl+C ends it)`), 100);
    buildDocs(env, `http://127.0.0.1:${port}/docs/`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 0));
  });
}

/** Builds the documentation in a process of its own that gives way to all others; it ends with this one. */
function buildDocs(env, address) {
  const child = spawn(process.execPath, [path.join(root, "scripts/docs.mjs"), "--built"], { cwd: root, env, stdio: "ignore" });
  child.once("spawn", () => setPriority(child.pid, constants.priority.PRIORITY_LOW));
  child.once("error", () => {});
  child.once("exit", (code) => say(code === 0 ? `Documentation: ${address}` : "no documentation: `npm run docs` says why"));
  process.once("exit", () => child.kill());
}

/** The wanted port, or a free one where it is taken. */
async function freePort(wanted) {
  if (await isFree(wanted)) return wanted;
  const other = await listen(0);
  say(`port ${wanted} is taken; using ${other} (PORT=… names another)`);
  return other;
}

function isFree(port) {
  return listen(port).then(
    () => true,
    () => false,
  );
}

/** Binds a port for a moment and returns which one it was. */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}
