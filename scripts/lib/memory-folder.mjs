// A folder in memory for temporary files. Tests make and remove thousands of small ones, which costs a disk more time than
// most of what they test.

import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import path from "node:path";

const PLACE = "/dev/shm";
/** Bytes that have to be free, of the folder's file system and of the machine. */
const ROOM = 8 * 2 ** 30;

/** `env` with such a folder as the place of temporary files, where Linux has one; it is removed when this process ends. */
export function withMemoryFolder(env) {
  if (!hasRoom()) return env;
  const folder = mkdtempSync(path.join(PLACE, "hf-wasm-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return { ...env, TMPDIR: folder };
}

/** Programs have to run from there; containers often forbid that. */
function hasRoom() {
  try {
    const [, , type, options] = readFileSync("/proc/mounts", "utf8").split("\n").map((line) => line.split(" ")).find(([, where]) => where === PLACE) ?? [];
    const { bavail, bsize } = statfsSync(PLACE);
    return type === "tmpfs" && !options.split(",").includes("noexec") && Math.min(bavail * bsize, freemem()) >= ROOM;
  } catch {
    return false;
  }
}
