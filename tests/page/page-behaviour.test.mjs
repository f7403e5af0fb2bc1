// The demo page: lists go on, streams stop, calls are cancelled, failures are told, nothing is given away.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { openBrowser } from "./open.mjs";

const WWW = fileURLToPath(new URL("../../www", import.meta.url));

let browser;
let view;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  await browser.control("reset");
  await browser.control("faults", undefined, "DELETE");
  view = await browser.visit();
});
afterEach(() => view?.close());

const button = (name) => view.panel.getByRole("button", { name, exact: true });
const lastStatus = () => view.page.locator(".dock .last .code-chip").innerText();

describe("more", () => {
  for (const { hash, first, next, end } of [
    { hash: "#repository/listCommits", first: 10, next: [20, 25], end: "All 25 commits" },
    { hash: "#discussions/listDiscussions", first: 50, next: [58], end: "All 58 discussions" },
  ]) {
    it(`walks ${hash} to its end`, async () => {
      const items = view.output.locator(".list > li");
      await view.go(hash);
      await view.run();
      await view.ended();
      assert.equal(await items.count(), first);
      for (const expected of next) {
        await button("More").click();
        await view.page.waitForFunction((number) => document.querySelectorAll(".output .list > li").length === number, expected);
        await view.ended();
      }
      assert.ok((await view.output.innerText()).includes(end));
      assert.equal(await button("More").count(), 0);
      const texts = await items.allInnerTexts();
      assert.equal(new Set(texts).size, texts.length, "no item comes twice");
    });
  }

  it("keeps what was loaded when the next page fails, and goes on after that", async () => {
    await view.go("#models/listModels");
    await view.run();
    await view.ended();
    await browser.control("faults", [{ path: "/api/models", status: 403, body: { error: "not now" }, count: 1 }]);
    await button("More").click();
    await view.ended("failed");
    assert.match(await view.output.locator(".error-card").innerText(), /not now/);
    assert.equal(await view.output.locator(".list > li").count(), 20);
    await button("More").click();
    await view.page.waitForFunction(() => document.querySelectorAll(".output .list > li").length === 40);
  });
});

describe("a chat", () => {
  const reply = () => view.output.locator(".bubble.assistant").innerText();
  const ask = async (words) => {
    await view.go("#inference/chatCompletion");
    await view.panel.getByLabel("Content of the message").fill("word ".repeat(words).trim());
  };

  it("grows while it streams, and stops when told to", async () => {
    await browser.control("faults", [{ path: "/chat/completions", stall_after_bytes: 4000, count: 1 }]);
    await ask(500);
    await view.page.evaluate(() => {
      window.lengths = new Set();
      const look = () => window.lengths.add(document.querySelector(".bubble.assistant > .pre")?.textContent.length ?? 0);
      new MutationObserver(look).observe(document.querySelector("main"), { childList: true, subtree: true });
    });
    await view.run();
    await view.page.waitForFunction(() => Math.max(...window.lengths) > 30);
    assert.ok((await view.page.evaluate(() => window.lengths.size)) > 3, "it came in pieces");
    assert.equal(await view.status.getAttribute("data-kind"), "running");
    await button("Stop").click();
    await view.ended("cancelled");
    const stopped = await reply();
    assert.match(stopped, /I am emulator/);
    await view.page.waitForTimeout(300);
    assert.equal(await reply(), stopped, "nothing comes after the stop");
    assert.match(await view.output.innerText(), /stopped/);
  });

  it("goes on with what was said before", async () => {
    await ask(3);
    await view.run();
    await view.ended();
    await view.output.getByLabel("Your next message").fill("And again?");
    await view.page.keyboard.press("Enter");
    await view.page.waitForFunction(() => document.querySelectorAll(".bubble").length === 4);
    await view.ended();
    assert.match(await view.output.locator(".bubble").last().innerText(), /And again/);
  });

  it("comes whole when asked to", async () => {
    await ask(3);
    await view.panel.getByRole("radio", { name: "whole" }).check();
    await view.run();
    await view.ended();
    assert.match(await reply(), /word word word/);
    assert.match(await view.output.innerText(), /tokens in/);
  });

  it("is billed to the session of this visit, which the usage shows", async () => {
    await ask(500);
    await view.run();
    await view.ended();
    await view.go("#account/usage");
    await view.run();
    await view.ended();
    const [session, requests, cost] = await view.output.locator("tbody td").allInnerTexts();
    assert.match(session, /^page-[\da-f-]{36}$/);
    assert.equal(requests, "1");
    assert.match(cost, /^\$0\.0+[1-9]/);
  });

  it("tells that a stream broke off, and keeps what came", async () => {
    await browser.control("faults", [{ path: "/chat/completions", cut_after_bytes: 1500, count: 1 }]);
    await ask(500);
    await view.run();
    await view.ended("failed");
    assert.ok((await reply()).length > 10);
    assert.match(await view.output.innerText(), /broken off/);
    assert.equal(await view.output.locator(".error-card").count(), 1);
  });
});

describe("calls", () => {
  it("are cancelled at once", async () => {
    await browser.control("faults", [{ path: "/api/models", delay_ms: 20_000 }]);
    await view.go("#models/listModels");
    await view.run();
    await button("Cancel").click();
    assert.match(await view.ended("cancelled"), /Stopped after/);
    assert.equal(await button("Cancel").count(), 0);
  });

  it("lead from one to another", async () => {
    await view.go("#models/listModels");
    await view.run();
    await view.ended();
    const name = await view.output.locator(".item-title").first().innerText();
    await view.output.locator(".item-title").first().click();
    await view.page.waitForFunction(() => location.hash.startsWith("#models/modelInfo"));
    await view.ended();
    assert.ok((await view.output.innerText()).includes(name));
    await view.page.goBack();
    await view.page.waitForFunction(() => document.querySelector("main h1").textContent === "hub.listModels");
    assert.equal(await view.output.locator(".list > li").count(), 20, "the list is still there");
  });

  it("show a file of the tree", async () => {
    await view.go("#repository/listFiles");
    await view.run();
    await view.ended();
    await view.output.locator(".tree > li > .tree-row").getByRole("button", { name: "config.json", exact: true }).click();
    await view.output.locator(".preview .code").waitFor();
    assert.match(await view.output.locator(".preview:visible").innerText(), /hidden_size|model_type/);
  });
});

describe("failures", () => {
  it("are told with kind, status, code and advice; a reset repairs what was used up", async () => {
    await view.go("#repository/deleteRepo");
    await view.run();
    await view.ended();
    await view.run();
    await view.page.waitForFunction(() => document.querySelector(".error-card"));
    const text = await view.output.innerText();
    for (const part of [/kind\s*notFound/, /status\s*404/, /code\s*RepoNotFound/, /endpoint\s*deleteRepo/, /request\s*\S+/]) assert.match(text, part);
    assert.ok((await view.output.locator(".error-card > p").first().innerText()).length > 10, "there is advice");
    assert.equal(await lastStatus(), "404");
    await view.output.getByRole("button", { name: "Reset the local Hub" }).click();
    await view.output.getByText("fresh again").waitFor();
    await view.run();
    await view.page.waitForFunction(() => document.querySelector(".output").innerText.includes("Deleted alice/throwaway"));
  });

  it("of the token are told: none, expired, read only", async () => {
    for (const [label, kind] of [["None", "unauthorized"], ["expired", "unauthorized"], ["alice, read", "forbidden"]]) {
      await view.go("#repository/commit");
      await view.page.locator(".connection").click();
      await view.page.locator("#settings label", { hasText: label }).first().click();
      await view.page.keyboard.press("Escape");
      await view.run();
      await view.ended("failed");
      assert.match(await view.output.innerText(), new RegExp(`kind\\s*${kind}`), label);
    }
  });

  it("in the form are told at the field, before any request", async () => {
    await view.go("#repository/commit");
    const commits = () => view.requests.filter((address) => address.includes("/api/models/")).length;
    await button("Edit as JSON").click();
    const operations = view.panel.getByRole("group", { name: /^operations/ }).getByRole("textbox");
    await operations.fill("[{");
    await view.run();
    assert.match(await view.panel.locator(".field-error:visible").innerText(), /not JSON/);
    assert.equal(await view.page.evaluate(() => document.activeElement.getAttribute("aria-invalid")), "true");
    await operations.fill("");
    await view.run();
    assert.match(await view.panel.locator(".field-error:visible").innerText(), /Required/);
    assert.equal(commits(), 0);
  });
});

describe("what servers say", () => {
  it("is shown as text, whatever it looks like", async () => {
    const attack = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';
    await view.go("#discussions/createDiscussion");
    await view.panel.getByLabel("title").fill(attack);
    await view.run();
    await view.ended();
    await view.go("#discussions/listDiscussions");
    await view.run();
    await view.ended();
    assert.ok((await view.output.innerText()).includes(attack));
    await view.tab("JSON");
    assert.equal(await view.page.evaluate(() => window.hurt), undefined);
    assert.equal(await view.page.locator("main img, main script").count(), 0);
  });

  it("makes a link only of a web address", async () => {
    const body = { webhook: { id: "1", url: "javascript:alert(1)", watched: [], domains: [], disabled: false } };
    await browser.control("faults", [{ path: "/api/settings/webhooks/", status: 200, body, count: 1 }]);
    await view.go("#webhooks/webhookInfo");
    await view.run();
    await view.ended();
    assert.ok((await view.output.innerText()).includes("javascript:alert(1)"));
    assert.equal(await view.output.locator("a").count(), 0);
  });

  it("never meets code that could parse it", () => {
    const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|createContextualFragment|srcdoc|\beval\(|new Function|\.style\s*=|localStorage|sessionStorage|indexedDB|document\.cookie/;
    // What is built holds DOMPurify, which parses what `rendered/markdown.js` shows.
    const files = readdirSync(WWW, { recursive: true }).filter((name) => /\.(js|html)$/.test(name) && !name.startsWith("dist"));
    assert.ok(files.length > 30);
    for (const name of files) {
      const found = forbidden.exec(readFileSync(path.join(WWW, name), "utf8"));
      assert.equal(found, null, `${name}: ${found?.[0]}`);
    }
    assert.match(readFileSync(path.join(WWW, "index.html"), "utf8"), /script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; connect-src 'self' https: http:/);
    assert.match(readFileSync(path.join(WWW, "dist/index.html"), "utf8"), /script-src 'self' 'sha256-[^']+' 'wasm-unsafe-eval'; .*style-src 'self' 'sha256-[^']+'; base/, "what the build writes in is named");
  });
});

describe("before any script is loaded", () => {
  it("the page has its style, and the address of a call its name in place of the overview", async () => {
    const { page, problems, close } = await browser.visit();
    await page.route("**/app.js", () => {});
    for (const [hash, title] of [["", "The core of the Hugging Face API, in one package"], ["#models/listModels?search=x", "hub.listModels"], ["#inference/chatCompletion", "router.chatCompletion"]]) {
      await page.goto("about:blank");
      await page.goto(`${browser.emulator.endpoint}/www/${hash}`, { waitUntil: "commit" });
      await page.getByText(title, { exact: true }).waitFor();
      assert.equal(await page.locator("#hero").isVisible(), hash === "");
      assert.match(await page.locator("body").evaluate((body) => getComputedStyle(body).display), /grid/);
    }
    assert.deepEqual(problems, []);
    await close();
  });
});

describe("a token", () => {
  it("is nowhere but in memory", async () => {
    const secret = "hf_thisStaysInMemory";
    await view.go("#account/whoAmI");
    await view.page.locator(".connection").click();
    await view.page.getByLabel("Another token").fill(secret);
    await view.page.keyboard.press("Enter");
    await view.page.locator("#settings").waitFor({ state: "hidden" });
    await view.run();
    await view.ended("failed");
    await view.page.locator(".dock-toggle").click();
    await view.page.locator(".call-head").first().click();
    const seen = await view.page.evaluate(() =>
      [document.documentElement.outerHTML, ...[...document.querySelectorAll("input, textarea")].map((field) => field.value), location.href, document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join("\n"),
    );
    assert.ok(!seen.includes(secret));
    assert.match(seen, /hf_…/);
    assert.deepEqual(await view.page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    assert.ok(view.requests.every((address) => !address.includes(secret)));
    await view.page.reload();
    await view.page.locator("main h1").waitFor();
    await view.run();
    await view.ended();
    assert.match(await view.output.innerText(), /@alice/, "a reload forgets it: the ready-made one is back");
  });

  it("does not follow to another service", async () => {
    await view.go("#models/modelInfo");
    await view.page.locator(".connection").click();
    await view.page.locator("#settings label", { hasText: "huggingface.co" }).click();
    await view.page.getByRole("button", { name: "Done" }).click();
    assert.match(await view.page.locator(".connection").innerText(), /huggingface\.co\s*no token/);
    const code = await view.panel.locator(".code-page:visible").innerText();
    assert.match(code, /new Hub\(\)/);
    assert.match(code, /openai-community\/gpt2/, "the example is one of that service");
  });
});
