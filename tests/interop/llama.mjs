// llama.cpp's server with a small real model, for a test file.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const MODEL = "smollm2-135m";

/** Starts llama.cpp's server on the model; it ends with its standard input. */
export function startLlama() {
  const child = spawn(process.env.PYTHON ?? "python3", [fileURLToPath(new URL("llama.py", import.meta.url))], { stdio: ["pipe", "pipe", "ignore"] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`llama.py ended with code ${code}; npm test prepares its Python`)));
    child.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      const found = /^Listening (http:\/\/\S+)/m.exec(text);
      if (found) resolve({ address: found[1], stop: () => child.stdin.end() });
    });
  });
}
