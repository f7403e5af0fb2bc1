// Debian's packages: the second source of the toolchain, and the first one of Chromium.

import { readFileSync } from "node:fs";

import { run } from "./progress.mjs";
import { find, read } from "./run.mjs";
import { say } from "./say.mjs";

/** Whether this machine installs with apt-get (Debian and what descends from it). */
export const hasApt = () => process.platform === "linux" && find("apt-get") !== undefined;

/** Whether packages can be installed without asking anybody. */
export const canInstall = () => hasApt() && process.getuid?.() === 0;

/** Whether this is Debian itself, whose package names these scripts know. */
export function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** Whether every package is installed. */
export function installed(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills this template
  const { ok, text } = read("dpkg-query", ["-W", "-f", "${db:Status-Status} ", ...packages]);
  return ok && text.split(" ").every((status) => status === "installed");
}

/** Installs packages, after asking for news about those that apt does not know; false when that fails. */
export async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    if (!known(packages)) {
      await run("apt-get update", "apt-get", ["update", "-q"], { env });
    }
    const args = ["install", "-y", "-q", "--no-install-recommends", ...packages];
    await run(`apt-get install ${packages.join(" ")}`, "apt-get", args, { env });
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

function known(packages) {
  return packages.every((name) => /Candidate: (?!\(none\))/.test(read("apt-cache", ["policy", name]).text));
}
