// `hf-wasm/oauth` with the emulator as the provider: what works, and every way in which it must not.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { ForbiddenError, Hub } from "hf-wasm";
import { OAuthError, oauthDeviceLogin, oauthHandleRedirect, oauthHandleRedirectIfPresent, oauthLoginUrl, oauthRefresh, oauthUserInfo, tokenProvider } from "hf-wasm/oauth";

import { startEmulator } from "../emulator.mjs";

const clientId = "a test";
const redirectUrl = "http://localhost:5173/back?from=hub";

let emulator;
let app;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  app = { clientId, hubUrl: emulator.endpoint };
});
after(() => emulator?.stop());

/** A storage like that of a page. */
function page() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

/** Follows a link of the consent page; the address where that leads. */
async function decide(url, link = "Allow as alice") {
  const text = await (await fetch(url)).text();
  const href = new RegExp(`href="([^"]+)">${link}<`).exec(text)?.[1].replaceAll("&amp;", "&");
  assert.ok(href, text);
  const response = await fetch(new URL(href, emulator.endpoint), { redirect: "manual" });
  return response.headers.get("location") ?? (await response.text());
}

async function signIn(scopes, more = {}) {
  const storage = page();
  const redirectedUrl = await decide(await oauthLoginUrl({ ...app, scopes, redirectUrl, storage, ...more }));
  return { storage, redirectedUrl, result: await oauthHandleRedirect({ redirectedUrl, storage }) };
}

const fails = (code) => (error) => error instanceof OAuthError && error.code === code;
const post = async (form) => {
  const response = await fetch(`${emulator.endpoint}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
  return [response.status, await response.json()];
};

test("a person signs in on a page: token, scopes, and who it is", async () => {
  const { result, storage, redirectedUrl } = await signIn("openid profile read-repos", { state: "where I was" });
  assert.match(redirectedUrl, /^http:\/\/localhost:5173\/back\?from=hub&code=/);
  assert.deepEqual([result.scope, result.state, result.userInfo.preferred_username], ["openid profile read-repos", "where I was", "alice"]);
  assert.ok(result.accessTokenExpiresAt > new Date());
  assert.equal(storage.kept.size, 0, "nothing is left behind");
  const hub = new Hub({ endpoint: emulator.endpoint, token: result.accessToken });
  assert.equal((await hub.whoAmI()).name, "alice");
  assert.equal((await oauthUserInfo(result.accessToken, app)).preferred_username, "alice");
});

test("a token may do what its scopes say and no more", async () => {
  const repo = "alice/signed-in";
  const hub = async (scopes) => new Hub({ endpoint: emulator.endpoint, token: (await signIn(scopes)).result.accessToken });
  await assert.rejects((await hub("openid read-repos webhooks")).createRepo({ repo }), ForbiddenError);
  const writer = await hub("openid write-repos");
  await writer.createRepo({ repo, private: true });
  await writer.commit({ repo, title: "Say hello", operations: [{ operation: "addOrUpdate", path: "a", content: "a" }] });
  await assert.rejects(writer.listWebhooks(), ForbiddenError);
  assert.ok(Array.isArray(await (await hub("openid webhooks")).listWebhooks()));
  assert.equal((await (await hub("openid read-repos")).modelInfo({ repo })).private, true);
  await assert.rejects((await hub("openid")).modelInfo({ repo }));
  await writer.deleteRepo({ repo });
});

test("a person who refuses, and scopes that nobody knows", async () => {
  const storage = page();
  const denied = await decide(await oauthLoginUrl({ ...app, redirectUrl, storage }), "Refuse");
  await assert.rejects(oauthHandleRedirect({ redirectedUrl: denied, storage }), fails("access_denied"));
  const unknown = await oauthLoginUrl({ ...app, redirectUrl, storage, scopes: "openid everything" });
  const back = (await fetch(unknown, { redirect: "manual" })).headers.get("location");
  await assert.rejects(oauthHandleRedirect({ redirectedUrl: back, storage }), fails("invalid_scope"));
});

test("a state that this page did not send, or that it used, is refused without a request", async () => {
  const storage = page();
  const redirectedUrl = await decide(await oauthLoginUrl({ ...app, redirectUrl, storage }));
  const never = () => assert.fail("a request was sent");
  const forged = new URL(redirectedUrl);
  forged.searchParams.set("state", "forged");
  const missing = new URL(redirectedUrl);
  missing.searchParams.delete("state");
  for (const url of [forged.href, missing.href]) {
    await assert.rejects(oauthHandleRedirect({ redirectedUrl: url, storage, fetch: never }), fails("invalid_state"));
    assert.equal(await oauthHandleRedirectIfPresent({ redirectedUrl: url, storage }), false);
  }
  // Another browser, into which somebody pasted the address.
  await assert.rejects(oauthHandleRedirect({ redirectedUrl, storage: page(), fetch: never }), fails("invalid_state"));
  const result = await oauthHandleRedirectIfPresent({ redirectedUrl, storage });
  assert.equal(result.userInfo.preferred_username, "alice");
  await assert.rejects(oauthHandleRedirect({ redirectedUrl, storage, fetch: never }), fails("invalid_state"));
  assert.equal(await oauthHandleRedirectIfPresent({ redirectedUrl: "http://localhost:5173/", storage }), false);
});

test("a code that is replayed is refused, and what it gave is taken back", async () => {
  const storage = page();
  const redirectedUrl = await decide(await oauthLoginUrl({ ...app, redirectUrl, storage }));
  const copy = new Map(storage.kept);
  const result = await oauthHandleRedirect({ redirectedUrl, storage });
  for (const [key, value] of copy) storage.setItem(key, value);
  const error = await oauthHandleRedirect({ redirectedUrl, storage }).then(assert.fail, (error) => error);
  assert.ok(fails("invalid_grant")(error));
  const code = new URL(redirectedUrl).searchParams.get("code");
  assert.ok(!JSON.stringify([error, error.message, error.stack, error.cause]).includes(code));
  await assert.rejects(new Hub({ endpoint: emulator.endpoint, token: result.accessToken }).whoAmI(), { status: 401 });
  await assert.rejects(oauthRefresh(result, app), fails("invalid_grant"));
});

test("a wrong verifier, client or page is refused", async () => {
  const storage = page();
  const start = async () => new URL(await decide(await oauthLoginUrl({ ...app, redirectUrl, storage })));
  const url = await start();
  const [key, text] = [...storage.kept].at(-1);
  storage.setItem(key, JSON.stringify({ ...JSON.parse(text), verifier: "x".repeat(43) }));
  await assert.rejects(oauthHandleRedirect({ redirectedUrl: url.href, storage }), fails("invalid_grant"));
  for (const wrong of [{ client_id: "another" }, { redirect_uri: "http://localhost:5173/other" }, { code_verifier: "y".repeat(43) }]) {
    const code = (await start()).searchParams.get("code");
    const { verifier } = JSON.parse([...storage.kept].at(-1)[1]);
    const form = { grant_type: "authorization_code", code, client_id: clientId, redirect_uri: redirectUrl, code_verifier: verifier };
    const [status, { error }] = await post({ ...form, ...wrong });
    assert.deepEqual([status, error], [400, "invalid_grant"], JSON.stringify(wrong));
    assert.equal((await post(form))[1].error, "invalid_grant", "a code that was tried is spent");
  }
});

test("the provider sends nobody to a foreign page, and does not begin without PKCE", async () => {
  const ask = (members) => fetch(`${emulator.endpoint}/oauth/authorize?${new URLSearchParams({ client_id: "a", response_type: "code", redirect_uri: redirectUrl, state: "s", ...members })}`, { redirect: "manual" });
  for (const redirect_uri of ["https://evil.example/", "javascript:alert(1)", "", "http://localhost.evil.example/", "http://localhost/#a"]) {
    const response = await ask({ redirect_uri, code_challenge: "x", code_challenge_method: "S256" });
    assert.deepEqual([response.status, response.headers.get("location")], [400, null], redirect_uri);
  }
  for (const members of [{}, { code_challenge: "x", code_challenge_method: "plain" }, { code_challenge_method: "S256" }]) {
    assert.match((await ask(members)).headers.get("location"), /error=invalid_request.*state=s/);
  }
  const challenge = createHash("sha256").update("v").digest("base64url");
  const text = await (await ask({ client_id: "<script>", code_challenge: challenge, code_challenge_method: "S256" })).text();
  assert.ok(text.includes("&lt;script&gt;") && !text.includes("<script>"));
});

test("a program without a browser signs in by a code", async () => {
  const codes = [];
  const waiting = oauthDeviceLogin({ ...app, scopes: "openid write-repos", onCode: (code) => codes.push(code) });
  while (codes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [{ userCode, verificationUri, verificationUriComplete }] = codes;
  assert.match(userCode, /^[A-Z]{4}-[A-Z]{4}$/);
  assert.ok((await (await fetch(verificationUri)).text()).includes(userCode));
  assert.match(await decide(verificationUriComplete, "Allow as bob"), /signed in/);
  const { userInfo, accessToken } = await waiting;
  assert.equal(userInfo.preferred_username, "bob");
  assert.equal((await new Hub({ endpoint: emulator.endpoint, token: accessToken }).whoAmI()).name, "bob");
});

test("a device that is refused, and one whose program gave up", async () => {
  const refused = oauthDeviceLogin({ ...app, onCode: ({ verificationUriComplete }) => decide(verificationUriComplete, "Refuse") });
  const stop = new AbortController();
  const given = oauthDeviceLogin({ ...app, signal: stop.signal, onCode: () => stop.abort(new Error("enough")) });
  await assert.rejects(given, /enough/);
  await assert.rejects(refused, fails("access_denied"));
});

test("a token near its end is refreshed once for all calls that wait, and the new one is told", async () => {
  const { result } = await signIn("openid read-repos");
  let requests = 0;
  const counted = (url, init) => {
    if (String(url).endsWith("/oauth/token")) requests += 1;
    return fetch(url, init);
  };
  const reported = [];
  const old = { ...JSON.parse(JSON.stringify(result)), accessTokenExpiresAt: new Date(Date.now() + 1000).toISOString() };
  const hub = new Hub({ endpoint: emulator.endpoint, token: tokenProvider(old, { ...app, fetch: counted, onRefresh: (result) => reported.push(result) }) });
  const names = await Promise.all(Array.from({ length: 20 }, async () => (await hub.whoAmI()).name));
  assert.deepEqual([new Set(names), requests, reported.length], [new Set(["alice"]), 1, 1]);
  assert.notEqual(reported[0].accessToken, result.accessToken);
  assert.notEqual(reported[0].refreshToken, result.refreshToken);
  await hub.whoAmI();
  assert.equal(requests, 1, "a fresh token is left alone");
  await assert.rejects(oauthRefresh(result, app), fails("invalid_grant"), "a refresh token works once");
});

test("a refresh that fails rejects the calls that wait, and the next call tries again", async () => {
  const { result } = await signIn("openid");
  let down = true;
  const flaky = (url, init) => (down ? Promise.reject(new TypeError("no network")) : fetch(url, init));
  const token = tokenProvider({ ...result, accessTokenExpiresAt: new Date(0) }, { ...app, fetch: flaky });
  const both = await Promise.allSettled([token(), token()]);
  assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected"]);
  down = false;
  assert.match(await token(), /^hf_oauth_/);
});

test("a provider elsewhere is asked over TLS only", async () => {
  const never = () => assert.fail("a request was sent");
  await assert.rejects(oauthLoginUrl({ clientId, hubUrl: "http://hub.example", redirectUrl, storage: page(), fetch: never }), fails("invalid_response"));
});
