// Sign-in by the page's settings: the person decides on the Hub's page, and the page uses the token that it gets.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

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
  view = await browser.visit(DESKTOP);
});
afterEach(() => view?.close());

const settings = () => view.page.getByRole("dialog", { name: "Connection" });
const place = () => view.page.locator("button.connection");
const press = (key) => view.page.keyboard.press(key);
const focused = () => view.page.evaluate(() => document.activeElement.innerText.trim());

/** Opens the settings by keyboard, and goes to the button that signs in. */
async function begin() {
  await place().focus();
  await press("Enter");
  for (let step = 0; step < 20 && (await focused()) !== "Sign in with the local Hub"; step++) await press("Tab");
  assert.equal(await focused(), "Sign in with the local Hub");
  await press("Enter");
  await view.page.waitForURL("**/oauth/authorize*");
}

/** What the page keeps anywhere but in its memory. */
const kept = () => view.page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML, history.state]));

test("a person signs in by keyboard, comes back to where they were, and calls are made with their token", async () => {
  await view.go("#account/whoAmI");
  await begin();
  assert.match(await view.page.locator("main").innerText(), /hf-wasm demo page asks to act for you, with these scopes: .*write-repos/);
  await view.page.getByRole("link", { name: "Allow as bob" }).focus();
  await press("Enter");
  await settings().waitFor();
  await settings().getByRole("status").filter({ hasText: "Signed in as bob" }).waitFor();
  assert.equal(await focused(), "Sign out");
  assert.equal(await settings().getByRole("radio", { name: "alice, write ready-made" }).isChecked(), false);
  assert.equal(new URL(view.page.url()).search, "");
  assert.equal(new URL(view.page.url()).hash, "#account/whoAmI");
  await settings().getByRole("button", { name: "Done" }).click();
  assert.match(await place().innerText(), /bob, signed in/);
  await browser.control("log", undefined, "DELETE");
  await view.run();
  await view.ended();
  assert.match(await view.output.innerText(), /@bob[\s\S]*hf-wasm demo page/);
  await view.tab("JavaScript");
  assert.match(await view.panel.locator(".code:visible").innerText(), /token: "hf_…"/);
  assert.ok(!/hf_oauth|code=|verifier/.test(await kept()), await kept());
  assert.ok(view.requests.every((address) => !address.includes("hf_oauth")));
  // A new page knows nobody.
  await view.page.reload();
  await view.page.locator("main h1").waitFor();
  await place().filter({ hasText: "alice, write" }).waitFor();
  assert.deepEqual(view.problems, []);
});

test("a person signs out, and the ready-made token is back", async () => {
  await begin();
  await view.page.getByRole("link", { name: "Allow as bob" }).click();
  await settings().getByRole("button", { name: "Sign out" }).click();
  assert.equal(await focused(), "Sign in with the local Hub");
  assert.equal(await settings().getByRole("radio", { name: "alice, write ready-made" }).isChecked(), true);
  assert.match(await place().innerText(), /alice, write/);
  // Another token takes the place of a sign-in as well.
  await settings().getByRole("button", { name: "Done" }).click();
  await begin();
  await view.page.getByRole("link", { name: "Allow as carol" }).click();
  await settings().getByRole("radio", { name: /^alice, read/ }).check();
  await settings().getByRole("button", { name: "Sign in with the local Hub" }).waitFor();
  assert.match(await place().innerText(), /alice, read/);
});

test("a person refuses, and is told so", async () => {
  await begin();
  await view.page.getByRole("link", { name: "Refuse" }).click();
  await settings().getByRole("alert").waitFor();
  assert.equal(await settings().getByRole("alert").innerText(), "You are not signed in: The person refused.");
  assert.equal(await focused(), "Sign in with the local Hub");
  assert.match(await place().innerText(), /alice, write/);
  assert.deepEqual(view.problems, []);
});

test("a code that nobody asked for is refused, and gone from the address", async () => {
  await view.page.goto(`${browser.emulator.endpoint}/www/?code=stolen&state=forged#agent`);
  await settings().getByRole("alert").waitFor();
  assert.match(await settings().getByRole("alert").innerText(), /did not ask for this sign-in/);
  assert.ok(!view.page.url().includes("stolen"));
  assert.ok(!(await kept()).includes("stolen"));
});

test("another service has no sign-in", async () => {
  await place().click();
  await settings().getByRole("radio", { name: /^huggingface\.co/ }).check();
  assert.equal(await settings().getByRole("group", { name: "Sign-in" }).count(), 0);
});

for (const [look, options] of Object.entries({ desktop: DESKTOP, dark: DARK, phone: PHONE })) {
  test(`it looks right, ${look}`, async () => {
    await view.close();
    view = await browser.visit(options);
    await place().click();
    const shot = async (name) => {
      await view.page.locator("#sign-in").scrollIntoViewIfNeeded();
      await view.page.screenshot({ path: path.join(OUT, `sign-in-${look}-${name}.png`) });
      const inDialog = (list) => list.filter((one) => JSON.stringify(one).includes("ign"));
      assert.deepEqual([inDialog(await view.page.evaluate(findUnnamed)), inDialog(await view.page.evaluate(lowContrast))], [[], []]);
    };
    await shot("out");
    await settings().getByRole("button", { name: "Sign in with the local Hub" }).click();
    await view.page.getByRole("link", { name: "Allow as alice" }).click();
    await settings().getByRole("button", { name: "Sign out" }).waitFor();
    await shot("in");
  });
}
