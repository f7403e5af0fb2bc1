// The demo page's agent with a real language model: at its own address, with tools, under a policy.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { openBrowser, OUT } from "../page/open.mjs";
import { MODEL, startLlama } from "./llama.mjs";

let llama;
let browser;
let view;
before(async () => {
  [llama, browser] = await Promise.all([startLlama(), openBrowser()]);
  mkdirSync(OUT, { recursive: true });
  view = await browser.visit();
  await view.go("#agent");
});
after(async () => {
  await browser?.close();
  llama?.stop();
});

/** So small a model does what it has seen done. */
const seen = ["carol", "dave"].flatMap((username) => [
  { role: "user", content: `Look up the user ${username}.` },
  { role: "assistant", content: null, tool_calls: [{ id: username, type: "function", function: { name: "hub_userOverview", arguments: JSON.stringify({ username }) } }] },
  { role: "tool", tool_call_id: username, content: JSON.stringify({ user: username, type: "user" }) },
  { role: "assistant", content: `${username} is a user.` },
]);

test("a real small model works on a task in the page", { timeout: 300_000 }, async () => {
  const { panel, page } = view;
  await panel.getByLabel("Model", { exact: true }).fill(MODEL);
  await panel.getByLabel("Task", { exact: true }).fill("Look up the user alice.");
  await panel.getByText("Where the model runs, and what it is told").click();
  await panel.getByLabel("Base URL").fill(llama.address);
  await panel.getByLabel("Messages before the task").fill(JSON.stringify(seen, null, 2));
  await panel.getByLabel("Turns at most").fill("2");
  for (const group of await panel.getByRole("radiogroup").all()) {
    const name = await group.evaluate((element) => document.getElementById(element.getAttribute("aria-labelledby")).innerText);
    await group.getByRole("radio", { name: name === "Account and collections" ? "read" : "off", exact: true }).check();
  }
  await browser.control("log", undefined, "DELETE");
  await view.run();
  await panel.locator('.status[data-kind="done"], .status[data-kind="failed"]').waitFor({ timeout: 240_000 });
  await page.screenshot({ path: path.join(OUT, "agent-real-model.png"), fullPage: true });
  const steps = (await panel.locator(".step").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.match(await view.status.innerText(), /^(Answered|Stopped at the cap on turns) after \d turns? and \d calls?, [\d,]+ tokens/, steps.join("\n"));
  assert.ok(steps.some((step) => /^Looked up the user alice\. allowed userOverview/.test(step)), steps.join("\n"));
  const log = await browser.control("log", undefined, "GET");
  const requests = Array.isArray(log) ? log : Object.values(log).find(Array.isArray);
  assert.deepEqual(requests.map(({ path: address }) => address), ["/api/users/alice/overview"], "the model is asked at its own address");
  assert.deepEqual(view.problems, []);
});

test("the code shown names the model's address, without a token", async () => {
  await view.tab("Code");
  const code = await view.panel.locator(".code:visible").innerText();
  assert.ok(code.includes(`new InferenceRouter({ endpoint: "${llama.address}", token: null })`), code);
});
