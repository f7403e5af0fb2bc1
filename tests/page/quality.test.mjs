// The demo page as tools judge it: axe in each look, Lighthouse, the number and weight of what it loads, its width.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import lighthouse from "lighthouse";

import { launch } from "../runtimes/chromium.mjs";
import { DARK, DESKTOP, openBrowser, PHONE, root } from "./open.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NARROW = { ...PHONE, viewport: { width: 320, height: 640 } };
const HUGE = { viewport: { width: 3840, height: 2160 } };

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** What axe finds by these rules, by all if none is named, each as a line. */
async function findings({ page }, rules) {
  // By the debugger: the page's policy forbids scripts of others.
  await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary.split("\n")[1]}`));
}

/** The states of the page that are judged: a name, and how to get there. */
const STATES = {
  overview: async (view) => {
    await view.go("");
    await view.page.locator(".access").scrollIntoViewIfNeeded();
    await view.page.locator(".mark.good").first().waitFor();
  },
  "a journey": async (view) => {
    for (let step = 0; step < 2; step += 1) {
      await view.page.locator(".journey-head .primary").click();
      await view.page.locator(`.journey-step:nth-child(${step + 1})[data-state=done]`).waitFor();
    }
  },
  "a list": async (view) => {
    await view.go("#models/listModels");
    await view.run();
    await view.ended();
    await view.page.locator(".more summary").click();
  },
  "a schema": async (view) => {
    await view.tab("Schema");
    await view.panel.getByText("interface ModelInfo extends RepoInfo").waitFor();
  },
  "an opened call": async (view) => {
    await view.page.locator(".dock-toggle").click();
    await view.page.locator(".call-head").first().click();
    await view.page.locator(".exchange").waitFor();
  },
  "the palette": async (view) => {
    await view.page.keyboard.press("Control+k");
    await view.page.getByRole("combobox", { name: /Search/ }).fill("commit");
  },
  "a commit": async (view) => {
    await view.go("#repository/commit");
    await view.panel.getByRole("button", { name: "From the branch" }).click();
    await view.panel.locator(".branch-files").waitFor();
    await view.panel.getByRole("button", { name: "Diff" }).click();
    await view.panel.locator(".diff").waitFor();
    await view.run();
    await view.ended();
  },
  "a chat": async (view) => {
    await view.go("#inference/chatCompletion");
    await view.panel.getByRole("button", { name: "System prompt" }).click();
    await view.run();
    await view.ended();
  },
  "an error": async (view) => {
    await view.go("#models/modelInfo?repo=acme%2Fnone");
    await view.run();
    await view.ended("failed");
  },
  "a question": async (view) => {
    await view.go("#repository/deleteRepo");
    await view.panel.locator(".actions .button").click();
    await view.page.locator("dialog[open]").waitFor();
  },
};

describe("axe finds nothing", () => {
  // Dark mode changes nothing but colours.
  for (const [look, options, rules] of [["light", DESKTOP], ["dark", DARK, ["color-contrast"]], ["phone", PHONE]]) {
    it(`in ${look}`, async () => {
      await browser.control("reset");
      const view = await browser.visit(options);
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(view);
        // Colours are judged once they are there.
        await view.page.waitForTimeout(200);
        assert.deepEqual(await findings(view, rules), [], state);
      }
      await view.close();
    });
  }
});

describe("any width", () => {
  for (const [look, options] of Object.entries({ "320 px": NARROW, "4K": HUGE })) {
    it(`${look} holds every state, and nothing is cut off at the side`, async () => {
      await browser.control("reset");
      const view = await browser.visit(options);
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(view);
        const wide = await view.page.evaluate(() => ["main", "html"].map((name) => document.querySelector(name)).map((one) => one.scrollWidth - one.clientWidth));
        assert.deepEqual(wide, [0, 0], state);
        assert.equal(await view.page.evaluate(() => document.querySelector("#topbar").getBoundingClientRect().top), 0, `${state}: the bar stays`);
      }
      await view.close();
    });
  }
});

describe("what is loaded", () => {
  it("takes at most 20 requests", async () => {
    for (const hash of ["", "#models/listModels"]) {
      const view = await browser.visit();
      view.requests.length = 0;
      await view.go(hash);
      await view.page.waitForLoadState("networkidle");
      const sent = view.requests.filter((address) => address.startsWith("http"));
      assert.ok(sent.length <= 20, `${sent.length}:\n${sent.join("\n")}`);
      await view.close();
    }
  });

  it("weighs at most 120 kB beside the package, fonts and all that is loaded later included", async (t) => {
    const { metafile } = await build({ absWorkingDir: root, entryPoints: ["www/app.js", "www/first.js", "www/styles/first.css", "www/styles/page.css"], bundle: true, splitting: true, format: "esm", minify: true, metafile: true, write: false, outdir: "out", alias: { "#load": "./pkg/dist/load/browser.js" }, loader: { ".woff2": "empty" } });
    const isPackage = (name) => name.startsWith("pkg/dist/") || /node_modules\/(@cfworker|ignore|oauth4webapi)\//.test(name);
    const own = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs)).filter(([name]) => !isPackage(name)).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const all = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
    const files = readdirSync(path.join(root, "www/dist")).filter((name) => /\.(js|css|html)$/.test(name));
    const gzip = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(root, "www/dist", name)), { level: 9 }).length, 0);
    const fonts = readdirSync(path.join(root, "www/dist")).filter((name) => name.endsWith(".woff2")).reduce((sum, name) => sum + readFileSync(path.join(root, "www/dist", name)).length, 0);
    const share = Math.round((gzip * own) / all) + fonts;
    t.diagnostic(`${share} bytes, ${fonts} of them fonts`);
    assert.ok(share <= 120_000, `${share} bytes`);
  });
});

it("Lighthouse gives at least 95 in all four categories, on a slow phone", async (t) => {
  const port = 9200 + (process.pid % 700);
  const judged = await launch([`--remote-debugging-port=${port}`]);
  try {
    const { lhr } = await lighthouse(`${browser.emulator.endpoint}/www/`, { port, logLevel: "error", onlyCategories: ["performance", "accessibility", "best-practices", "seo"] });
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
    t.diagnostic(`${JSON.stringify(scores)}, first paint after ${Math.round(lhr.audits["first-contentful-paint"].numericValue)} ms`);
    for (const [name, score] of Object.entries(scores)) assert.ok(score >= 95, `${name}: ${score}`);
    assert.ok(lhr.audits["first-contentful-paint"].numericValue < 1800);
  } finally {
    await judged.close();
  }
});
