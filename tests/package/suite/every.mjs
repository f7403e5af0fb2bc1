// Runs the suite by the package that a fixture has imported, and gives plain data of what became of it.

import addresses from "../addresses.mjs";
import * as lib from "hf-wasm";

import { contextOf } from "./context.mjs";
import { cases, endpoints } from "./everywhere.mjs";
import { groupOf, PARTS } from "./parts.mjs";

/** `used` is what the fixture imported: it has to be the very package that stands here. `more` are cases of its own. */
export async function every(used, more = []) {
  const seen = new Set();
  const here = new Map(Object.entries(lib));
  const twice = Object.entries(used).filter(([name, value]) => here.get(name) !== value);
  const failed = twice.map(([name]) => `${name} is there twice`);
  const context = contextOf({ ...lib, ...used }, { ...addresses, seen });
  const chosen = [...cases.filter((one) => PARTS[addresses.part](groupOf(one))), ...more];
  for (const { name, run } of chosen) {
    try {
      await inTime(run(context));
    } catch (error) {
      // The stack of some engines lacks the message.
      failed.push(`${name}: ${error?.message}\n${error?.stack ?? error}`);
    }
  }
  return { ran: chosen.length, failed, answered: endpoints.filter((endpoint) => seen.has(endpoint)), endpoints };
}

async function inTime(running, ms = 30_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  await Promise.race([running, late]).finally(() => clearTimeout(timer));
}
