// Draws the picture of the page that the README shows, in light and dark: `node tests/page/picture.mjs`.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { openBrowser, root } from "./open.mjs";

const viewport = { width: 1440, height: 900 };

const browser = await openBrowser();
mkdirSync(path.join(root, "docs/public"), { recursive: true });
for (const colorScheme of ["light", "dark"]) {
  await browser.control("reset");
  const { page, go, run, ended, close } = await browser.visit({ viewport, colorScheme, deviceScaleFactor: 2 });
  await go("#models/listModels");
  await run();
  await ended();
  await page.mouse.move(0, 0);
  await page.locator("main").evaluate((main) => main.scrollTo({ top: 0, behavior: "instant" }));
  // Colours and bars move into place.
  await page.waitForTimeout(1000);
  const debuggee = await page.context().newCDPSession(page);
  const { data } = await debuggee.send("Page.captureScreenshot", { format: "webp", quality: 70 });
  const file = `docs/public/page-${colorScheme}.webp`;
  writeFileSync(path.join(root, file), Buffer.from(data, "base64"));
  console.log(`${file}: ${Math.round((data.length * 3) / 4000)} kB`);
  await close();
}
await browser.close();
