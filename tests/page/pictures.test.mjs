// The demo page is drawn in each look. The pictures stay in tests/out.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";

import { DARK, DESKTOP, openBrowser, OUT, PHONE } from "./open.mjs";

const LOOKS = { desktop: DESKTOP, dark: DARK, phone: PHONE };
const SHOWN = [
  ["", "overview"],
  ...["models/listModels", "models/modelInfo", "models/modelTags", "repository/listFiles", "repository/listCommits", "repository/commit"].map(named),
  ...["discussions/listDiscussions", "inference/chatCompletion", "inference/featureExtraction", "inference/textToImage"].map(named),
  ...["inference/listModels", "account/whoAmI", "account/listCollections", "webhooks/listWebhooks", "repository/deleteRepo"].map(named),
];

let browser;
before(async () => {
  browser = await openBrowser();
  mkdirSync(OUT, { recursive: true });
});
after(() => browser?.close());

describe("pictures", () => {
  for (const [look, options] of Object.entries(LOOKS)) {
    it(`draws the page, ${look}`, async () => {
      await browser.control("reset");
      const view = await browser.visit(options);
      for (const [hash, name] of SHOWN) {
        await view.go(hash);
        if (hash !== "") {
          await view.run();
          await view.ended();
        }
        const file = path.join(OUT, `page-${look}-${name}.png`);
        const image = await view.page.screenshot({ path: file });
        assert.ok(image.length > 10_000, `${file} is not blank`);
      }
      assert.deepEqual(view.problems, []);
      await view.close();
    });
  }
});

function named(address) {
  return [`#${address}`, address.replace("/", "-")];
}
