// The demo page by keyboard, on narrow screens, in both colour schemes, and as a screen reader finds it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { endpoints, sections } from "../../www/catalogue.js";
import { findUnnamed, lowContrast } from "./audit.mjs";
import { DARK, DESKTOP, openBrowser, PHONE } from "./open.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

describe("by keyboard alone", () => {
  let view;
  const press = (key) => view.page.keyboard.press(key);
  const focused = () => view.page.evaluate(() => (document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText ?? document.activeElement.id).trim());
  /** Presses Tab until what has the focus is called so. */
  const tabTo = async (name) => {
    const passed = [];
    for (let step = 0; step < 80; step += 1) {
      await press("Tab");
      passed.push(await focused());
      if (name instanceof RegExp ? name.test(passed.at(-1)) : passed.at(-1) === name) return;
    }
    assert.fail(`Tab never came to ${name}: ${passed.join(" | ")}`);
  };

  before(async () => {
    await browser.control("reset");
    view = await browser.visit(DESKTOP);
  });
  after(() => view?.close());

  it("skips to the content", async () => {
    await tabTo("Skip to the content");
    await press("Enter");
    assert.equal(await view.page.evaluate(() => document.activeElement.id), "main");
  });

  it("opens a group, an endpoint, and runs it", async () => {
    await view.go("");
    await tabTo(/^Repository management/);
    await press("Enter");
    await tabTo(/^listCommits/);
    await press("Enter");
    await view.page.waitForFunction(() => location.hash.startsWith("#repository/listCommits") && document.activeElement.tagName === "H1");
    await tabTo("Run");
    await press("Enter");
    await view.ended();
    assert.equal(await focused(), "Run", "the focus stays where it was");
  });

  it("walks the tabs with arrows, and on to the list's end", async () => {
    await tabTo("Result");
    await press("ArrowRight");
    assert.equal(await focused(), "JSON");
    await press("Home");
    await tabTo("More");
    await press("Enter");
    await view.page.waitForFunction(() => document.querySelectorAll(".output .list > li").length === 20);
  });

  it("fills a field and runs with Enter, cancels with Escape", async () => {
    await view.go("#models/listModels");
    await view.panel.getByLabel("search").focus();
    await press("Control+A");
    await view.page.keyboard.type("gpt2");
    await press("Enter");
    await view.ended();
    assert.match(await view.output.innerText(), /gpt2/);
    await browser.control("faults", [{ path: "/api/models", delay_ms: 20_000, count: 1 }]);
    await press("Enter");
    await view.page.locator('.status[data-kind="running"]').waitFor();
    await press("Escape");
    await view.ended("cancelled");
  });

  it("chooses a token in the dialog and comes back", async () => {
    await view.go("#account/whoAmI");
    await tabTo("Run");
    await view.page.locator(".connection").focus();
    await press("Enter");
    await view.page.locator("#settings[open]").waitFor();
    for (let step = 0; step < 30 && (await view.page.evaluate(() => document.activeElement.name)) !== "token"; step += 1) await press("Tab");
    await press("ArrowDown");
    await press("Escape");
    await view.page.locator("#settings").waitFor({ state: "hidden" });
    assert.match(await focused(), /^Connection:/, "the focus comes back to the button");
    assert.doesNotMatch(await view.page.locator(".connection").innerText(), /alice, write/);
  });

  it("shows where the focus is", async () => {
    await view.go("#models/listModels");
    for (let step = 0; step < 25; step += 1) {
      await press("Tab");
      const seen = await view.page.evaluate(() => {
        const element = document.activeElement;
        const shown = element.matches(".segments input") ? element.nextElementSibling : element;
        const style = getComputedStyle(shown);
        return element === document.body || (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1);
      });
      assert.ok(seen, `no outline on ${await focused()}`);
    }
  });
});

describe("on a narrow screen", () => {
  it("fits all panels with their results", async () => {
    await browser.control("reset");
    const view = await browser.visit(PHONE);
    for (const endpoint of endpoints) {
      await view.move(endpoint);
      await view.run();
      await view.ended();
      for (const tab of ["Result", "JSON"]) {
        await view.tab(tab);
        const wide = await view.page.evaluate(() => {
          const main = document.querySelector("main");
          return [document.scrollingElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth];
        });
        assert.deepEqual(wide, [0, 0], `${endpoint.key}, ${tab}`);
      }
    }
    await view.close();
  });

  it("has the endpoints behind the menu", async () => {
    const view = await browser.visit(PHONE);
    await view.page.getByRole("button", { name: "Endpoints" }).click();
    await view.page.locator("#sidebar").getByText("Webhooks", { exact: true }).click();
    await view.page.getByRole("link", { name: /^listWebhooks/ }).click();
    await view.page.waitForFunction(() => location.hash.startsWith("#webhooks/listWebhooks"));
    assert.equal(await view.page.locator("#sidebar").isVisible(), false);
    await view.run();
    await view.ended();
    await view.close();
  });
});

describe("what a screen reader finds", () => {
  let view;
  before(async () => {
    view = await browser.visit(DESKTOP);
  });
  after(() => view?.close());

  it("has landmarks, live regions and one first heading", async () => {
    await view.go("#models/listModels");
    await view.run();
    await view.ended();
    await view.page.locator(".dock-toggle").click();
    for (const role of ["banner", "navigation", "main", "log"]) assert.equal(await view.page.getByRole(role).count(), 1, role);
    assert.equal(await view.page.getByRole("status").count(), 1);
    assert.equal(await view.page.locator("h1").count(), 1);
    assert.equal(await view.page.locator("html").getAttribute("lang"), "en");
    assert.equal(await view.page.getByRole("navigation").getByRole("link").count(), 2 + sections[0].endpoints.length);
  });

  it("names every control of every panel", async () => {
    for (const endpoint of endpoints) {
      await view.move(endpoint);
      await view.page.evaluate(() => document.querySelectorAll("main details").forEach((one) => void (one.open = true)));
      assert.deepEqual(await view.page.evaluate(findUnnamed), [], endpoint.key);
    }
  });
});

describe("colours", () => {
  for (const [name, options] of [["light", DESKTOP], ["dark", DARK]]) {
    it(`can be read, ${name}`, async () => {
      await browser.control("reset");
      const view = await browser.visit(options);
      for (const hash of ["", "#models/listModels", "#repository/listFiles", "#repository/preupload", "#inference/chatCompletion", "#inference/featureExtraction", "#webhooks/listWebhooks"]) {
        await view.go(hash);
        if (hash !== "") {
          await view.run();
          await view.ended();
        }
        assert.deepEqual(await view.page.evaluate(lowContrast), [], hash);
      }
      await view.close();
    });
  }

  it("change with the button, and start as the system says", async () => {
    const view = await browser.visit(DARK);
    const paper = () => view.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await view.page.getByRole("button", { name: "Light colours" }).click();
    assert.notEqual(await paper(), dark);
    await view.page.getByRole("button", { name: "Dark colours" }).click();
    assert.equal(await paper(), dark);
    await view.close();
  });

  it("stand still where motion is not wanted", async () => {
    const view = await browser.visit({ ...DESKTOP, reducedMotion: "reduce" });
    await browser.control("faults", [{ path: "/api/models", delay_ms: 1500, count: 1 }]);
    await view.go("#models/listModels");
    await view.run();
    const length = await view.page.locator(".progress").evaluate((bar) => getComputedStyle(bar, "::after").animationDuration);
    assert.ok(Number.parseFloat(length) < 0.01, length);
    await view.ended();
    await view.close();
  });
});
