// What `npm start` and `npm test` say of the commands that they run out of sight.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";

import { root } from "../../scripts/lib/run.mjs";

const log = path.join(root, ".cache/logs/progress-test.log");
after(() => rmSync(log, { force: true }));

test("a command that succeeds leaves one line, and all that it wrote in its log", async () => {
  const { code, out } = await script('await run("progress test", node, ["-e", "console.log(1); console.error(2)"])');
  assert.equal(code, 0);
  assert.match(out, /^· progress test {2}0:0\d\n$/);
  assert.deepEqual(readFileSync(log, "utf8").trim().split("\n").sort(), ["1", "2"]);
});

test("one that fails is told with its last lines and its log", async () => {
  const many = 'for (let at = 1; at <= 100; at++) console.log("line " + at); process.exit(3)';
  const { code, error } = await script(`await run("progress test", node, ["-e", ${JSON.stringify(many)}])`);
  assert.equal(code, 1);
  assert.match(error, /ended with code 3/);
  assert.match(error, /line 71\n(?:.*\n)*.*line 100\n/);
  assert.doesNotMatch(error, /line 70\n/);
  assert.match(error, /All of it: \.cache\/logs\/progress-test\.log/);
  assert.equal(readFileSync(log, "utf8").trim().split("\n").length, 100);
});

test("how far cargo is stands in the line, not in the log", async () => {
  const cargo = 'process.stderr.write("    Building [====>    ] 12/34: serde\\\\r    Compiling serde\\\\n"); setTimeout(() => {}, 600)';
  const { out } = await script(`await run("progress test", node, ["-e", '${cargo}'])`, "process.stdout.isTTY = true;");
  assert.match(out, /progress test 12\/34 0:0\d/);
  assert.equal(readFileSync(log, "utf8"), "    Compiling serde\n");
});

test("when one of several fails, the others end and nothing more begins", async () => {
  const { code, error, seconds } = await script(`await together(
    () => run("progress test", node, ["-e", "process.exit(1)"]),
    async () => {
      await run("progress test 2", node, ["-e", "setTimeout(() => {}, 60000)"]).catch(() => {});
      await run("progress test 3", node, ["-e", "console.log(3)"]);
    },
  )`);
  assert.equal(code, 1);
  assert.match(error, /progress test: .* ended with code 1/);
  assert.ok(seconds < 30, `${seconds} s`);
  rmSync(path.join(root, ".cache/logs/progress-test-2.log"));
});

/** Runs a script's main function as the scripts do. */
function script(body, first = "") {
  const from = (name) => JSON.stringify(new URL(`../../scripts/lib/${name}.mjs`, import.meta.url).href);
  const code = `${first}
    const { run, together } = await import(${from("progress")});
    const { main } = await import(${from("say")});
    const node = process.execPath;
    await main(async () => { ${body} });`;
  const start = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { cwd: root });
  const said = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.error += text));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, ...said, seconds: (performance.now() - start) / 1000 }));
  });
}
