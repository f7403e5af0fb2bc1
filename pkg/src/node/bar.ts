/** Bars in a terminal. */
import { type Progress, type ProgressOptions, withProgress } from "../progress.js";

/** A terminal, such as `process.stderr`. */
export interface Terminal {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): boolean;
}

/** Bars at most; the other files are counted. */
const MOST = 8;
/** Letters of a path, and of a bar. */
const NAME = 28;
const BAR = 20;
/** Milliseconds between two pictures. */
const REDRAW = 100;

/**
 * Shows the progress of a transfer while it runs, and gives its result: `withProgressBar((options) => snapshotDownload(params,
 * options))`. Where the output is no terminal, nothing is shown. Needs the package `log-update`.
 */
export async function withProgressBar<T>(start: (options: ProgressOptions) => Promise<T>, { terminal = process.stderr as Terminal } = {}): Promise<T> {
  if (!terminal.isTTY) return await withProgress(start);
  const { createLogUpdate } = await import("log-update");
  const draw = createLogUpdate(terminal as NodeJS.WriteStream);
  const run = withProgress(start);
  const files = new Map<string, Progress>();
  const done = new Set<string>();
  const timer = setInterval(() => draw(picture([...files.values()], done.size, terminal.columns ?? 80)), REDRAW);
  try {
    for await (const progress of run) {
      const { path, loaded, total } = progress;
      // A file that was hashed is on its way again when it is uploaded.
      if (loaded < total) {
        files.set(path, progress);
        done.delete(path);
      } else {
        files.delete(path);
        done.add(path);
      }
    }
    return await run;
  } finally {
    clearInterval(timer);
    draw.clear();
    draw.done();
  }
}

function picture(files: Progress[], done: number, columns: number): string {
  const lines = files.slice(0, MOST).map((file) => line(file).slice(0, columns - 1));
  const left = files.length - lines.length;
  return [...lines, `${done} done${left > 0 ? `, ${left} more under way` : ""}`].join("\n");
}

function line({ phase, path, loaded, total, rate, remaining }: Progress): string {
  // What a server calls a file shall not steer the terminal.
  const name = (path || phase).replace(/\p{C}/gu, "?");
  const shown = name.length > NAME ? `…${name.slice(1 - NAME)}` : name.padEnd(NAME);
  const share = total > 0 ? loaded / total : 1;
  const full = Math.round(share * BAR);
  const parts = [shown, `${"█".repeat(full)}${"░".repeat(BAR - full)}`, `${Math.floor(share * 100)}%`.padStart(4)];
  // Operations of a commit are no bytes.
  if (phase === "commit") parts.push(`${loaded} of ${total}`);
  else parts.push(`${bytes(loaded)} of ${bytes(total)}`, ...(rate ? [`${bytes(rate)}/s`] : []));
  if (remaining !== undefined) parts.push(time(remaining));
  return parts.join(" ");
}

function bytes(count: number): string {
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

function time(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  const hours = Math.floor(minutes / 60);
  const two = (number: number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
