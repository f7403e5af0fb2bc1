// Sign-in by a page in Chromium: on the emulator, with a click on its page of consent, and on `oidc-provider`, which
// others have certified. The page is one of another origin than both.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Provider } from "oidc-provider";

import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";

const stops = [];
let browser;
let emulator;
let site;
before(async () => {
  [browser, emulator, site] = await Promise.all([launch(), startEmulator(["--no-rate-limit"]), page()]);
  stops.push(() => emulator.stop(), () => browser.close());
});
after(() => Promise.all(stops.map((stop) => stop())));

/** A page that signs in by its query, shows the result, and asks for what is in `window`. */
async function page() {
  const contents = `
    import { oauthHandleRedirectIfPresent, oauthLoginUrl, oauthRefresh } from "hf-wasm/oauth";
    const options = JSON.parse(sessionStorage.options ?? "null");
    window.signIn = async (options) => {
      sessionStorage.options = JSON.stringify(options);
      location.href = await oauthLoginUrl(options);
    };
    window.outcome = oauthHandleRedirectIfPresent().then(
      (result) => (window.result = result) && { user: result.userInfo, scope: result.scope, state: result.state, token: result.accessToken, refreshes: Boolean(result.refreshToken), left: sessionStorage.length },
      ({ name, code, message }) => ({ name, code, message }),
    );
    window.refresh = async () => {
      const { accessToken } = await oauthRefresh(window.result, options);
      return accessToken.length > 0 && accessToken !== window.result.accessToken;
    };
    document.title = "ready";`;
  const resolveDir = fileURLToPath(new URL("../..", import.meta.url));
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, format: "esm", target: "es2022", write: false });
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? outputFiles[0].text : "<!doctype html><title>wait</title><script type=module src=/page.js></script>");
  });
  return `${await listening(server)}/back`;
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }));
  return `http://127.0.0.1:${server.address().port}`;
}

/** Opens the page and begins to sign in. */
async function begin(options) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(site);
  await tab.waitForFunction(() => document.title === "ready");
  await tab.evaluate((options) => void window.signIn(options), options);
  return tab;
}

async function outcome(tab) {
  await tab.waitForURL(`${site}*`);
  await tab.waitForFunction(() => document.title === "ready");
  return await tab.evaluate(() => window.outcome);
}

test("the emulator: a person clicks, and the page has a token", async () => {
  const tab = await begin({ clientId: "a page", hubUrl: emulator.endpoint, scopes: "openid profile read-repos", state: "kept" });
  await tab.getByRole("link", { name: "Allow as alice" }).click();
  const result = await outcome(tab);
  assert.deepEqual([result.user?.preferred_username, result.scope, result.state, result.refreshes], ["alice", "openid profile read-repos", "kept", true], JSON.stringify(result));
  assert.equal(result.left, 1, "only what the test itself keeps");
  const response = await fetch(`${emulator.endpoint}/api/whoami-v2`, { headers: { authorization: `Bearer ${result.token}` } });
  assert.equal((await response.json()).name, "alice");
  // Loaded again, the address with its code is nothing any more.
  await tab.reload();
  assert.equal(await outcome(tab), false);
  await tab.context().close();
});

test("the emulator: a person refuses", async () => {
  const tab = await begin({ clientId: "a page", hubUrl: emulator.endpoint });
  await tab.getByRole("link", { name: "Refuse" }).click();
  const { name, code } = await outcome(tab);
  assert.deepEqual([name, code], ["OAuthError", "access_denied"]);
  await tab.context().close();
});

test("oidc-provider: discovery, PKCE, an id token, userinfo and refresh", async () => {
  const server = createServer();
  const issuer = await listening(server);
  const account = (_context, sub) => ({ accountId: sub, claims: () => ({ sub, preferred_username: sub, name: "Carol" }) });
  const provider = new Provider(issuer, {
    clients: [{ client_id: "a page", token_endpoint_auth_method: "none", redirect_uris: [site], application_type: "native", grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] }],
    findAccount: account,
    claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    conformIdTokenClaims: false,
  });
  server.on("request", provider.callback());
  const tab = await begin({ clientId: "a page", hubUrl: issuer, scopes: "openid profile" });
  await tab.locator("input[name=login]").fill("carol");
  await tab.locator("input[name=password]").fill("any");
  await tab.locator("button[type=submit]").click();
  await tab.waitForURL(/interaction/);
  await tab.locator("button[type=submit]").click();
  const result = await outcome(tab);
  assert.deepEqual([result.user?.sub, result.user?.name, result.refreshes], ["carol", "Carol", true], JSON.stringify(result));
  assert.equal(await tab.evaluate(() => window.refresh()), true);
  await tab.context().close();
});
