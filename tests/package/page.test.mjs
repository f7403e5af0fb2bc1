// The demo page in the three engines: a list, its code and its link, the palette, a streamed chat, and a commit.

import assert from "node:assert/strict";
import { after, before, it } from "node:test";

import { WWW } from "../page/open.mjs";
import { startEmulator } from "../emulator.mjs";
import { browsers, closeBrowsers, visit } from "./lib/browsers.mjs";

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit", ...WWW]);
});
after(async () => {
  await closeBrowsers();
  await emulator?.stop();
});

/** Runs in the page. */
const TOUR = `
  const wait = async (what, find) => {
    for (let left = 300; left > 0; left -= 1) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(what + ": " + document.querySelector("main").innerText.slice(0, 400));
  };
  const one = (selector) => document.querySelector(selector);
  const run = async (name, hash) => {
    location.hash = hash;
    await wait(name, () => one("main h1")?.textContent === name && one("main .run"));
    one("main .run").click();
    await wait(name + " done", () => one('main .status[data-kind="done"]'));
  };
  await wait("start", () => one(".journey-head .primary") ?? one("main .run"));
  await run("hub.listModels", "#models/listModels?search=bert&pageSize=5");
  const items = document.querySelectorAll(".output .list > li").length;
  const link = location.hash;
  const code = one(".code-page:not([hidden])").innerText;
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }));
  const palette = one(".palette").open;
  one(".palette").close();
  await run("router.chatCompletion", "#inference/chatCompletion");
  const said = [...document.querySelectorAll(".bubble.assistant")].at(-1).innerText;
  await run("hub.commit", "#repository/commit");
  const committed = one(".output").innerText;
  return { items, link, code, palette, said, committed, width: document.documentElement.scrollWidth - innerWidth };
`;

for (const [name, { title, absent }] of Object.entries(browsers)) {
  it(`works in ${title}`, { skip: absent() }, async () => {
    await visit(name, `${emulator.endpoint}/www/`, async (problems, evaluate) => {
      const seen = await evaluate(TOUR);
      assert.equal(seen.items, 5);
      assert.match(seen.link, /pageSize=5/);
      assert.match(seen.code, /pageSize: 5/);
      assert.equal(seen.palette, true);
      assert.match(seen.said, /I am emulator/);
      assert.match(seen.committed, /[0-9a-f]{40}/);
      assert.ok(seen.width <= 0, "nothing is cut off at the side");
      assert.deepEqual(problems, []);
    });
  });
}
