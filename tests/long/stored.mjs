// What git has in the emulator's repository.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";

const git = async (folder, ...args) => (await promisify(execFile)("git", ["-C", folder, ...args], { encoding: "buffer", maxBuffer: 1 << 28 })).stdout;

/** Blob ids of the files of a revision by their paths, and what the repository says of itself. */
export async function storedIn(data, id, revision = "main") {
  const folder = path.join(data, "git", `${id}.git`);
  await git(folder, "fsck", "--strict");
  const lines = (await git(folder, "ls-tree", "-r", "-z", revision)).toString("utf8").split("\0").filter(Boolean);
  const files = new Map(lines.map((line) => [line.slice(line.indexOf("\t") + 1), line.split(/[ \t]/)[2]]));
  const commits = (await git(folder, "rev-list", revision)).toString().trim().split("\n");
  return { files, commits, blob: (oid) => git(folder, "cat-file", "blob", oid) };
}

/** The id that git gives to a content, and the SHA-256 by which a large file is stored. */
export function idsOf(content) {
  const blob = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  const sha256 = createHash("sha256").update(content).digest("hex");
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`;
  return { blob, sha256, pointer: createHash("sha1").update(`blob ${pointer.length}\0${pointer}`).digest("hex") };
}
