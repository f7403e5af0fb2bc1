// Files that move between a fresh process and an emulator that has nothing else to do.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Hub } from "hf-wasm";
import { uploadFolder } from "hf-wasm/node";
import { withMemoryFolder } from "../../scripts/lib/memory-folder.mjs";
import { pythonPackages } from "../../scripts/lib/python.mjs";
import { startEmulator } from "../../tests/emulator.mjs";
import { env, node } from "./children.mjs";
import { forgetPeak, onProcessors, resident } from "./process.mjs";

/** Who moves them, and the package that each is. */
export const MOVERS = ["hf-wasm", "@huggingface/hub", "huggingface_hub"];
/** What is moved: a small one first, for what is loaded once is no matter of the size. */
const SIZES = { file: [2_000_000, 2 ** 30], folder: [5, 5000] };
const REPOS = ["alice/first", "alice/second"];

const program = (name) => fileURLToPath(new URL(`../transfers/${name}`, import.meta.url));

/** `{ up, down, stop }`: the first two take `file` or `folder`, and give functions that take one of the movers. */
export async function openTransfers() {
  const { PYTHON } = await pythonPackages(process.env);
  const commands = [[node, program("child.mjs"), "hf-wasm"], [node, program("child.mjs"), "hub"], [PYTHON, program("python.py")]];
  // A disk's own times would hide the others.
  const { TMPDIR = tmpdir() } = withMemoryFolder({});
  const place = await mkdtemp(path.join(TMPDIR, "hf-wasm-bench-"));
  const contents = await made(place);
  const emulators = new Set();

  /** One that has no file yet, so that none is known to it. */
  const begin = async () => {
    const data = await mkdtemp(path.join(place, "data-"));
    const { endpoint, tokens, stop } = await startEmulator(["--no-rate-limit", "--data", data]);
    const hub = new Hub({ endpoint, token: tokens.write });
    for (const repo of REPOS) await hub.createRepo({ repo });
    const emulator = { endpoint, token: tokens.write, hub, stop: () => emulators.delete(emulator) && stop().then(() => rm(data, { recursive: true })) };
    emulators.add(emulator);
    return emulator;
  };
  const run = async (mover, task, wheres, emulator) => {
    const [command, ...args] = [...commands[MOVERS.indexOf(mover)], task, JSON.stringify(REPOS.map((repo, at) => [repo, wheres[at]]))];
    return watched(command, args, emulator);
  };

  return {
    up: (kind) => async (mover) => {
      const emulator = await begin();
      const sample = await run(mover, kind === "file" ? "upload" : "uploadFolder", contents[kind], emulator);
      for (const at of [0, 1]) {
        let there = 0;
        for await (const { type, path } of emulator.hub.listFiles({ repo: REPOS[at], recursive: true })) if (type === "file" && path !== ".gitattributes") there++;
        check(mover, there, kind, at);
      }
      await emulator.stop();
      return sample;
    },
    down: async (kind) => {
      const emulator = await begin();
      for (const at of [0, 1]) await uploadFolder({ repo: REPOS[at], folderPath: kind === "file" ? path.dirname(contents.file[at]) : contents.folder[at] }, { hub: emulator.hub });
      return async (mover) => {
        const caches = [await mkdtemp(path.join(place, "cache-")), await mkdtemp(path.join(place, "cache-"))];
        const sample = await run(mover, kind === "file" ? "download" : "downloadFolder", caches, emulator);
        for (const at of [0, 1]) {
          const snapshots = path.join(caches[at], `models--${REPOS[at].replace("/", "--")}`, "snapshots");
          const [commit] = await readdir(snapshots);
          check(mover, (await readdir(path.join(snapshots, commit))).filter((name) => name !== ".gitattributes").length, kind, at);
          await rm(caches[at], { recursive: true });
        }
        return sample;
      };
    },
    async stop() {
      await Promise.all([...emulators].map(({ stop }) => stop()));
      await rm(place, { recursive: true, force: true });
    },
  };
}

function check(mover, there, kind, at) {
  const wanted = kind === "file" ? 1 : SIZES.folder[at];
  if (there !== wanted) throw new Error(`${mover} moved ${there} of ${wanted} files`);
}

/** A small file and a large one, each in a folder of its own; a small folder and one of many files. */
async function made(place) {
  const [file, folder] = [[], []];
  for (const at of [0, 1]) {
    const folders = [path.join(place, `file-${at}`), path.join(place, `folder-${at}`)];
    for (const made of folders) await mkdir(made);
    file.push(path.join(folders[0], "w.bin"));
    const handle = await open(file[at], "w");
    const piece = randomBytes(1 << 20);
    for (let left = SIZES.file[at]; left > 0; left -= piece.length) await handle.write(piece, 0, Math.min(piece.length, left));
    await handle.close();
    folder.push(folders[1]);
    for (let number = 0; number < SIZES.folder[at]; number++) await writeFile(path.join(folder[at], `${number}.txt`), `file ${number}\n`);
  }
  return { file, folder };
}

/** Seconds of a task, seconds on processors, and bytes of memory beyond those that the process had before. */
async function watched(command, args, { endpoint, token }) {
  const given = { HF_ENDPOINT: endpoint, HF_TOKEN: token, HF_HUB_DISABLE_XET: "1", HF_HUB_DISABLE_TELEMETRY: "1", HF_HUB_DISABLE_PROGRESS_BARS: "1" };
  const child = spawn(command, args, { env: { ...env, ...given }, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (word) => {
    for (let line = await lines.next(); line.value !== word; line = await lines.next()) {
      if (line.done) throw new Error(`${command} ${args[0]} ended in the middle`);
    }
  };
  await said("ready");
  const [idle, spent, start] = [resident(child.pid).now, onProcessors(child.pid), performance.now()];
  forgetPeak(child.pid);
  child.stdin.write("\n");
  await said("done");
  const sample = {
    time: (performance.now() - start) / 1000,
    processors: onProcessors(child.pid) - spent,
    memory: (resident(child.pid).peak - idle) / 2 ** 20,
  };
  child.stdin.end("\n");
  await ended;
  return sample;
}
