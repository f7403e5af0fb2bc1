// A Chromium to drive: the one that `CHROME` names, or the one on the PATH.

import { accessSync, constants } from "node:fs";
import path from "node:path";

import { chromium } from "playwright-core";

/** Nothing but what a test asks for goes over the network. */
const QUIET = ["background-networking", "component-update", "sync", "quic"].map((name) => `--disable-${name}`);

export function launch(flags = []) {
  return chromium.launch(options(flags));
}

/** One with a profile in a folder, so that what a page stores is on disk; a profile of a moment has it in memory. */
export function launchProfile(folder) {
  return chromium.launchPersistentContext(folder, options([]));
}

function options(flags) {
  const args = [...flags, ...QUIET, "--disable-gpu", "--no-first-run"];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return { executablePath: program(), args };
}

function program() {
  if (process.env.CHROME) return process.env.CHROME;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const found = folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(runs);
  if (!found) throw new Error("no Chromium: install it, or name one with CHROME=/path/to/it");
  return found;
}

function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
