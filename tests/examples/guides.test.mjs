// Every program of the guides, as it stands there, in Node, Deno, a worker and a page, from the packed package. Where a
// guide says what a program prints, it prints that.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { pack, root } from "../package/lib/place.mjs";
import { bin, run } from "../package/lib/program.mjs";
import { site } from "../package/lib/site.mjs";
import { asModule, blocksOf, RUN_ALL } from "./lib/blocks.mjs";
import { openBrowser } from "./lib/chromium.mjs";
import { inWorkerd } from "./lib/worker.mjs";

const GUIDES = ["index", "start", "lists", "commits", "discussions", "chat", "errors", "rate-limits", "options", "testing", "from-hub", "from-inference", "from-openai"];
const blocks = GUIDES.flatMap((name) => blocksOf(`docs/${name}.md`));
const programs = blocks.filter(({ isProgram }) => isProgram);
const portable = programs.filter(({ isPortable }) => isPortable);

let packed;
before(() => {
  packed = pack();
});
after(() => packed?.remove());

/** A Hub of its own for each runtime, and the environment that the guides speak of. */
async function hub() {
  const emulator = await startEmulator();
  const env = { HF_ENDPOINT: emulator.endpoint, HF_INFERENCE_ENDPOINT: emulator.routerEndpoint, HF_TOKEN: emulator.tokens.write };
  return { ...emulator, env };
}

/** A project that has the packages that people move over from, too. */
function project() {
  const folder = packed.plain();
  mkdirSync(path.join(folder, "node_modules/@huggingface"));
  for (const name of ["@huggingface/hub", "@huggingface/inference", "openai"]) symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
  return folder;
}

function judge({ code, printed }, lines) {
  if (printed.length > 0) assert.deepEqual(lines.map((line) => line.trimEnd()), printed, code);
}

const RUNTIMES = {
  Node: [process.execPath, []],
  Deno: [bin("deno"), ["run", "--no-prompt", "--allow-all"]],
};

for (const [name, [program, flags]] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    let emulator;
    let folder;
    before(async () => {
      emulator = await hub();
      folder = project();
    });
    after(() => emulator?.stop());

    for (const block of name === "Node" ? programs : portable) {
      test(block.name, { timeout: 60_000 }, async () => {
        writeFileSync(path.join(folder, "program.mjs"), block.code);
        const env = { ...emulator.env, PATH: `${path.join(root, "target/debug")}${path.delimiter}${process.env.PATH}` };
        judge(block, (await run(program, [...flags, "program.mjs"], folder, { env })).split("\n").filter(Boolean));
      });
    }
  });
}

describe("workerd", () => {
  test("the portable programs", { timeout: 120_000 }, async (context) => {
    const emulator = await hub();
    context.after(() => emulator.stop());
    const folder = project();
    for (const [at, block] of portable.entries()) writeFileSync(path.join(folder, `program-${at}.mjs`), asModule(block));
    const imports = portable.map((_, at) => `import p${at} from "./program-${at}.mjs";`).join("\n");
    const source = `${imports}\n${RUN_ALL}\nexport default { fetch: async () => Response.json(await runAll([${portable.map((_, at) => `p${at}`)}])) };`;
    judgeAll(await inWorkerd(folder, source, emulator.env));
  });

  test("the worker of “Get started”", { timeout: 60_000 }, async (context) => {
    const emulator = await startEmulator(["--allow-host", "huggingface.co"]);
    context.after(() => emulator.stop());
    const block = blocks.find(({ page, code }) => page === "docs/start.md" && code.includes("export default"));
    // Its huggingface.co is the local Hub.
    const ids = await inWorkerd(project(), block.code, { HF_TOKEN: emulator.tokens.read }, emulator.endpoint);
    assert.equal(ids.length, 3);
  });
});

function judgeAll(results) {
  assert.equal(results.length, portable.length);
  for (const [at, { lines, error }] of results.entries()) {
    assert.equal(error, undefined, `${portable[at].name}: ${error}`);
    judge(portable[at], lines.flatMap((line) => line.split("\n")).filter(Boolean));
  }
}

describe("page", () => {
  let emulator;
  let browser;
  let folder;
  let served;
  before(async () => {
    emulator = await hub();
    folder = project();
    served = await site(folder);
    browser = await openBrowser(folder, emulator.endpoint);
  });
  after(async () => {
    await browser?.close();
    await served?.stop();
    await emulator?.stop();
  });

  test("the portable programs, with the package from a CDN", { timeout: 120_000 }, async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, "pkg/package.json"), "utf8"));
    const map = { imports: { "hf-wasm": `https://cdn.jsdelivr.net/npm/hf-wasm@${version}/dist/browser.js` } };
    for (const [at, block] of portable.entries()) writeFileSync(path.join(folder, `program-${at}.mjs`), asModule(block));
    const imports = portable.map((_, at) => `import p${at} from "./program-${at}.mjs";`).join("\n");
    writeFileSync(path.join(folder, "all.mjs"), `${imports}\n${RUN_ALL}\nglobalThis.results = runAll([${portable.map((_, at) => `p${at}`)}]);`);
    const env = `globalThis.process = { env: ${JSON.stringify(emulator.env)} };`;
    writeFileSync(path.join(folder, "index.html"), `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${JSON.stringify(map)}</script><script>${env}</script><script type="module" src="all.mjs"></script>`);
    const { page, problems, close } = await browser.open(`${served.origin}/`);
    await page.waitForFunction(() => globalThis.results);
    judgeAll(await page.evaluate(() => globalThis.results));
    await close();
    // Programs whose call fails on purpose leave a line of the browser's own.
    assert.deepEqual(problems.filter((text) => !text.startsWith("Failed to load resource")), []);
  });

  for (const block of blocks.filter(({ language }) => language === "html")) {
    test(block.name, { timeout: 60_000 }, async () => {
      writeFileSync(path.join(folder, "block.html"), `<!doctype html><link rel="icon" href="data:,"><body>${block.code}`);
      const { page, problems, close } = await browser.open(`${served.origin}/block.html`);
      await page.getByText("bert").waitFor();
      assert.deepEqual(problems, []);
      await close();
    });
  }
});
