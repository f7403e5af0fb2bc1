// Whole tasks on the demo page: the live journey, what the token may do, a commit made of files, a chat with an image,
// a model card that would attack.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import { readdirSync } from "node:fs";
import path from "node:path";

import { DOCS } from "../../www/docs.js";
import { openBrowser, root } from "./open.mjs";

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

const button = (name) => view.panel.getByRole("button", { name, exact: true });
const call = async (address, { type = "application/json", ...init } = {}) => {
  const response = await fetch(browser.emulator.endpoint + address, { ...init, headers: { authorization: `Bearer ${browser.emulator.tokens.write}`, "content-type": type } });
  assert.ok(response.ok, `${address}: ${response.status}`);
  return response;
};
/** Commits texts, as the Hub's API has it. */
const commit = async (files) => {
  const lines = Object.entries(files).map(([name, text]) => ({ key: "file", value: { path: name, content: Buffer.from(text).toString("base64"), encoding: "base64" } }));
  const body = [{ key: "header", value: { summary: "Texts" } }, ...lines].map((line) => JSON.stringify(line)).join("\n");
  await call("/api/models/alice/playground/commit/main", { method: "POST", body, type: "application/x-ndjson" });
};
const tree = async () => (await (await call("/api/models/alice/playground/tree/main?recursive=true")).json()).map((entry) => entry.path);

describe("the overview", () => {
  it("leads through five real calls, by keyboard, with the code growing beside them", async () => {
    await view.go("");
    await browser.control("log", undefined, "DELETE");
    const next = view.page.locator(".journey-head .primary");
    const lengths = [];
    for (let step = 1; step <= 5; step += 1) {
      lengths.push((await view.page.locator(".journey .source .code").innerText()).length);
      await next.focus();
      await view.page.keyboard.press("Enter");
      await view.page.locator(`.journey-step:nth-child(${step})[data-state=done]`).waitFor({ timeout: 20_000 });
    }
    assert.deepEqual([...lengths].sort((one, other) => one - other), lengths);
    const text = await view.page.locator(".journey-steps").innerText();
    for (const part of [/5 models/, /A BERT with two layers/, /I am emulator\/echo/, /Discussion #\d+ is open in acme\/tiny-bert/, /discussion\.create.*verified/s]) assert.match(text, part);
    const log = await browser.control("log", undefined, "GET");
    const paths = (Array.isArray(log) ? log : Object.values(log).find(Array.isArray)).map(({ method, path: address }) => `${method} ${address.split("?")[0]}`);
    for (const wanted of ["GET /api/models", "POST /api/settings/webhooks", "POST /api/models/acme/tiny-bert/discussions"]) assert.ok(paths.includes(wanted), paths.join());
    assert.match(await view.page.locator(".buckets").innerText(), /api.*of 1,000.*resolvers.*of 5,000/s);
    assert.deepEqual(view.problems, []);
  });

  it("shows what the token may do, and why", async () => {
    const marks = async () => {
      await view.page.locator(".access").scrollIntoViewIfNeeded();
      await view.page.locator("button.mark").first().waitFor();
      return await view.page.locator(".matrix tbody tr").allInnerTexts();
    };
    assert.ok((await marks()).some((row) => /Repository management\s*yes\s*yes/.test(row)));
    await view.page.locator(".connection").click();
    await view.page.locator("#settings label", { hasText: "alice, read" }).first().click();
    await view.page.keyboard.press("Escape");
    await view.page.locator(".mark.bad").first().waitFor();
    assert.ok((await marks()).some((row) => /Repository management\s*yes\s*no/.test(row)));
    await view.page.getByRole("button", { name: "Repository management, write: no" }).click();
    assert.match(await view.page.locator(".access [role=status]").innerText(), /can only read/);
  });

  it("and the palette lead to pages of the documentation that exist", () => {
    const pages = new Set(readdirSync(path.join(root, "docs")).map((name) => name.replace(/\.md$/, "")));
    assert.deepEqual(DOCS.map(([name]) => name).filter((name) => !pages.has(name)), []);
  });
});

describe("a commit", () => {
  const change = (index) => view.panel.locator("ul.turns > .turn").nth(index);

  it("is made of files that were dropped, with their folders", async () => {
    await view.go("#repository/commit");
    const data = await view.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["a,b\n1,2\n"], "table.csv", { type: "text/csv" }));
      transfer.items.add(new File([new Uint8Array(300_000).fill(7)], "weights.bin"));
      return transfer;
    });
    await view.panel.locator(".drop").dispatchEvent("drop", { dataTransfer: data });
    await change(2).waitFor();
    await view.run();
    await view.ended();
    assert.match(await view.output.innerText(), /weights\.bin/);
    const paths = await tree();
    for (const name of ["hello.txt", "table.csv", "weights.bin"]) assert.ok(paths.includes(name), paths.join());
  });

  it("edits, renames and deletes what the branch has, shows the difference, and opens a pull request", async () => {
    await commit({ "notes.txt": "A note.\n" });
    await view.go("#repository/commit?operations=");
    const before = await tree();
    await button("From the branch").click();
    await view.panel.locator(".branch-files").waitFor();
    await view.panel.getByRole("button", { name: "Edit README.md" }).click();
    const text = change(0).getByLabel("Content");
    await text.fill(`${await text.inputValue()}\nOne line more.\n`);
    await change(0).getByRole("button", { name: "Diff" }).click();
    await change(0).locator(".diff").waitFor();
    assert.match(await change(0).locator(".diff .added").last().innerText(), /^\+One line more\./);
    await view.panel.getByRole("button", { name: "Rename notes.txt" }).click();
    await change(1).getByLabel("New path").fill("moved/notes.txt");
    await view.panel.getByRole("radiogroup", { name: /create_pr/ }).getByRole("radio", { name: "true" }).check();
    await view.run();
    await view.ended();
    assert.match(await view.output.innerText(), /Pull request/);
    assert.deepEqual(await tree(), before, "the branch is as it was");
    assert.match(await view.panel.locator(".code-page:visible").innerText(), /operation: "rename"/);
  });

  it("is stopped while a large file goes up, and resumed", async () => {
    await view.go("#repository/commit?operations=");
    await browser.control("faults", [{ method: "PUT", delay_ms: 20_000, count: 1 }]);
    await view.panel.locator('input[type="file"]').first().setInputFiles({ name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(12_000_000, 3) });
    await view.run();
    await view.page.waitForFunction(() => /Uploading large\.bin/.test(document.querySelector("main .transfer").innerText));
    await button("Cancel").click();
    await view.ended("cancelled");
    await browser.control("faults", undefined, "DELETE");
    await button("Resume").click();
    await view.ended();
    assert.ok((await tree()).includes("large.bin"));
  });
});

describe("a chat", () => {
  it("has a system prompt, an image and parameters, and tells what it used, cost and how fast it was", async () => {
    await view.go("#inference/chatCompletion");
    await button("System prompt").click();
    await view.panel.getByLabel("Content of the message").first().fill("Be brief.");
    const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await view.panel.locator('.turn input[type="file"]').last().setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: picture });
    await view.panel.locator(".thumb").waitFor();
    await view.panel.getByLabel("max_tokens").fill("60");
    await view.run();
    await view.ended();
    await view.output.getByText(/\$|free/).first().waitFor();
    assert.match(await view.output.innerText(), /first token after \d.*tokens in, \d+ out.*tokens\/s/s);
    assert.equal(await view.output.locator(".bubble").count(), 3);
    assert.equal(await view.output.locator(".bubble img").evaluate((image) => image.naturalWidth), 1);
    assert.match(await view.panel.locator(".code-page:visible").innerText(), /type: "image_url"/);
    assert.deepEqual(view.problems, []);
  });
});

describe("what a repository holds", () => {
  const attack = "# Card\n\n<script>window.hurt=1</script><img src=x onerror=\"window.hurt=1\">\n\n[link](javascript:window.hurt=1) <form><input name=a></form><style>body{display:none}</style><iframe src=\"/\"></iframe>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![far](https://example.com/pixel.png)\n";

  it("is rendered, and cannot run, load or restyle anything", async () => {
    await commit({ "README.md": attack, "table.csv": 'name,note\n"a, b","<b>bold</b>"\n' });
    view.requests.length = 0;
    await view.go("#models/modelInfo?repo=alice%2Fplayground");
    await view.run();
    await view.ended();
    await view.output.getByText("Card", { exact: true }).first().click();
    const card = view.output.locator(".markdown");
    await card.waitFor();
    assert.equal(await card.locator("td").count(), 2);
    assert.equal(await card.locator("script, form, style, iframe, img[src], [onerror], a[href^='javascript']").count(), 0);
    // A picture of the repository itself is asked for, and is not there.
    await card.locator("img").waitFor({ state: "detached" });
    assert.equal(await card.locator('a[href="https://example.com/pixel.png"]').count(), 1, "a foreign image is a link");
    assert.equal(await view.page.evaluate(() => window.hurt), undefined);
    assert.ok(view.requests.every((address) => !address.includes("example.com")));
    await view.move({ hash: "#repository/listFiles", name: "listFiles" });
    await view.panel.getByRole("textbox", { name: /^repo/ }).fill("alice/playground");
    await view.run();
    await view.ended();
    await view.output.getByRole("button", { name: "table.csv", exact: true }).click();
    await view.output.locator(".preview table").waitFor();
    assert.deepEqual(await view.output.locator(".preview td").allInnerTexts(), ["a, b", "<b>bold</b>"]);
    assert.deepEqual(view.problems.filter((problem) => problem.startsWith("page error")), []);
  });
});
