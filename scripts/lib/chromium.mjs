// A Chromium for the tests: the one that stands here, or Debian's package.

import { homedir } from "node:os";
import path from "node:path";

import { canInstall, hasApt, install } from "./apt.mjs";
import { find, isProgram } from "./run.mjs";
import { Missing, say } from "./say.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  path.join(homedir(), "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
  ...[process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .map((folder) => path.join(folder, "Google/Chrome/Application/chrome.exe")),
];

/** `env` with CHROME naming a Chromium. */
export async function chromium(env) {
  let program = installedChromium(env);
  if (!program && canInstall() && (await install(["chromium"]))) program = installedChromium(env);
  if (!program) throw missing();
  say(`Chromium: ${program}`);
  return { ...env, CHROME: program };
}

function installedChromium(env) {
  if (env.CHROME && isProgram(env.CHROME)) return env.CHROME;
  for (const name of NAMES) {
    const program = find(name, env);
    if (program) return program;
  }
  return PLACES.find(isProgram);
}

function missing() {
  const command = hasApt() ? "apt-get install chromium   (as root)" : "https://www.google.com/chrome";
  return new Missing("Chromium is missing (or name one with CHROME=/path/to/it). What brings it:", command);
}
