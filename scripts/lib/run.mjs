// Child processes: run in sight, run and read, find a program. `progress.mjs` runs out of sight.

import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
export const windows = process.platform === "win32";

/** A command that ended with another code than 0. */
export class CommandFailed extends Error {
  name = "CommandFailed";
}

/**
 * Runs a command in sight of the reader unless it is `quiet`, hands each piece of its output to `onText`, and returns its
 * code. After `timeout` milliseconds it is ended, with all that it has started.
 */
export function show(command, args, { env = process.env, cwd = root, timeout, quiet = false, onText } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = onText ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"];
    const group = timeout !== undefined && !windows;
    const child = spawn(command, args, { cwd, env, stdio, detached: group, shell: needsShell(command) });
    const end = () => signal(child, group);
    const interrupted = () => {
      end();
      process.exit(130);
    };
    if (group) process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
    const late = () => {
      console.error(`\`${command} ${args.join(" ")}\` was ended after ${timeout / 60_000} minutes`);
      end();
    };
    const timer = timeout && setTimeout(late, timeout);
    child.on("error", reject);
    // What the child leaves behind may hold its output open for ever.
    child.on("exit", () => group && end());
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      resolve(code ?? 1);
    });
    for (const [name, sink] of [["stdout", process.stdout], ["stderr", process.stderr]]) {
      child[name]?.setEncoding("utf8").on("data", (text) => {
        if (!quiet) sink.write(text);
        onText?.(text);
      });
    }
  });
}

/** Ends a child, and with it the group that it leads. */
function signal(child, group) {
  try {
    if (group) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has ended, and left nothing behind.
  }
}

/** Runs a command quietly: `{ ok, text }`, where a program that does not exist is not `ok`. */
export function read(command, args, { env = process.env, cwd = root, timeout = 60_000 } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    timeout,
    encoding: "utf8",
    shell: needsShell(command),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { ok: status === 0, text: (stdout ?? "").trim(), error: (stderr ?? "").trim() };
}

/** The full path of a program on `env`'s PATH. */
export function find(program, env = process.env) {
  const endings = windows ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of pathOf(env).split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      if (folder && isProgram(file)) return file;
    }
  }
  return undefined;
}

/** Whether a file stands at `file` and may be run. */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** `env` with folders put before its PATH. */
export function before(env, ...folders) {
  return withPath(env, [...folders, pathOf(env)]);
}

/** `env` with folders put after its PATH. */
export function after(env, ...folders) {
  return withPath(env, [pathOf(env), ...folders]);
}

function pathOf(env) {
  // A copy of Windows' environment spells it `Path`.
  return env.PATH ?? env.Path ?? "";
}

function withPath(env, folders) {
  const { PATH: _, Path: __, ...rest } = env;
  return { ...rest, PATH: folders.filter(Boolean).join(path.delimiter) };
}

/** Whether a command can be started through a shell alone. */
export function needsShell(command) {
  return windows && /^(npm|npx)$|\.(cmd|bat)$/i.test(command);
}
