// The agent's panel: a scripted model works under a policy, a person is asked, calls are denied, runs are stopped.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { findUnnamed, lowContrast } from "./audit.mjs";
import { DARK, DESKTOP, openBrowser, OUT, PHONE } from "./open.mjs";

let browser;
let view;
before(async () => {
  browser = await openBrowser();
  mkdirSync(OUT, { recursive: true });
});
after(() => browser?.close());
beforeEach(async () => {
  await browser.control("reset");
  await browser.control("faults", undefined, "DELETE");
  view = await visit(DESKTOP);
});
afterEach(() => view?.close());

const DELETION = "Delete the repository alice/bert-notes with all its files";
const OWN = "/api/models/alice/bert-notes";

async function visit(options) {
  const opened = await browser.visit(options);
  await opened.go("#agent");
  return opened;
}

const question = () => view.panel.getByRole("alertdialog");
const button = (name) => view.panel.getByRole("button", { name, exact: true });
const press = (key) => view.page.keyboard.press(key);
const focused = () => view.page.evaluate(() => document.activeElement.innerText.trim());
/** The steps: what it said and thought, and the calls by their badge. */
const steps = async () => (await view.panel.locator(".step").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
const records = async () => {
  await view.tab("Records");
  return JSON.parse(await view.panel.locator(".code:visible").innerText());
};
const status = async (address) => (await fetch(browser.emulator.endpoint + address, { headers: { authorization: `Bearer ${browser.emulator.tokens.write}` } })).status;
const log = () => browser.control("log", undefined, "GET");
/** Calls that reached the emulator and change something. */
const writes = async () =>
  (await log()).filter(({ method, path: address }) => method !== "GET" && address.startsWith("/api/")).map(({ method, path: address }) => `${method} ${address.split("?")[0]}`);
const follow = async (turns) => {
  await view.panel.getByText("What the scripted model does").click();
  await view.panel.getByLabel("Script").fill(JSON.stringify(turns));
};
const set = (group, mode) => view.panel.getByRole("radiogroup", { name: group, exact: true }).getByRole("radio", { name: mode, exact: true }).check();

describe("the example", () => {
  it("is five calls, one denied and one approved", async () => {
    await browser.control("log", undefined, "DELETE");
    await view.run();
    await question().waitFor();
    assert.ok((await question().innerText()).includes(DELETION));
    assert.equal(await status(OWN), 200, "nothing is deleted yet");
    await button("Approve").click();
    assert.match(await view.ended(), /Answered after 6 turns and 5 calls/);
    assert.deepEqual(
      (await steps()).filter((text) => /(allowed|approved|denied|declined|failed) \w+ /.test(text)).map((text) => text.replace(/ (\d+ ms|[\d.]+ s)\b.*/, "")),
      [
        "Listed models that match bert. allowed listModels",
        (await steps()).find((text) => text.includes("denied commit")),
        "Created the repository alice/bert-notes. allowed createRepo",
        "Committed 1 file to alice/bert-notes on main. allowed commit",
        "Deleted the repository alice/bert-notes with all its files, with approval. approved deleteRepo",
      ],
    );
    const denied = (await steps()).find((text) => text.includes("denied"));
    assert.match(denied, /^Was not allowed to commit 1 file to acme\/tiny-bert on main: .+\. denied commit nothing was sent$/);
    assert.ok((await steps())[0].includes("First, I see which models there are."));
    assert.equal(await status(OWN), 404);
    assert.ok((await writes()).every((request) => !request.includes("acme")), "what was denied was not sent");
    const reported = await records();
    assert.deepEqual(reported.map(({ decision }) => decision), ["allowed", "denied", "allowed", "allowed", "approved"]);
    assert.ok(reported.every(({ agent }) => agent === "demo"));
    await view.tab("Messages");
    assert.match(await view.panel.locator(".code:visible").innerText(), /"role": "tool"/);
    assert.deepEqual(view.problems, []);
  });

  it("is approved by keyboard, and read aloud", async () => {
    await view.panel.getByRole("button", { name: "Run", exact: true }).focus();
    await press("Enter");
    await question().waitFor();
    const name = await question().evaluate((element) => document.getElementById(element.getAttribute("aria-labelledby")).innerText);
    const reported = await question().evaluate((element) => document.getElementById(element.getAttribute("aria-describedby")).innerText);
    assert.deepEqual([name, reported], ["It asks for your approval", DELETION]);
    assert.equal(await question().evaluate((element) => element.closest("[aria-live]")?.ariaLive), "assertive");
    assert.equal(await question().evaluate((element) => element === document.activeElement), true, "the focus is at the question, not on an answer");
    await press("Tab");
    assert.match(await focused(), /What it would send/);
    await press("Tab");
    assert.equal(await focused(), "Approve");
    await press("Tab");
    assert.equal(await focused(), "Decline");
    await press("Shift+Tab");
    await press("Enter");
    await view.ended();
    assert.equal(await status(OWN), 404);
    assert.equal(await focused(), "Run", "the focus is not lost with the question");
  });

  it("goes on where a person declines", async () => {
    await view.run();
    await question().waitFor();
    await button("Decline").click();
    assert.match(await view.ended(), /Answered/);
    assert.equal(await status(OWN), 200, "it is still there");
    assert.ok((await steps()).some((text) => /^Was not allowed to delete the repository alice\/bert-notes .*a person declined it\. declined deleteRepo nothing was sent/.test(text)));
  });

  it("stops while it asks, and runs again", async () => {
    await view.run();
    await question().waitFor();
    await button("Stop").click();
    assert.match(await view.ended("cancelled"), /Stopped after/);
    assert.equal(await question().count(), 0);
    assert.equal(await status(OWN), 200, "a stop is no approval");
    await view.run();
    await question().waitFor();
    await button("Approve").click();
    await view.ended();
    assert.ok((await steps()).some((text) => text.includes("failed createRepo")), "it was there already");
    assert.equal(await status(OWN), 404);
  });
});

it("the code of the panel does the same", async () => {
  await view.tab("Code");
  await button("Copy").click();
  const source = await view.page.evaluate(() => navigator.clipboard.readText());
  assert.ok(!source.includes(browser.emulator.tokens.write));
  mkdirSync(path.join(OUT, "snippets"), { recursive: true });
  const file = path.join(OUT, "snippets/agent.mjs");
  // What a browser has of its own.
  writeFileSync(file, `globalThis.confirm = () => true;\n${source.replaceAll("hf_…", browser.emulator.tokens.write)}`);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  for (const line of ["denied Was not allowed to commit 1 file to acme/tiny-bert", "allowed Created the repository alice/bert-notes", "approved Deleted the repository"]) assert.ok(stdout.includes(line), stdout);
});

describe("a run", () => {
  it("stops at once while a call is slow", async () => {
    await browser.control("faults", [{ path: "/api/models", delay_ms: 20_000 }]);
    await browser.control("log", undefined, "DELETE");
    await view.run();
    // The model is quick: what is stopped is the call.
    while (!(await log()).some(({ path: address }) => address === "/api/models")) await new Promise((done) => setTimeout(done, 20));
    await button("Stop").click();
    await view.ended("cancelled");
    const [record] = await records();
    assert.deepEqual([record.endpoint, record.outcome], ["listModels", "aborted"]);
  });

  it("tells that the router failed", async () => {
    await view.panel.getByLabel("Model", { exact: true }).fill("acme/none");
    await view.run();
    await view.ended("failed");
    assert.match(await view.output.locator(".error-card").innerText(), /kind\s*notFound/);
  });

  it("works with a model that fills arguments itself", async () => {
    await view.panel.getByLabel("Model", { exact: true }).fill("emulator/echo");
    await view.panel.getByLabel("Task", { exact: true }).fill("List models, search: bert, limit: 2");
    assert.equal(await view.panel.getByText("What the scripted model does").isVisible(), false);
    await view.run();
    assert.match(await view.ended(), /Answered after 2 turns and 1 call/);
    assert.ok((await steps()).some((text) => text.startsWith("Listed models that match bert. allowed listModels")));
  });

  it("does not begin with a script that is no JSON, nor with a pattern that is none", async () => {
    await follow([]);
    await view.panel.getByLabel("Script").fill("[{");
    await view.run();
    assert.match(await view.panel.getByRole("alert").first().innerText(), /not JSON/);
    await view.panel.getByLabel("Script").fill('[{"text":"Hi"}]');
    await view.panel.getByLabel("Changes only in").fill("a/b/c/d");
    await view.run();
    await view.ended("failed");
    assert.match(await view.output.innerText(), /no pattern of repositories/);
  });

  it("takes another model at another address, told what the person wants", async () => {
    const before = view.panel.getByLabel("Messages before the task");
    await view.panel.getByText("Where the model runs, and what it is told").click();
    assert.equal(await before.isVisible(), false, "the scripted model is told its script");
    assert.equal(await view.panel.getByLabel("Base URL").inputValue(), browser.emulator.routerEndpoint);
    await view.panel.getByLabel("Model", { exact: true }).fill("emulator/echo");
    await before.fill("{}");
    await view.run();
    assert.match(await view.panel.getByRole("alert").first().innerText(), /messages before the task are no JSON array/);
    await before.fill('[{"role":"system","content":"Be brief."}]');
    await view.panel.getByLabel("Task", { exact: true }).fill("Hello");
    await browser.control("log", undefined, "DELETE");
    await view.run();
    assert.match(await view.ended(), /Answered after 1 turn and 0 calls, [\d,]+ tokens/);
    await view.tab("Messages");
    assert.match(await view.panel.locator(".code:visible").innerText(), /Be brief\./);
    // Another origin than the connection's: the token stays at home.
    await view.panel.getByLabel("Base URL").fill(browser.emulator.routerEndpoint.replace("127.0.0.1", "localhost"));
    await view.run();
    await view.ended("failed");
    assert.match(await view.output.innerText(), /401/);
  });
});

describe("the switches", () => {
  const turns = [{ calls: [{ name: "hub_createDiscussion", arguments: { repo: "alice/playground", title: "Hello", description: "Hi." } }] }, { text: "Well." }];
  const discussion = (text) => /Opened the discussion “Hello” in alice\/playground\. allowed/.test(text);

  it("decide what is done", async () => {
    await follow(turns);
    await browser.control("log", undefined, "DELETE");
    for (const mode of ["off", "read"]) {
      await set("Discussions and pull requests", mode);
      await view.run();
      await view.ended();
      assert.ok((await steps()).some((text) => /no tool "hub_createDiscussion".*not offered.*refused/.test(text)), mode);
    }
    assert.deepEqual(await writes(), []);
    await set("Discussions and pull requests", "full");
    await view.run();
    await view.ended();
    assert.ok((await steps()).some(discussion));
    assert.deepEqual(await writes(), ["POST /api/models/alice/playground/discussions"]);
  });

  it("hold in the named repositories alone, or everywhere", async () => {
    await follow([{ calls: [{ ...turns[0].calls[0], arguments: { repo: "acme/tiny-bert", title: "Hello", description: "Hi." } }] }, { text: "Well." }]);
    await set("Discussions and pull requests", "full");
    await view.run();
    await view.ended();
    assert.ok((await steps()).some((text) => /^Was not allowed to open the discussion “Hello” in acme\/tiny-bert/.test(text)));
    await view.panel.getByLabel("Changes only in").fill("");
    await view.run();
    await view.ended();
    assert.ok((await steps()).some((text) => text.startsWith("Opened the discussion “Hello” in acme/tiny-bert. allowed")));
  });
});

describe("what models say", () => {
  it("is shown as text, whatever it looks like", async () => {
    const attack = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';
    await follow([{ reasoning: attack, text: attack, calls: [{ name: "hub_deleteRepo", arguments: { repo: "alice/playground", ...{ reason: attack } } }, { name: `hub_${attack}` }] }, { text: attack }]);
    await view.run();
    await view.ended();
    assert.ok((await steps()).filter((text) => text.includes(attack)).length >= 3);
    for (const tab of ["Messages", "Records"]) await view.tab(tab);
    assert.equal(await view.page.evaluate(() => window.hurt), undefined);
    assert.equal(await view.page.locator("main img, main script").count(), 0);
  });
});

describe("events", () => {
  const events = async () => (await view.panel.getByRole("log", { name: "Webhook events" }).locator("li").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  const webhooks = async () => (await (await fetch(`${browser.emulator.endpoint}/api/settings/webhooks`, { headers: { authorization: `Bearer ${browser.emulator.tokens.write}` } })).json()).length;

  it("of webhooks come live and verified, as long as one listens", async () => {
    const before = await webhooks();
    await view.tab("Events");
    await button("Listen").click();
    await button("Stop listening").waitFor();
    assert.equal(await webhooks(), before + 1);
    // What does not bear the secret of this page is not shown.
    const forged = { event: { scope: "repo", action: "create" }, repo: { type: "model", name: "mallory/x", id: "1" }, webhook: { id: "1", version: 3 } };
    await fetch(`${browser.emulator.endpoint}/_emulator/webhook-sink`, { method: "POST", headers: { "content-type": "application/json", "x-webhook-secret": "wrong" }, body: JSON.stringify(forged) });
    await view.run();
    await question().waitFor();
    await button("Approve").click();
    await view.ended();
    await view.tab("Events");
    await view.panel.getByText("The repository alice/bert-notes was deleted.").waitFor();
    const reported = await events();
    assert.ok(reported.includes("The repository alice/bert-notes was created. verified repo.create"), reported.join("\n"));
    assert.ok(reported.some((text) => /^In alice\/bert-notes, main .*\. verified repo\.content\.update/.test(text)), reported.join("\n"));
    assert.ok(!reported.join().includes("mallory"));
    await view.page.screenshot({ path: path.join(OUT, "agent-desktop-events.png") });
    await button("Stop listening").click();
    await button("Listen").waitFor();
    assert.equal(await webhooks(), before);
    assert.deepEqual(view.problems, []);
  });
});

describe("looks", () => {
  for (const [look, options] of Object.entries({ desktop: DESKTOP, dark: DARK, phone: PHONE })) {
    it(`right, ${look}`, async () => {
      await view.close();
      view = await visit(options);
      const picture = async (name) => {
        const file = path.join(OUT, `agent-${look}-${name}.png`);
        assert.ok((await view.page.screenshot({ path: file })).length > 10_000, `${file} is not blank`);
        const wide = await view.page.evaluate(() => [document.scrollingElement.scrollWidth - innerWidth, document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth]);
        assert.deepEqual(wide, [0, 0], name);
        assert.deepEqual(await view.page.evaluate(findUnnamed), [], name);
        assert.deepEqual(await view.page.evaluate(lowContrast), [], name);
      };
      await picture("start");
      await view.run();
      await question().waitFor();
      await picture("question");
      await button("Approve").click();
      await view.ended();
      await picture("end");
      const last = await view.panel.locator(".step").last().evaluate((step) => step.getBoundingClientRect().bottom - document.querySelector("main").getBoundingClientRect().bottom);
      assert.ok(last > -800 && last < 1, `the last step is in view: ${last}`);
      assert.deepEqual(view.problems, []);
    });
  }
});
