// What the stage `package` alone needs: runtimes and bundlers from npm, two more browsers from Debian.

import { canInstall, install, isDebian } from "./apt.mjs";
import { npmPackages } from "./npm.mjs";
import { find } from "./run.mjs";
import { say } from "./say.mjs";

/** Program, and the package that brings it. */
const BROWSERS = [
  ["firefox-esr", "firefox-esr"],
  ["WebKitWebDriver", "webkit2gtk-driver"],
  ["Xvfb", "xvfb"],
];

/** Installs what can be installed. Without a browser its cells are left out, and named. */
export async function packageTools(env) {
  await npmPackages("tests/package", env);
  const missing = BROWSERS.filter(([program]) => !find(program, env)).map(([, name]) => name);
  if (missing.length > 0 && canInstall() && isDebian()) await install(missing);
  const gone = BROWSERS.filter(([program]) => !find(program, env)).map(([program]) => program);
  say(gone.length > 0 ? `not here: ${gone.join(", ")}` : "Firefox ESR and WebKitGTK: installed");
  return env;
}
