import { cpu } from "./cpu.mjs";
import { first } from "./first.mjs";
import { frames } from "./frames.mjs";
import { guards } from "./guards.mjs";
import { hash } from "./hash.mjs";
import { memory } from "./memory.mjs";
import { size } from "./size.mjs";
import { transfer } from "./transfer.mjs";
import { call, growth, list, stream } from "./timed.mjs";

export const measures = { size, first, call, list, stream, cpu, memory, growth, hash, frames, guards, transfer };
