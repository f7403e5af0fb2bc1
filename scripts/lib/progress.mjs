// Commands out of sight: each writes to a log file of its own, and one line tells what is under way, how far it is and
// for how long. In a terminal that line is kept current; elsewhere it is printed now and then.

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";

import { CommandFailed, needsShell, root } from "./run.mjs";
import { line, say } from "./say.mjs";

const LOGS = ".cache/logs";
/** Milliseconds between two looks at the line. */
const EVERY = process.stdout.isTTY ? 250 : 30_000;
/** How many of a command's last lines are shown when it fails. */
const SHOWN_LINES = 30;
/** Makes cargo tell how far it is, also where nobody looks. */
const TELLING = { CARGO_TERM_PROGRESS_WHEN: "always", CARGO_TERM_PROGRESS_WIDTH: "80" };
/** What cargo writes then: done, and in all. */
const FAR = /^ *(?:Building|Downloading) \[[=> ]*\] (\d+\/\d+)/;

/** The commands under way. */
const jobs = new Set();
let timer;
/** The first failure of things done at once: nothing is begun after it. */
let failure;

/** Runs a command out of sight; when it fails, throws an error that has its last lines and names its log. */
export async function run(title, command, args, { env = process.env, cwd = root } = {}) {
  if (failure) throw failure;
  const file = path.join(LOGS, `${title.replace(/[^\w.]+/g, "-")}.log`);
  mkdirSync(path.join(root, LOGS), { recursive: true });
  const log = createWriteStream(path.join(root, file));
  const job = { title, start: performance.now(), far: "", last: [] };
  const code = await ended(job, log, command, args, { cwd, env: { ...env, ...TELLING } }).finally(() => log.end());
  if (code === 0) return say(`${title}  ${time(job)}`);
  const said = job.last.map((text) => `    ${text}\n`).join("");
  throw new CommandFailed(`${title}: \`${command} ${args.join(" ")}\` ended with code ${code}\n\n${said}\nAll of it: ${file}`);
}

/** Does things at the same time; once one has failed, the commands of the others are ended. Returns what each gave. */
export async function together(...works) {
  try {
    return await Promise.all(works.map((work) => work()));
  } catch (error) {
    failure = error;
    for (const { child } of jobs) child.kill();
    throw error;
  }
}

function ended(job, log, command, args, options) {
  return new Promise((resolve, reject) => {
    job.child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], shell: needsShell(command) });
    jobs.add(job);
    timer ??= setInterval(tell, EVERY);
    const rest = [job.child.stdout, job.child.stderr].map((stream) => follow(stream, (text) => hear(job, log, text)));
    const end = (settle) => {
      jobs.delete(job);
      if (jobs.size === 0) timer = clearInterval(timer);
      line("");
      settle();
    };
    job.child.on("error", (error) => end(() => reject(error)));
    job.child.on("close", (code) => {
      for (const last of rest) last();
      end(() => resolve(code ?? 1));
    });
  });
}

/** Hands over a stream line by line; returns what hands over the last. */
function follow(stream, each) {
  let begun = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (begun + text).split(/[\r\n]+/);
    begun = lines.pop();
    for (const one of lines) each(one);
  });
  return () => each(begun);
}

function hear(job, log, text) {
  const far = FAR.exec(text)?.[1];
  if (far) job.far = far;
  else if (text.trim() !== "") {
    log.write(`${text}\n`);
    job.last = [...job.last.slice(1 - SHOWN_LINES), text];
  }
}

function tell() {
  line([...jobs].map((job) => [job.title, job.far, time(job)].filter(Boolean).join(" ")).join(" · "));
}

function time({ start }) {
  const seconds = Math.round((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
