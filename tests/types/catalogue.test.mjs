// The catalogue: every JSON Schema is valid, and takes the examples of the rows and nothing that a call would refuse.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";

import { Hub, InferenceRouter } from "../../pkg/dist/index.js";
import { endpoints as shown } from "../../www/catalogue.js";

const catalogue = JSON.parse(readFileSync(new URL("../../pkg/dist/catalogue.json", import.meta.url), "utf8"));
const endpoints = catalogue.groups.flatMap(({ endpoints }) => endpoints);
const named = (name, host = "hub") => endpoints.find((row) => row.name === name && row.host === host);
/** JSON has no Blob and no bytes: the one description that the types do not have. */
const OWN = "Text, sent as UTF-8. Programs may give a Blob or bytes.";
/** Strict: a keyword that means nothing is a mistake. */
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false, allErrors: true });
const accepts = ({ parameters }, value) => ajv.validate(parameters, value);

test("the catalogue has every endpoint of the table, and each is a method", () => {
  const table = readFileSync(new URL("../../docs/ENDPOINTS.md", import.meta.url), "utf8");
  assert.equal(endpoints.filter(({ core }) => core).length, 38);
  assert.ok(named("downloadFile"));
  for (const { name, host } of endpoints) {
    assert.match(table, new RegExp(`\\b${name}\\b`));
    assert.equal(typeof { hub: Hub, router: InferenceRouter }[host].prototype[name], "function", name);
  }
});

test("every schema is valid against its meta-schema, and compiles", () => {
  for (const row of endpoints) {
    assert.ok(ajv.validateSchema(row.parameters), `${row.name}: ${ajv.errorsText()}`);
    ajv.compile(row.parameters);
    for (const [name, schema] of Object.entries(row.parameters.properties)) {
      assert.ok(schema.description, `${row.name}.${name} has no description`);
    }
  }
});

test("every schema takes its row's examples, together", () => {
  for (const row of endpoints) {
    const examples = Object.entries(row.parameters.properties).filter(([, schema]) => schema.examples);
    const params = Object.fromEntries(examples.map(([name, schema]) => [name, schema.examples[0]]));
    assert.ok(accepts(row, params), `${row.name}: ${ajv.errorsText()}`);
  }
});

test("every form of the page has an example for each required parameter", () => {
  for (const { key, params } of shown) {
    for (const { name, required, example } of params) assert.ok(!required || example !== null, `${key}.${name}`);
  }
});

test("what a call would refuse is refused", () => {
  const commit = (...operations) => ({ repo: "acme/x", title: "A title", operations });
  for (const [row, params] of [
    [named("modelInfo"), {}],
    [named("modelInfo"), { repo: 1 }],
    [named("modelInfo"), { repo: { type: "modell", name: "acme/x" } }],
    [named("modelInfo"), { repo: "acme/x", revison: "main" }],
    [named("listModels"), { limit: -1 }],
    [named("listModels"), { limit: 1.5 }],
    [named("listModels"), { direction: "up" }],
    [named("commit"), commit({ operation: "add", path: "a", content: "" })],
    [named("commit"), commit({ operation: "rename", path: "a" })],
    [named("commit"), commit({ operation: "delete", path: "a", content: "" })],
    [named("createWebhook"), { url: "https://example.org", watched: [{ type: "planet", name: "x" }] }],
    [named("chatCompletion", "router"), { model: "m", messages: [{ role: "robot", content: "x" }] }],
  ]) {
    assert.ok(!accepts(row, params), `${row.name} takes ${JSON.stringify(params)}`);
  }
});

test("what a provider understands besides is taken in a chat alone", () => {
  const chat = { model: "m", messages: [{ role: "user", content: "x" }], some_extension: true };
  assert.ok(accepts(named("chatCompletion", "router"), chat), ajv.errorsText());
});

test("a repository of every type is taken", () => {
  for (const type of ["model", "dataset", "space", "kernel"]) {
    assert.ok(accepts(named("listFiles"), { repo: { type, name: "acme/x" } }), `${type}: ${ajv.errorsText()}`);
  }
});

test("what the rows say of a call", () => {
  assert.deepEqual(
    ["access", "permission", "bucket", "idempotent", "event"].map((name) => named("deleteRepo")[name]),
    ["write", "repo.delete", "api", false, { scope: "repo", action: "delete" }],
  );
  assert.equal(named("modelInfo").idempotent, true);
  const destructive = ["modelInfo", "deleteRepo", "updateRepoSettings"].map((name) => named(name).destructive);
  assert.deepEqual(destructive.map(JSON.stringify), ["false", "true", JSON.stringify(named("updateRepoSettings").destructive)]);
  assert.ok(named("updateRepoSettings").destructive.includes("private"));
});

test("what the schemas say of structured parameters is what the types say", () => {
  const folder = new URL("../../pkg/src/types/", import.meta.url);
  const source = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
  const comments = [...source.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, text]) => text.replace(/\s*\n\s*\*\s*/g, " ").trim());
  const strange = [];
  const look = (schema) => {
    if (typeof schema !== "object" || schema === null) return;
    const { description } = schema;
    if (typeof description === "string" && description !== OWN && !comments.some((comment) => comment.includes(description))) strange.push(description);
    for (const member of Object.values(schema)) look(member);
  };
  for (const { parameters } of endpoints) look(parameters.$defs);
  assert.deepEqual([...new Set(strange)], []);
});
