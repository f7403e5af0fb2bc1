// What `can` says of a token agrees with what the emulator then does: for every token and every endpoint, on repositories
// of every kind. `unknown` is right only where the verdict depends on what `whoAmI` does not tell.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { ForbiddenError, Hub, InferenceRouter } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";

const catalogue = JSON.parse(readFileSync(new URL("../../pkg/dist/catalogue.json", import.meta.url)));
const endpoints = catalogue.groups.flatMap(({ endpoints }) => endpoints);
const TOKENS = ["write", "read", "fine", "expired", "bob", "bob_read", "carol", "dmitri"].map((name) => `hf_emulator_${name}`).concat([null]);
/** Own, of an organization, of others, gated, private. */
const REPOS = ["alice/playground", "acme/tiny-bert", "openai-community/gpt2", "acme/gated-llm", "datasets/alice/private-notes"];

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

const reset = () => fetch(`${emulator.endpoint}/_emulator/reset`, { method: "POST", headers: { "x-emulator-control": "1" } });
const hub = (token, options) => new Hub({ endpoint: emulator.endpoint, token, retry: false, ...options });

function example({ parameters: { properties, required = [] } }) {
  return Object.fromEntries(required.map((name) => [name, properties[name].examples?.[0]]));
}

/** What the emulator does: refuses the caller, or not. */
async function refused(client, name, params) {
  try {
    await client[name](params);
    return false;
  } catch (error) {
    assert.ok(error.status, `${name}: ${error}`);
    // What a caller may not see does not exist for it.
    return [401, 403].includes(error.status) || (error.status === 404 && "hidden");
  }
}

test("for every token and every endpoint, the verdict is what happens", async () => {
  const counts = { allowed: 0, denied: 0, unknown: 0 };
  for (const token of TOKENS) {
    await reset();
    const home = hub(token);
    const router = new InferenceRouter({ endpoint: emulator.routerEndpoint, token, retry: false });
    for (const endpoint of endpoints) {
      const { name, host } = endpoint;
      const params = example(endpoint);
      const takesAny = params.repo && !/datasets|spaces/.test(endpoint.path);
      const variants = [params, ...REPOS.filter((repo) => takesAny && !(repo.startsWith("datasets/") && endpoint.path.includes("models"))).map((repo) => ({ ...params, repo }))];
      for (const each of variants) {
        const client = host === "hub" ? home : router;
        const { verdict, reason, where, missing } = await client.can(name, each, { hub: home });
        const happened = await refused(client, name, each);
        const reported = `${token} ${name} ${each.repo ?? ""}: ${verdict} (${reason}), and it was ${happened ? "refused" : "done"}`;
        counts[verdict]++;
        if (verdict === "allowed") assert.notEqual(happened, true, reported);
        if (verdict === "denied") {
          assert.ok(happened, reported);
          assert.ok(reason.length > 10 && (missing || where), reported);
        }
        // It depends on who may see the repository, or on whose pull request it is.
        if (verdict === "unknown") assert.match(reason, /public|pull request|opened|role|pays/, reported);
        if (["deleteRepo", "moveRepo", "updateRepoSettings"].includes(name) && !happened) await reset();
      }
    }
  }
  assert.ok(counts.allowed > 200 && counts.denied > 150, JSON.stringify(counts));
  assert.ok(counts.unknown < (counts.allowed + counts.denied) / 2, JSON.stringify(counts));
});

test("what is missing, and where it can be added", async () => {
  const cases = [
    ["read", "commit", { repo: "alice/x" }, { permission: "write", entity: { type: "model", name: "alice/x" } }, "/settings/tokens", /“laptop” can only read/],
    ["fine", "commit", { repo: "alice/x" }, { permission: "repo.write", entity: { type: "model", name: "alice/x" } }, "/settings/tokens", /no repo\.write on alice\/x/],
    ["fine", "createRepo", { repo: "datasets/acme/new" }, { permission: "repo.write", entity: { type: "org", name: "acme" } }, "/settings/tokens", /no repo\.write on acme/],
    ["dmitri", "commit", { repo: "acme/x" }, { permission: "write", entity: { type: "org", name: "acme" } }, "/organizations/acme/settings/members", /has the role read in acme/],
    ["bob", "deleteRepo", { repo: "acme/x" }, { permission: "write", entity: { type: "org", name: "acme" } }, "/organizations/acme/settings/members", /no role in acme/],
    ["fine", "createWebhook", {}, { permission: "user.webhooks.write", entity: { type: "user", name: "alice" } }, "/settings/tokens", /no user\.webhooks\.write/],
  ];
  for (const [token, name, params, missing, where, reason] of cases) {
    const access = await hub(`hf_emulator_${token}`).can(name, params);
    assert.deepEqual([access.verdict, access.missing, access.where], ["denied", missing, emulator.endpoint + where], `${token} ${name}`);
    assert.match(access.reason, reason);
  }
  assert.equal((await hub("hf_emulator_expired").can("modelInfo", { repo: "acme/x" })).reason, "the token is wrong or has expired");
  assert.match((await hub(null).can("commit", { repo: "acme/x" })).reason, /needs a token/);
  assert.equal((await hub("hf_emulator_fine").can("commit", { repo: "acme/tiny-bert" })).verdict, "allowed");
  assert.equal((await hub("hf_emulator_read").can("uploadFile", { repo: "alice/x" })).verdict, "denied");
  await assert.rejects(hub("hf_emulator_write").can("constructor", {}), /constructor is no endpoint/);
  await assert.rejects(hub("hf_emulator_write").can("comit", {}), /comit is no endpoint/);
});

/** A Hub whose `whoAmI` tells this. */
function standIn(who) {
  const fetch = async (url) => (url.endsWith("/whoami-v2") ? Response.json({ type: "user", id: "1", name: "alice", orgs: [], ...who }) : assert.fail(url));
  return new Hub({ endpoint: "https://hub.example", token: "hf_x", fetch });
}

test("organizations and tokens of other kinds", async () => {
  const write = { auth: { type: "access_token", accessToken: { displayName: "t", role: "write" } } };
  const org = (more) => [{ type: "org", id: "2", name: "Acme", ...more }];
  const can = async (who, params = { repo: "acme/x" }) => (await standIn(who).can("commit", params)).verdict;
  assert.equal(await can({ ...write, orgs: org({ roleInOrg: "write" }) }), "allowed");
  assert.equal(await can({ ...write, orgs: org({ roleInOrg: "no_access" }) }), "denied");
  assert.equal(await can({ ...write, orgs: org({}) }), "unknown");
  assert.equal(await can({ ...write, orgs: org({ roleInOrg: "read", resourceGroups: [{ id: "3", name: "g", role: "write" }] }) }), "unknown");
  const restricted = await standIn({ ...write, orgs: org({ roleInOrg: "admin", securityRestrictions: ["sso"] }) }).can("commit", { repo: "acme/x" });
  assert.deepEqual([restricted.verdict, restricted.missing.permission], ["denied", "sso"]);
  const oauth = await standIn({ auth: { type: "oauth" } }).can("commit", { repo: "alice/x" });
  assert.deepEqual([oauth.verdict, oauth.reason], ["unknown", "whoAmI does not say what this token may do"]);
  const scoped = { auth: { type: "access_token", accessToken: { displayName: "t", role: "fineGrained", fineGrained: { scoped: [{ entity: { _id: "1", type: "user" }, permissions: ["repo.write"] }] } } } };
  assert.equal(await can(scoped, { repo: "datasets/alice/x" }), "allowed");
  assert.equal(await can(scoped), "denied");
});

test("names that every object has are names as others", async () => {
  const held = ["constructor", "toString", "repo.write"];
  const { fineGrained, ...write } = { displayName: "t", role: "write", fineGrained: { global: held, scoped: [] } };
  const can = async (accessToken, repo) => await standIn({ orgs: [], auth: { type: "access_token", accessToken } }).can("commit", { repo });
  for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"]) {
    const { verdict, missing } = await can(write, `${name}/x`);
    assert.deepEqual([verdict, missing], ["denied", { permission: "write", entity: { type: "org", name } }], name);
  }
  assert.equal((await can({ ...write, role: "fineGrained", fineGrained }, "alice/x")).verdict, "allowed");
});

test("what uploads is asked about as the commit, or the pull request, that it makes", async () => {
  const proposer = new Hub({ endpoint: "https://hub.example", token: "hf_x", fetch: async () => Response.json({ type: "user", name: "zoe", orgs: [], auth: { accessToken: { displayName: "fine", role: "fineGrained", fineGrained: { global: ["discussion.write"], scoped: [] } } } }) });
  const can = async (params) => (await proposer.can("uploadFolder", { repo: "zoe/x", ...params })).verdict;
  assert.deepEqual([await can({}), await can({ isPullRequest: true })], ["denied", "allowed"]);
});

test("whoAmI is asked once, and again after a refusal, whose error has the verdict", async () => {
  const home = hub("hf_emulator_read");
  let asked = 0;
  const counting = hub("hf_emulator_read", { fetch: (url, init) => {
    asked += Number(url.endsWith("/whoami-v2"));
    return fetch(url, init);
  } });
  await Promise.all([counting.can("commit", { repo: "alice/x" }), counting.can("createRepo", { repo: "y" })]);
  await counting.can("modelInfo", { repo: "alice/x" });
  assert.equal(asked, 1);
  const plain = await home.createRepo({ repo: "alice/refused" }).then(assert.fail, (error) => error);
  assert.ok(plain instanceof ForbiddenError && plain.access === undefined);
  const now = Date.now;
  Date.now = () => now() + 60_000;
  try {
    const error = await counting.createRepo({ repo: "alice/refused" }).then(assert.fail, (error) => error);
    assert.equal(asked, 2);
    assert.deepEqual([error.access.verdict, error.access.missing.permission], ["denied", "write"]);
    assert.match(error.advice, /^The token “laptop” can only read\. Add it at http.*\/settings\/tokens\.$/);
    assert.deepEqual(JSON.parse(JSON.stringify(error)).access.verdict, "denied");
  } finally {
    Date.now = now;
  }
  const governed = hub("hf_emulator_read", { policy: { groups: { repos: "full", account: "read" } } });
  const error = await governed.createRepo({ repo: "alice/refused" }).then(assert.fail, (error) => error);
  assert.equal(error.access.verdict, "denied");
  const router = new InferenceRouter({ endpoint: "https://router.example", token: "hf_x", fetch: async () => Response.json({ error: "no" }, { status: 403 }) });
  await router.can("chatCompletion", {}, { hub: counting });
  const stream = router.chatCompletionStream({ model: "m", messages: [] });
  const broken = await stream.next().then(assert.fail, (error) => error);
  assert.ok(broken instanceof ForbiddenError && broken.access, "errors of streams have it, too");
  const blind = hub("hf_emulator_read", { policy: { groups: { repos: "full" } } });
  assert.match((await blind.can("commit", { repo: "alice/x" })).reason, /whoAmI failed: whoAmI: the policy/);
});
