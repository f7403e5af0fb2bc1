// A Chromium to drive: the one that `CHROME` names, or the one on the PATH.

import { accessSync, constants } from "node:fs";
import path from "node:path";

import { chromium } from "playwright-core";

export function launch() {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: program(), args });
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
