// What the real services answered, read from beside the repository. Never committed.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../shared/data/recordings", import.meta.url));

/** Why the recordings cannot be read: `false` where they are. In CI they are required. */
export function missing() {
  if (existsSync(folder)) return false;
  if (process.env.CI === "true") throw new Error(`required in CI: no recordings in ${folder}`);
  return `no recordings in ${folder}`;
}

/** Every interaction: `{ id, request: { method, url, body }, response: { status, headers, body } }`. */
export function interactions() {
  return [...fromLines(), ...fromHeads(), ...fromReports()];
}

/** The files with an interaction a line. */
function fromLines() {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) =>
      readFileSync(path.join(folder, name), "utf8")
        .split("\n")
        .filter((line) => line.trim())
        .map((line, index) => ({ id: `${name}:${index + 1}`, ...JSON.parse(line) })),
    );
}

/** Status and headers alone; what was asked is told by the file's name and the headers. */
function fromHeads() {
  return files("headers", ".http").map(({ name, text }) => {
    const [first, ...lines] = text.split("\n").map((line) => line.trim());
    const headers = Object.fromEntries(
      lines.filter(Boolean).map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
    const method = name.split("-")[0].toUpperCase();
    return {
      id: name,
      request: { method, url: null, body: null },
      response: { status: Number(first.split(" ")[1]), headers, body: null },
    };
  });
}

/** Bodies of router errors that third parties quoted; the key starts with the status. */
function fromReports() {
  return files("headers", "router-error-bodies.reported.json").flatMap(({ name, text }) =>
    Object.entries(JSON.parse(text))
      .filter(([key]) => /^\d{3}/.test(key))
      .map(([key, body]) => ({
        id: `${name}:${key}`,
        request: { method: "POST", url: "https://router.huggingface.co/v1/chat/completions", body: null },
        response: {
          status: Number.parseInt(key, 10),
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        },
      })),
  );
}

function files(subfolder, ending) {
  return readdirSync(path.join(folder, subfolder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(folder, subfolder, name), "utf8") }));
}
