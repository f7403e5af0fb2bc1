// The demo page: one click on each panel gives what it promises, and the code beside each form does the same.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { endpoints } from "../../www/catalogue.js";
import { EXPECTATIONS } from "./expectations.mjs";
import { openBrowser, OUT } from "./open.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const SNIPPETS = path.join(OUT, "snippets");

let browser;
before(async () => {
  browser = await openBrowser();
  rmSync(SNIPPETS, { recursive: true, force: true });
  mkdirSync(SNIPPETS, { recursive: true });
});
after(() => browser?.close());

describe("one click", () => {
  let view;
  before(async () => {
    await browser.control("reset");
    view = await browser.visit();
  });
  after(() => view?.close());

  it("has an expectation for each endpoint", () => {
    assert.deepEqual(Object.keys(EXPECTATIONS).sort(), endpoints.map(({ key }) => key).sort());
  });

  for (const endpoint of endpoints) {
    it(`runs ${endpoint.key}`, async () => {
      await view.move(endpoint);
      await view.run();
      await view.ended();
      await EXPECTATIONS[endpoint.key](view);
      await view.tab("JSON");
      const json = await view.panel.locator(".code-box .code:visible").innerText();
      if (endpoint.reply === "empty") assert.match(json, /nothing came back/);
      else assert.ok(json.startsWith("{") || json.startsWith("["), json.slice(0, 80));
      await view.tab("Schema");
      const schema = view.panel.locator(".code-box .code:visible");
      await schema.getByText(`${endpoint.name}(…): ${endpoint.type}`).waitFor();
      const declared = await schema.innerText();
      for (const [name] of endpoint.type.replaceAll(/Pages|EventStream|Blob/g, "").matchAll(/[A-Z]\w+/g)) assert.match(declared, new RegExp(`^(interface|type) ${name}\\b`, "m"));
      assert.deepEqual(view.problems, []);
    });
  }

  it("asks nobody but the emulator", async () => {
    const headers = { accept: "application/json", "x-emulator-control": "1" };
    const index = await (await fetch(`${browser.emulator.endpoint}/_emulator`, { headers })).json();
    const allowed = new Set([index.hub, index.files].map((address) => new URL(address).origin));
    const strangers = view.requests.filter((address) => /^https?:/.test(address) && !allowed.has(new URL(address).origin));
    assert.deepEqual(strangers, []);
  });
});

describe("the code beside a form runs as it stands", () => {
  /** By language, `{ key: program }`. */
  const programs = { JavaScript: {}, TypeScript: {}, curl: {}, Python: {} };
  const token = () => browser.emulator.tokens.write;

  before(async () => {
    await browser.control("reset");
    const view = await browser.visit();
    for (const language of Object.keys(programs)) {
      await view.move(endpoints[0]);
      await view.panel.getByRole("tab", { name: language }).click();
      for (const endpoint of endpoints) {
        await view.move(endpoint);
        const code = view.panel.locator(".code-page:visible .code");
        await code.waitFor();
        programs[language][endpoint.key] = await code.innerText();
      }
    }
    assert.ok(!JSON.stringify(programs).includes(token()), "no program holds a token");
    await view.close();
  });

  for (const endpoint of endpoints) {
    it(`in JavaScript: ${endpoint.key}`, async () => {
      const source = programs.JavaScript[endpoint.key];
      assert.match(source, /token: "hf_…"/);
      const file = path.join(SNIPPETS, `${endpoint.key}.mjs`);
      writeFileSync(file, source.replace('"hf_…"', JSON.stringify(token())).replace('secret: "…"', 'secret: "s3cret"'));
      const { stdout } = await run(process.execPath, [file]);
      if (endpoint.reply !== "empty") assert.notEqual(stdout.trim(), "", "it prints something");
    });
  }

  it("in JavaScript: the program of the overview", async () => {
    const view = await browser.visit();
    await view.go("");
    // Narrow windows do not show it.
    const source = await view.page.locator(".hero-code .code").textContent();
    await view.close();
    const file = path.join(SNIPPETS, "overview.mjs");
    writeFileSync(file, source);
    const { stdout } = await run(process.execPath, [file], { env: { ...process.env, HF_ENDPOINT: browser.emulator.endpoint } });
    assert.match(stdout, /^(\S*bert\S* \d+\n){5}$/);
  });

  it("in TypeScript, as a strict compiler sees it", async () => {
    for (const [key, source] of Object.entries(programs.TypeScript)) writeFileSync(path.join(SNIPPETS, `${key}.ts`), source);
    const options = { strict: true, noEmit: true, module: "nodenext", target: "es2022", lib: ["es2023", "dom"], skipLibCheck: true, types: [] };
    writeFileSync(path.join(SNIPPETS, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    const compiled = await run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", SNIPPETS]).catch((error) => error);
    assert.equal(compiled.code, undefined, compiled.stdout);
  });

  it("in a shell, by curl", async (t) => {
    if (await run("curl", ["--version"]).then(() => false, () => true)) return t.skip("no curl on this machine");
    await browser.control("reset");
    for (const endpoint of endpoints) {
      const command = programs.curl[endpoint.key].replaceAll("…", "s3cret");
      assert.match(command, /Bearer \$HF_TOKEN/, endpoint.key);
      const env = { ...process.env, HF_TOKEN: token() };
      const { error, stdout, stderr } = await run("bash", ["-c", `${command} -sS --fail-with-body`], { env, encoding: "buffer" }).catch((problem) => ({ error: problem, ...problem }));
      assert.equal(error, undefined, `${command}\n${stdout}\n${stderr}`);
    }
  });

  it("in Python, by the official client where it can", async (t) => {
    if (!process.env.PYTHON) return t.skip("no PYTHON, which `npm test` sets");
    await browser.control("reset");
    const file = path.join(SNIPPETS, "programs.json");
    writeFileSync(file, JSON.stringify(programs.Python).replaceAll("…", "s3cret"));
    const official = Object.values(programs.Python).filter((source) => source.includes("huggingface_hub"));
    assert.ok(official.length >= 22, `${official.length} by the official client`);
    const driver = "import json,sys,traceback\nbad=[]\nfor key,source in json.load(open(sys.argv[1])).items():\n  try: exec(compile(source,key,'exec'),{})\n  except Exception: bad.append(key+'\\n'+source+'\\n'+traceback.format_exc())\nif bad: sys.exit('\\n'.join(bad))";
    const { stderr } = await run(process.env.PYTHON, ["-c", driver, file], { env: { ...process.env, HF_TOKEN: token(), HF_HUB_DISABLE_PROGRESS_BARS: "1" }, cwd: SNIPPETS, maxBuffer: 1e8 }).then(() => ({ stderr: "" }), (error) => error);
    assert.equal(stderr, "");
  });
});
