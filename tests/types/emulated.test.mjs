// Every reply of the emulator satisfies its declared type: requests for all that answer JSON, with every `expand`
// value and every other parameter that adds fields.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { complaints } from "./check.mjs";

const generated = readFileSync(new URL("../../pkg/src/generated/endpoints.ts", import.meta.url), "utf8");

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

test("every reply of the emulator satisfies its type", async (context) => {
  const values = [];
  for (const [type, method, path, body] of requests()) {
    for (const value of await replies(type, method, path, body)) values.push({ id: `${method} ${path}`, type, value });
  }
  context.diagnostic(`${values.length} emulated replies of ${new Set(values.map(({ type }) => type)).size} types`);
  assert.equal(complaints("emulated", values), "");
  const missing = replyTypes().filter((type) => !values.some((value) => value.type === type));
  assert.deepEqual(missing, [], "every reply type of the methods is proven");
});

/** Types of the replies of the generated methods; files, bytes and nothing are no JSON. */
function replyTypes() {
  const found = [...generated.matchAll(/\): (?:Promise|Pages|EventStream)<([\w[\]]+)>/g)].map(([, type]) => type);
  return [...new Set(found)].filter(
    (type) => /^[A-Z]/.test(type) && !/^(Blob|HubFile|Vector(\[\])?)$/.test(type),
  );
}

/** Type, method, path and body. */
function requests() {
  const id = `types-${Date.now().toString(36)}`;
  const tree = "/api/models/acme/tiny-bert/tree/main";
  const chat = { model: "emulator/echo", messages: [{ role: "user", content: "What is a tensor?" }] };
  const [weather, schema] = [
    { name: "weather", parameters: { type: "object" } },
    { type: "object", properties: {} },
  ];
  const oid = createHash("sha256").update("types").digest("hex");
  return [
    ...["", "&full=true", "&config=true&cardData=true", ...expands("ListModelsParams")].map((more) =>
      get("ModelInfo", `/api/models?limit=5${more}`),
    ),
    ...["?blobs=true&securityStatus=true", "/revision/main", ...infoExpands("ModelInfoParams")].map((more) =>
      get("ModelInfo", `/api/models/acme/tiny-bert${more}`),
    ),
    get("ModelInfo", "/api/models/emulator/echo?expand=inferenceProviderMapping"),
    ...["", "&full=true", ...expands("ListDatasetsParams")].map((more) =>
      get("DatasetInfo", `/api/datasets?limit=5${more}`),
    ),
    ...["?blobs=true", ...infoExpands("DatasetInfoParams")].map((more) =>
      get("DatasetInfo", `/api/datasets/acme/reviews${more}`),
    ),
    ...["", "&full=true", ...expands("ListSpacesParams")].map((more) => get("SpaceInfo", `/api/spaces?limit=5${more}`)),
    ...["?blobs=true", ...infoExpands("SpaceInfoParams")].map((more) =>
      get("SpaceInfo", `/api/spaces/acme/demo${more}`),
    ),
    ...["models", "datasets"].map((kind) => get("TagsByType", `/api/${kind}-tags-by-type`)),
    post("RepoCreated", "/api/repos/create", { name: id, private: true }),
    ["RepoSettings", "PUT", `/api/models/alice/${id}/settings`, { gated: "manual", discussionsDisabled: false }],
    get("CommitInfo", "/api/models/acme/tiny-bert/commits/main?limit=5&expand[]=formatted"),
    get("Refs", "/api/models/acme/tiny-bert/refs?include_prs=1"),
    ...["?recursive=true", "?expand=true", "/onnx"].map((more) => get("TreeEntry", `${tree}${more}`)),
    post("TreeEntry[]", "/api/models/acme/tiny-bert/paths-info/main", { paths: ["README.md", "onnx"], expand: true }),
    post("Preupload", `/api/models/alice/${id}/preupload/main`, {
      files: [{ path: "a.bin", size: 20_000_000, sample: "AAAA" }],
    }),
    post("CommitResult", `/api/models/alice/${id}/commit/main?create_pr=1`, commit),
    post("LfsBatch", `/alice/${id}.git/info/lfs/objects/batch`, {
      operation: "upload",
      transfers: ["basic"],
      objects: [{ oid, size: 5 }],
    }),
    get("Discussion", "/api/models/acme/tiny-bert/discussions?p=0"),
    post("DiscussionCreated", `/api/models/alice/${id}/discussions`, { title: "Types", description: "Do they hold?" }),
    post("DiscussionCreated", `/api/models/alice/${id}/discussions`, {
      title: "Types",
      description: "As a draft",
      pullRequest: true,
    }),
    post("CommentCreated", "/api/models/acme/tiny-bert/discussions/1/comment", { comment: "They hold." }),
    ...["1", "2", "3?diff=1", "4"].map((one) => get("DiscussionInfo", `/api/models/acme/tiny-bert/discussions/${one}`)),
    post("DiscussionStatusChanged", "/api/models/acme/tiny-bert/discussions/1/status", { status: "closed" }),
    post("ChatCompletion", "/v1/chat/completions", { ...chat, logprobs: true, top_logprobs: 2 }),
    post("ChatCompletion", "/v1/chat/completions", {
      ...chat,
      tools: [{ type: "function", function: weather }],
      tool_choice: "required",
    }),
    post("ChatCompletion", "/v1/chat/completions", {
      ...chat,
      response_format: { type: "json_schema", json_schema: { name: "s", schema } },
    }),
    post("ChatCompletionChunk", "/v1/chat/completions", {
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    }),
    post("ChatCompletionChunk", "/v1/chat/completions", {
      ...chat,
      stream: true,
      tools: [{ type: "function", function: weather }],
      tool_choice: "required",
    }),
    get("RouterModels", "/v1/models"),
    ...["one", ["one", "two"]].map((inputs) =>
      post("Embeddings", "/hf-inference/models/emulator/hash-embedding/pipeline/feature-extraction", { inputs }),
    ),
    ...["write", "read", "fine"].map((token) => get("WhoAmI", "/api/whoami-v2", token)),
    get("UserOverview", "/api/users/alice/overview"),
    get("InferenceUsage", "/api/settings/billing/usage-by-inference-session"),
    get("InferenceUsage", "/api/organizations/acme/billing/usage-by-inference-session"),
    get("Collection", "/api/collections?limit=5&owner=alice"),
    post("Collection", "/api/collections", {
      title: `Types ${id}`,
      namespace: "alice",
      item: { type: "model", id: "acme/tiny-bert" },
    }),
    post("WebhookReply", "/api/settings/webhooks", {
      watched: [{ type: "user", name: "alice" }],
      url: `${emulator.endpoint}/_emulator/webhook-sink`,
      domains: ["repo"],
      secret: "s",
    }),
    post("WebhookReply", "/api/settings/webhooks", {
      watched: [{ type: "org", name: "acme" }],
      job: { dockerImage: "python", flavor: "cpu-basic", secrets: { A: "b" } },
      domains: ["discussion"],
    }),
    get("Webhook[]", "/api/settings/webhooks"),
  ];
}

const get = (type, path, token) => [type, "GET", path, undefined, token];
const post = (type, path, body) => [type, "POST", path, body];
const commit = [
  { key: "header", value: { summary: "Add a file" } },
  { key: "file", value: { path: "a.txt", content: "hello", encoding: "utf-8" } },
];

/** The query that asks for every `expand` value of a parameter interface. */
function expands(name) {
  const fields = generated.split(`interface ${name} {`)[1]?.split("\n}\n")[0] ?? "";
  const list = /^ {2}expand\?: (.*)$/m.exec(fields)?.[1];
  assert.ok(list, `the expand values of ${name}`);
  const values = [...list.matchAll(/"([^"]+)"/g)].map(([, value]) => value);
  return [values.map((value) => `&expand=${value}`).join("")];
}

function infoExpands(name) {
  return expands(name).map((query) => `?${query.slice(1)}`);
}

/** What the emulator answers, as the values that a caller gets. */
async function replies(type, method, path, body, token = "write") {
  const json = Array.isArray(body) ? body.map((line) => JSON.stringify(line)).join("\n") : JSON.stringify(body);
  const media = path.includes(".git/")
    ? "application/vnd.git-lfs+json"
    : Array.isArray(body)
      ? "application/x-ndjson"
      : "application/json";
  const response = await fetch(emulator.endpoint + path, {
    method,
    headers: { authorization: `Bearer ${emulator.tokens[token]}`, "x-hf-session-id": "types", ...(body && { "content-type": media }) },
    ...(body && { body: json }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  if (type === "ChatCompletionChunk") return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data));
  const value = JSON.parse(text);
  if (type === "CommitResult") return [{ ...value, skipped: [], ignored: [], warnings: [] }];
  if (type === "Discussion") return value.discussions;
  return Array.isArray(value) && !type.endsWith("[]") && type !== "Embeddings" ? value : [value];
}
