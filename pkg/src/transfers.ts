/** Uploads of a commit that are under way: how many at once, and how far each is. */
import type { RetryInfo } from "./client.js";
import type { Progress } from "./progress.js";

/** Requests at once. The core starts no more, and none that would make it more than 48 MB together. */
const MOST = 6;
/** Milliseconds between two events of a file. */
const PAUSE = 100;

/**
 * Lets fewer requests go at once after one was refused for its number or took too long, and more again while all is well:
 * half as many, then one more after as many as go at once have ended.
 */
export class Gate {
  #limit = MOST;
  #under = 0;
  #well = 0;
  readonly #waiting: (() => void)[] = [];

  async enter(): Promise<void> {
    while (this.#under >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#under++;
  }

  leave(isWell: boolean): void {
    this.#under--;
    if (isWell && ++this.#well >= this.#limit) {
      this.#well = 0;
      this.#limit = Math.min(MOST, this.#limit + 1);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Called before each retry. */
  retried({ status }: RetryInfo): void {
    if (status !== undefined && ![408, 429, 503, 504].includes(status)) return;
    this.#well = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }
}

/** Adds to what has arrived of each file what was handed over of its parts that are on their way. */
export class Sent {
  readonly #tell: (progress: Progress) => void;
  /** By path. */
  readonly #files = new Map<string, { arrived: Progress | undefined; parts: Map<object, number>; reported: number; at: number }>();

  constructor(tell: (progress: Progress) => void) {
    this.#tell = tell;
  }

  /** Takes what the core reports of a commit. */
  hear(progress: Progress): void {
    if (progress.phase !== "upload") {
      this.#tell(progress);
      return;
    }
    const file = this.#file(progress.path);
    file.arrived = progress;
    this.#emit(file);
  }

  /** The bytes of a part that were handed over: it counts from 0 again when it is sent again. */
  handed(path: string, part: object, bytes: number): void {
    const file = this.#file(path);
    file.parts.set(part, bytes);
    if (Date.now() - file.at >= PAUSE) this.#emit(file);
  }

  /** A part has ended: what the core reports counts it from now on. */
  ended(path: string, part: object): void {
    this.#file(path).parts.delete(part);
  }

  #file(path: string) {
    const file = this.#files.get(path) ?? { arrived: undefined, parts: new Map(), reported: -1, at: 0 };
    this.#files.set(path, file);
    return file;
  }

  #emit(file: { arrived: Progress | undefined; parts: Map<object, number>; reported: number; at: number }): void {
    if (!file.arrived) return;
    const handed = [...file.parts.values()].reduce((sum, bytes) => sum + bytes, 0);
    const loaded = file.arrived.loaded + handed;
    // It never goes back.
    [file.reported, file.at] = [Math.min(Math.max(loaded, file.reported), file.arrived.total), Date.now()];
    this.#tell({ ...file.arrived, loaded: file.reported });
  }
}
