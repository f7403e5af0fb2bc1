// What a call leaves behind: the log with attempts, waits and headers, the archive, the history; and the link of a form.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";

import { openBrowser } from "./open.mjs";

let browser;
let view;
before(async () => {
  browser = await openBrowser();
  view = await browser.visit();
});
after(() => browser?.close());
beforeEach(async () => {
  await browser.control("reset");
  await browser.control("faults", undefined, "DELETE");
});

const openLog = () => view.page.locator(".dock-toggle").click();
const newest = () => view.page.locator(".calls > li").first();
const copied = () => view.page.evaluate(() => navigator.clipboard.readText());

describe("the log", () => {
  it("is closed at first, says the last call in a line, and covers nothing", async () => {
    await view.go("#models/listModels");
    await view.run();
    await view.ended();
    assert.equal(await view.page.locator(".dock-body").isVisible(), false);
    assert.match(await view.page.locator(".dock-toggle").innerText(), /1 request\s*200\s*listModels\s*\d/);
    assert.match(await view.page.locator(".limits").innerText(), /api\s*[\d,]+ of 1,000/);
    await openLog();
    const [dock, main] = await view.page.evaluate(() => ["#dock", "main"].map((name) => document.querySelector(name).getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
    assert.ok(main[1] <= dock[0] + 1, "the content ends where the log begins");
    await view.page.getByRole("separator", { name: "Height of the log" }).focus();
    const height = () => view.page.locator(".dock-body").evaluate((body) => body.offsetHeight);
    const before = await height();
    await view.page.keyboard.press("ArrowUp");
    assert.equal(await height(), before + 40);
  });

  it("opens a call to its attempts, the waits between them, timing and headers without the token", async () => {
    await browser.control("faults", [{ path: "/api/models/acme/tiny-bert", status: 503, count: 1 }]);
    await view.go("#models/modelInfo");
    await view.run();
    await view.ended();
    await openLog();
    await newest().locator("summary").first().click();
    await newest().locator(".exchange").first().waitFor();
    const text = await newest().innerText();
    for (const part of [/modelInfo/, /2 requests/, /1 retry/, /503/, /Attempt 1 failed \(503\); waited/, /attempt 2/, /until headers\s*\d/, /bucket\s*api/, /left\s*[\d,]+ of 1,000/]) assert.match(text, part);
    await newest().getByText(/^Request headers/).first().click();
    assert.match(await newest().locator(".headers").first().innerText(), /authorization\s*Bearer hf_…/);
    assert.ok(!(await view.page.evaluate(() => document.documentElement.outerHTML)).includes(browser.emulator.tokens.write));
  });

  it("runs a call again, copies it as curl and as a link, and saves an archive without the token", async () => {
    await view.go("#account/whoAmI");
    await view.run();
    await view.ended();
    await view.move({ hash: "#models/modelInfo", name: "modelInfo" });
    await view.run();
    await view.ended();
    await openLog();
    const call = view.page.locator(".calls > li", { hasText: "whoAmI" }).first();
    await call.locator("summary").first().click();
    await call.getByRole("button", { name: "Copy as curl" }).click();
    const command = await copied();
    assert.match(command, /^curl '.*\/api\/whoami-v2'/);
    assert.match(command, /Bearer \$HF_TOKEN/);
    await call.getByRole("button", { name: "Copy link" }).click();
    assert.match(await copied(), /#account\/whoAmI$/);
    await call.getByRole("button", { name: "Run again" }).click();
    await view.page.locator("main h1", { hasText: "hub.whoAmI" }).waitFor();
    await view.ended();
    const [download] = await Promise.all([view.page.waitForEvent("download"), view.page.getByRole("button", { name: "Export HAR" }).click()]);
    const text = readFileSync(await download.path(), "utf8");
    const { log } = JSON.parse(text);
    assert.equal(log.version, "1.2");
    assert.ok(log.entries.length >= 3);
    assert.ok(log.entries.every(({ request, response, time }) => request.url.startsWith("http") && response.status === 200 && time > 0));
    assert.ok(!text.includes(browser.emulator.tokens.write), "the token is not in the archive");
    assert.match(text, /Bearer hf_…/);
  });
});

describe("a link", () => {
  it("holds what the form holds, and a reload keeps it", async () => {
    await view.go("#models/listModels");
    await view.panel.getByLabel("search").fill("whisper");
    await view.panel.getByLabel("pageSize").fill("3");
    await view.page.reload();
    await view.page.locator("main h1").waitFor();
    assert.equal(await view.panel.getByLabel("search").inputValue(), "whisper");
    await view.panel.getByRole("button", { name: "Copy link" }).click();
    const link = await copied();
    assert.match(link, /#models\/listModels\?search=whisper&pageSize=3$/);
    await view.page.goto("about:blank");
    await view.page.goto(link);
    await view.page.locator("main h1").waitFor();
    await view.run();
    await view.ended();
    assert.equal(await view.output.locator(".list > li").count(), 3);
    assert.match(await view.panel.locator(".code-page:visible").innerText(), /search: "whisper",\s.*pageSize: 3/s);
  });

  it("never holds a secret", async () => {
    await view.go("#webhooks/createWebhook");
    await view.panel.getByLabel("secret").fill("hush-hush");
    await view.panel.getByRole("textbox", { name: /^url/ }).fill("https://example.com/hook");
    assert.ok(!(await view.page.evaluate(() => location.href)).includes("hush"));
    assert.match(await view.page.evaluate(() => location.href), /example\.com/);
  });

  it("with nonsense in it is as if it were not there", async () => {
    view.problems.length = 0;
    await view.go("#models/listModels?pageSize=%7B%7B&search=&nothing=1");
    assert.equal(await view.panel.getByLabel("search").inputValue(), "");
    assert.equal(await view.panel.getByLabel("pageSize").inputValue(), "20");
    assert.deepEqual(view.problems, []);
  });
});

describe("the palette", () => {
  const search = async (text) => {
    await view.page.keyboard.press("Control+k");
    await view.page.getByRole("combobox", { name: /Search/ }).fill(text);
  };

  it("finds endpoints, parameters and commands, by keyboard alone", async () => {
    await view.go("");
    await search("merge pull");
    assert.match(await view.page.locator(".palette").getByRole("option", { selected: true }).innerText(), /hub\.mergePullRequest/);
    await view.page.keyboard.press("Enter");
    await view.page.locator("main h1", { hasText: "hub.mergePullRequest" }).waitFor();
    await search("create_pr");
    await view.page.keyboard.press("ArrowDown");
    const option = await view.page.locator(".palette").getByRole("option", { selected: true }).innerText();
    assert.match(option, /create_pr.*parameter/s);
    await view.page.keyboard.press("Enter");
    await view.page.waitForFunction(() => /create_pr/.test(document.activeElement.id));
    await search("no such thing at all");
    assert.match(await view.page.locator(".palette").innerText(), /Nothing matches/);
    await view.page.keyboard.press("Escape");
    assert.equal(await view.page.locator(".palette").isVisible(), false);
  });
});

describe("while a call runs", () => {
  it("an outline stands in for the first result, and a retry is announced with its reason", async () => {
    await view.go("#models/listModels");
    await browser.control("faults", [{ path: "/api/models", status: 503, headers: { "retry-after": "2" }, count: 1 }]);
    await view.run();
    await view.page.locator(".skeleton").waitFor();
    await view.page.waitForFunction(() => /Retrying in [12] s \(503\)/.test(document.querySelector("main .status").innerText));
    assert.doesNotMatch(await view.output.innerText(), /Press Run/);
    await view.ended();
    assert.equal(await view.page.locator(".skeleton").count(), 0);
  });

  it("an older result is dimmed", async () => {
    await browser.control("faults", [{ path: "/api/models", delay_ms: 1000, count: 1 }]);
    await view.run();
    assert.equal(await view.output.getAttribute("aria-busy"), "true");
    await view.page.waitForTimeout(250);
    assert.ok(Number(await view.output.locator(".list").evaluate((list) => getComputedStyle(list).opacity)) < 0.6);
    await view.ended();
    assert.equal(await view.output.getAttribute("aria-busy"), null);
  });

  it("a limit that is used up says when the call goes on", async () => {
    await view.go("#models/listModels");
    const headers = { ratelimit: '"api";r=0;t=100', "ratelimit-policy": '"fixed window";"api";q=500;w=300' };
    await browser.control("faults", [{ path: "/api/models", status: 429, headers, count: 1 }]);
    await view.run();
    const told = view.panel.locator(".waiting");
    await told.waitFor();
    assert.match(await told.innerText(), /^The rate limit is used up\. The call goes on by itself in 1 min (\d|[1-4]\d) s\.$/);
    await view.panel.getByRole("button", { name: "Cancel" }).click();
    await view.ended("cancelled");
    assert.equal(await told.isVisible(), false);
  });
});

describe("an error has the one button that mends it", () => {
  const card = () => view.output.locator(".error-card");

  it("a limit counts down and then tries again", async () => {
    await view.go("#models/modelInfo");
    await browser.control("faults", [{ path: "/api/models/acme", status: 429, headers: { "retry-after": "200" }, count: 1 }]);
    await view.run();
    await view.ended("failed");
    const again = card().getByRole("button", { name: /Try again in (200|199|198) s/ });
    assert.equal(await again.getAttribute("aria-disabled"), "true");
    await view.page.waitForFunction(() => /in 19\d s/.test(document.querySelector(".error-card button").innerText));
  });

  it("a typo leads to a search", async () => {
    await view.panel.getByLabel("repo", { exact: false }).last().fill("acme/tiny-brt");
    await view.run();
    await view.ended("failed");
    assert.equal(await card().getByText("Reset").count(), 0, "nothing was used up");
    await card().getByRole("button", { name: "Search models for “tiny”" }).click();
    await view.page.locator("main h1", { hasText: "hub.listModels" }).waitFor();
    await view.ended();
    assert.match(await view.output.innerText(), /acme\/tiny-bert/);
  });

  it("a missing token leads to the connection", async () => {
    await view.go("#account/whoAmI");
    await view.page.locator(".connection").click();
    await view.page.locator("#settings label", { hasText: "None" }).first().click();
    await view.page.keyboard.press("Escape");
    await view.run();
    await view.ended("failed");
    await card().getByRole("button", { name: "Choose a token" }).click();
    await view.page.locator("#settings[open]").waitFor();
    await view.page.keyboard.press("Escape");
  });

  it("being offline is said, where calls need the network", async () => {
    await view.go("#models/listModels");
    await view.page.locator(".connection").click();
    await view.page.locator("#settings label", { hasText: "huggingface.co" }).click();
    await view.page.keyboard.press("Escape");
    await view.page.context().setOffline(true);
    await view.page.getByText("You are offline").waitFor();
    await view.page.context().setOffline(false);
    await view.page.getByText("You are offline").waitFor({ state: "hidden" });
  });
});

describe("what destroys something", () => {
  it("looks so, and asks first", async () => {
    await view.go("#repository/deleteRepo");
    const button = view.panel.getByRole("button", { name: "Delete repository" });
    assert.match(await button.getAttribute("class"), /danger/);
    await button.click();
    const dialog = view.page.getByRole("dialog", { name: "Delete alice/throwaway?" });
    await dialog.waitFor();
    assert.equal(await view.page.evaluate(() => document.activeElement.innerText), "Cancel", "the safe button has the focus");
    await view.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    const status = async () => (await fetch(`${browser.emulator.endpoint}/api/models/alice/throwaway`, { headers: { authorization: `Bearer ${browser.emulator.tokens.write}` } })).status;
    assert.equal(await status(), 200);
    await view.run();
    await view.ended();
    assert.equal(await status(), 404);
  });
});
