// The builds that are not published: `--dev`, which keeps the names of functions, and `--stable`, with the standard
// library that comes with Rust. Each builds the core alone and puts it into a copy of the built package.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const xtask = path.join(root, "target/debug", process.platform === "win32" ? "xtask.exe" : "xtask");
const sysroot = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
const hasTarget = existsSync(path.join(sysroot, "lib/rustlib/wasm32-unknown-unknown"));

const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The package with a core that was built in another way. */
async function packageWith(option) {
  const { stdout } = await promisify(execFile)(xtask, ["build", option, "core"], { maxBuffer: 2 ** 26 });
  const built = stdout.trim().split("\n").at(-1);
  const folder = mkdtempSync(path.join(tmpdir(), "hf-wasm-build-"));
  folders.push(folder);
  cpSync(path.join(root, "pkg/dist"), path.join(folder, "dist"), { recursive: true });
  cpSync(path.join(root, "pkg/package.json"), path.join(folder, "package.json"));
  for (const name of ["core_bg.js", "core_bg.wasm"]) cpSync(path.join(built, name), path.join(folder, "dist", name));
  return await import(pathToFileURL(path.join(folder, "dist/index.js")));
}

const client = ({ Hub }) => new Hub({ endpoint: "https://hub.example", token: null, fetch: async () => Response.json({ id: "acme/m" }) });
const failed = [() => assert.fail("it succeeded"), (error) => error];
/** The core panics on purpose for what is no endpoint, and for a page of what is no list when that has come. */
const defect = (hub) => hub.call("noSuchEndpoint", {}).then(...failed);
const inTheMiddle = (hub) => hub.pages("modelInfo", { repo: "acme/m" }).then(...failed);

test("a build for development names the functions in the stack of a trap", { timeout: 600_000 }, async () => {
  const hub = client(await packageWith("--dev"));
  assert.equal((await hub.modelInfo({ repo: "acme/m" })).id, "acme/m");
  const { message, advice, cause } = await inTheMiddle(hub);
  assert.match(cause.stack, /web::pending_call::PendingCall>::resume/);
  assert.match(message, /^modelInfo: a defect in hf-wasm: /);
  assert.match(advice, /report/);
});

test("the build with Rust's own standard library works", { timeout: 600_000, skip: !hasTarget && "Rust has no target wasm32-unknown-unknown" }, async () => {
  const hub = client(await packageWith("--stable"));
  assert.equal((await hub.modelInfo({ repo: "acme/m" })).id, "acme/m");
  const error = await hub.modelInfo({ repo: "../wrong" }).catch((error) => error);
  assert.deepEqual([error.kind, error.field], ["invalidInput", "repo"]);
  assert.equal((await defect(hub)).kind, "internal");
  assert.equal((await hub.modelInfo({ repo: "acme/m" })).id, "acme/m");
});
