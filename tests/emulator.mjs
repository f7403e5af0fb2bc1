// Starts an emulator of its own for a test file: nothing kept, every port free.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Ready-made tokens of the seed data. */
export const tokens = {
  read: "hf_emulator_read",
  write: "hf_emulator_write",
  fine: "hf_emulator_fine",
  expired: "hf_emulator_expired",
  bob: "hf_emulator_bob",
};

/**
 * Starts an emulator and waits until it listens: `{ endpoint, routerEndpoint, tokens, stop }`.
 * `flags` are added to its command line.
 */
export async function startEmulator(flags = []) {
  // Its input ends with this process, even if that crashes.
  const child = spawn(binary(), ["--until-eof", "--port", "0", "--token-delay", "1", ...flags], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const endpoint = await address(child);
  return { endpoint, routerEndpoint: `${endpoint}/router`, tokens, stop: () => stop(child) };
}

/** The emulator that `EMULATOR` names, else the one of the debug build, which is made where it is absent. */
function binary() {
  if (process.env.EMULATOR) return process.env.EMULATOR;
  const file = path.join(root, "target/debug", process.platform === "win32" ? "emulator.exe" : "emulator");
  if (existsSync(file)) return file;
  const { status } = spawnSync("cargo", ["build", "-p", "emulator"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("`cargo build -p emulator` failed");
  return file;
}

/** The address that the emulator prints once it listens. */
function address(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      const found = /^Hub\s+(http:\/\/\S+)/m.exec(text);
      if (found) resolve(found[1]);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the emulator ended with code ${code} before it listened`)));
  });
}

function stop(child) {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill();
  });
}
