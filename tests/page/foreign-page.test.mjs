// A page of another site does to the emulator what a browser lets it do.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { launch } from "../runtimes/chromium.mjs";
import { WWW } from "./open.mjs";

const RULE = JSON.stringify({ path: "/planted", status: 200, body: "alert(1)", headers: { "content-type": "text/html" } });

describe("a page of another site", () => {
  let emulator;
  let browser;
  let site;
  let page;

  before(async () => {
    emulator = await startEmulator(["--no-rate-limit", ...WWW]);
    site = await foreignSite();
    // The names lead to this machine, as an attacker's own name server would say.
    browser = await launch(["--host-resolver-rules=MAP *.example 127.0.0.1"]);
    page = await browser.newPage();
    await page.goto(`${site.origin}/`);
  });
  after(async () => {
    await browser?.close();
    site?.stop();
    await emulator?.stop();
  });

  const control = async (name) => {
    const response = await fetch(`${emulator.endpoint}/_emulator/${name}`, { headers: { "x-emulator-control": "1" } });
    return response.json();
  };

  for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    it(`plants no fault by a form of ${enctype}`, async () => {
      const tab = await browser.newPage();
      await tab.goto(`${site.origin}/`);
      const answered = tab.waitForResponse(`${emulator.endpoint}/_emulator/faults`);
      await tab.evaluate(submit, { action: `${emulator.endpoint}/_emulator/faults`, enctype, text: RULE });
      assert.equal((await answered).status(), 403);
      assert.deepEqual(await control("faults"), []);
      await tab.close();
    });
  }

  for (const mode of ["cors", "no-cors"]) {
    it(`reads and changes nothing by fetch with ${mode}`, async () => {
      const before = await control("log");
      const calls = [
        ["/_emulator", {}],
        ["/_emulator", { headers: { accept: "text/html" } }],
        ["/api/models?limit=1", {}],
        ["/_emulator/faults", { method: "POST", body: RULE }],
        ["/_emulator/reset", { method: "POST" }],
        ["/_emulator/webhook-sink", { method: "POST", body: "{}" }],
        ["/api/repos/create", { method: "POST", body: '{"name":"taken"}' }],
        ["/www/app.js", {}],
      ];
      if (mode === "cors") {
        const headers = { "x-emulator-control": "1", authorization: "Bearer hf_emulator_write", "content-type": "application/json" };
        calls.push(["/_emulator/reset", { method: "POST", headers }]);
        calls.push(["/api/repos/delete", { method: "DELETE", headers, body: '{"organization":"acme","name":"tiny-bert"}' }]);
      }
      for (const [path, init] of calls) {
        const read = await page.evaluate(request, [emulator.endpoint + path, { ...init, mode }]);
        assert.ok(read === "failed" || read === "opaque:", `${path}: ${read}`);
      }
      assert.deepEqual(await control("faults"), []);
      assert.deepEqual(await control("webhook-sink"), []);
      assert.deepEqual(await control("log"), before, "no request came as far as the Hub");
      assert.equal((await fetch(`${emulator.endpoint}/api/models/acme/tiny-bert`)).status, 200);
    });
  }

  it("frames neither the page nor an answer", async () => {
    for (const path of ["/www/", "/_emulator", "/api/models?limit=1"]) {
      const frame = await page.evaluateHandle(embed, emulator.endpoint + path);
      const inside = await (await frame.asElement().contentFrame()).content();
      assert.doesNotMatch(inside, /hf_emulator|topbar|modelId/, path);
    }
  });

  it("loads no script, image or stylesheet", async () => {
    const kinds = [
      ["script", "src", "app.js"],
      ["img", "src", "icon.svg"],
      ["link", "href", "styles/base.css"],
    ];
    for (const [tag, name, file] of kinds) {
      assert.equal(await page.evaluate(load, [tag, name, `${emulator.endpoint}/www/${file}`]), "error", tag);
    }
  });

  it("learns nothing under a name that leads to this machine", async () => {
    const { port } = new URL(emulator.endpoint);
    // The refusal's own policy lets its page ask for nothing; an attacker's page has no such policy.
    const tab = await browser.newPage({ bypassCSP: true });
    for (const path of ["/www/", "/_emulator", "/api/models"]) {
      const response = await tab.goto(`http://rebound.example:${port}${path}`);
      assert.equal(response.status(), 403, path);
      assert.doesNotMatch(await response.text(), /hf_emulator|modelId/, path);
    }
    const read = await tab.evaluate(request, ["/_emulator", { headers: { "x-emulator-control": "1" } }]);
    assert.match(read, /^403:/);
    await tab.close();
  });

  it("opens the page by a link, as anybody may", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${site.origin}/`);
    await tab.evaluate((url) => void (location.href = url), `${emulator.endpoint}/www/`);
    await tab.locator("main h1").waitFor();
    await tab.close();
  });

  it("finds no response that a service worker or a script could be made of", async () => {
    const tab = await browser.newPage();
    await tab.goto(`${emulator.endpoint}/www/`);
    const headers = { "x-emulator-control": "1", "content-type": "application/json" };
    const faults = `${emulator.endpoint}/_emulator/faults`;
    const plant = (rule) => fetch(faults, { method: "POST", headers, body: JSON.stringify(rule) });
    assert.equal((await plant({ path: "/sw.js", status: 200, body: "1", headers: { "content-type": "text/javascript" } })).status, 400);
    const body = "<script>document.title = 'ran'</script>";
    assert.equal((await plant({ path: "/planted", status: 200, body, headers: { "content-type": "text/html" } })).status, 200);
    for (const path of ["/planted", "/www/app.js", "/acme/tiny-bert/resolve/main/config.json"]) {
      await assert.rejects(tab.evaluate((url) => navigator.serviceWorker.register(url).then(String), path), /Failed to register/, path);
    }
    await tab.goto(`${emulator.endpoint}/planted`);
    assert.equal(await tab.title(), "");
    assert.equal(await tab.evaluate(() => self.origin), "null", "what is shown belongs to no origin");
    await tab.close();
    await fetch(faults, { method: "DELETE", headers });
  });
});

/** An empty page under a name of another site. */
async function foreignSite() {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://evil.example:${server.address().port}`, stop: () => server.close().closeAllConnections() };
}

/** Here and below: what runs in the page. */
function submit({ action, enctype, text }) {
  const form = Object.assign(document.createElement("form"), { action, enctype, method: "post" });
  const field = Object.assign(document.createElement("input"), { name: text.replace(/}$/, ',"x":"'), value: '"}' });
  form.append(field);
  document.body.append(form);
  form.submit();
}

async function request([url, init]) {
  try {
    const response = await fetch(url, init);
    return `${response.type === "opaque" ? "opaque" : response.status}:${await response.text()}`;
  } catch {
    return "failed";
  }
}

async function embed(src) {
  const frame = document.createElement("iframe");
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  frame.src = src;
  document.body.append(frame);
  await loaded;
  return frame;
}

function load([tag, name, url]) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    for (const event of ["load", "error"]) element.addEventListener(event, () => resolve(event));
    if (tag === "link") element.rel = "stylesheet";
    element[name] = url;
    document.body.append(element);
  });
}
