// What the guides say in TypeScript compiles, and what they say does not compile, does not. JavaScript is run elsewhere.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { blocksOf } from "../examples/lib/blocks.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the TypeScript of the guides", { timeout: 120_000 }, () => {
  const folder = path.join(root, ".cache/types-of-docs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = readdirSync(path.join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  const programs = pages.flatMap(blocksOf).filter(({ language }) => language === "ts");
  assert.ok(programs.length > 0);
  for (const { name, code } of programs) writeFileSync(path.join(folder, `${name.replaceAll(/[/.:]/g, "-")}.mts`), code);
  const compilerOptions = { module: "nodenext", target: "es2024", lib: ["es2024", "dom", "dom.iterable"], types: ["node"], strict: true, noEmit: true, skipLibCheck: true };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*"] }));
  try {
    execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { cwd: root, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    assert.fail(error.stdout || error.stderr || error);
  }
});
