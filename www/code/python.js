// The same call in Python: by the official client where it has all of the parameters, else as the plain request.

import { connection, hasToken } from "../connection.js";

const REPO = { repo: "repo_id" };
const same = (...names) => Object.fromEntries(names.map((name) => [name, name]));
const LIST = { ...same("search", "author", "filter", "gated", "sort", "full", "expand"), pageSize: "limit", limit: "limit" };

/** Method of `HfApi`, and the names that it gives to parameters. `list` prints an item; `none` returns nothing. */
const METHODS = {
  "hub.listModels": { name: "list_models", args: { ...LIST, ...same("pipeline_tag", "apps", "inference", "inference_provider", "num_parameters", "cardData") }, list: "id" },
  "hub.listDatasets": { name: "list_datasets", args: LIST, list: "id" },
  "hub.listSpaces": { name: "list_spaces", args: { ...LIST, ...same("datasets", "models", "linked") }, list: "id" },
  "hub.modelInfo": { name: "model_info", args: { ...REPO, ...same("revision", "securityStatus", "expand"), blobs: "files_metadata" }, untyped: true },
  "hub.datasetInfo": { name: "dataset_info", args: { ...REPO, ...same("revision", "expand"), blobs: "files_metadata" }, untyped: true },
  "hub.spaceInfo": { name: "space_info", args: { ...REPO, ...same("revision", "expand"), blobs: "files_metadata" }, untyped: true },
  "hub.createRepo": { name: "create_repo", args: { ...REPO, existOk: "exist_ok", private: "private", sdk: "space_sdk", hardware: "space_hardware" } },
  "hub.deleteRepo": { name: "delete_repo", args: REPO, none: true },
  "hub.moveRepo": { name: "move_repo", args: { fromRepo: "from_id", toRepo: "to_id" }, none: true },
  "hub.updateRepoSettings": { name: "update_repo_settings", args: { ...REPO, ...same("gated", "private") }, none: true },
  "hub.listCommits": { name: "list_repo_commits", args: { ...REPO, ...same("revision") }, list: "commit_id" },
  "hub.listRefs": { name: "list_repo_refs", args: { ...REPO, include_prs: "include_pull_requests" } },
  "hub.listFiles": { name: "list_repo_tree", args: { ...REPO, ...same("revision", "recursive", "expand"), path: "path_in_repo" }, list: "path" },
  "hub.listDiscussions": { name: "get_repo_discussions", args: { ...REPO, ...same("author"), type: "discussion_type", status: "discussion_status" }, list: "title" },
  "hub.createDiscussion": { name: "create_discussion", args: { ...REPO, ...same("title", "description"), pullRequest: "pull_request" } },
  "hub.commentDiscussion": { name: "comment_discussion", args: { ...REPO, ...same("comment"), num: "discussion_num" } },
  "hub.discussionInfo": { name: "get_discussion_details", args: { ...REPO, num: "discussion_num", diff: null } },
  "hub.changeDiscussionStatus": { name: "change_discussion_status", args: { ...REPO, ...same("comment"), num: "discussion_num", status: "new_status" } },
  "hub.mergePullRequest": { name: "merge_pull_request", args: { ...REPO, ...same("comment"), num: "discussion_num" }, none: true },
  "hub.whoAmI": { name: "whoami", args: {} },
  "hub.userOverview": { name: "get_user_overview", args: same("username") },
  "hub.listCollections": { name: "list_collections", args: { ...same("owner", "item", "sort", "limit") }, list: "slug" },
  "hub.listWebhooks": { name: "list_webhooks", args: {} },
  "hub.webhookInfo": { name: "get_webhook", args: { webhookId: "webhook_id" } },
  "hub.deleteWebhook": { name: "delete_webhook", args: { webhookId: "webhook_id" }, none: true },
};

/** The program; `request` is the request that the form would send, or null. */
export function python(endpoint, values, streams, request) {
  if (endpoint.key === "router.chatCompletion") return chat(values, streams);
  if (endpoint.key === "hub.commit") return commit(values) ?? plain(request);
  const method = METHODS[endpoint.key];
  const names = Object.keys(values);
  if (method === undefined || names.some((name) => method.args[name] === undefined)) return plain(request);
  const args = names.flatMap((name) => argument(method, name, values[name]));
  const call = `api.${method.name}(${joined(args)})`;
  const body = method.list ? `for item in ${call}:\n    print(item.${method.list})` : method.none ? call : `print(${call})`;
  return [client(), "", body].join("\n");
}

function argument({ args, untyped }, name, value) {
  const known = args[name];
  if (known === null) return [];
  if (!/[rR]epo$/.test(name) || untyped) return [`${known}=${literal(value)}`];
  const [id, type] = identity(value);
  return [`${known}=${literal(id)}`, ...(type === "model" || name === "toRepo" ? [] : [`repo_type=${literal(type)}`])];
}

function identity(repo) {
  const [, kind, id] = /^(?:(datasets|spaces)\/)?(.+)$/.exec(repo) ?? [undefined, undefined, repo];
  return [id, kind === undefined ? "model" : kind.slice(0, -1)];
}

function client() {
  const options = connection.hubUrl === "https://huggingface.co" ? [] : [`endpoint=${literal(connection.hubUrl)}`];
  options.push(hasToken() ? 'token=os.environ["HF_TOKEN"]' : "token=False");
  return [...(hasToken() ? ["import os"] : []), "from huggingface_hub import HfApi", "", `api = HfApi(${options.join(", ")})`].join("\n");
}

function chat(values, streams) {
  const { billTo, ...rest } = values;
  const known = new Set(["model", "messages", "max_tokens", "temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "seed", "logprobs", "top_logprobs", "logit_bias", "response_format", "tools", "tool_choice", "stream_options", "reasoning_effort"]);
  const entries = Object.entries(rest);
  const extra = entries.filter(([name]) => !known.has(name));
  const args = entries.filter(([name]) => known.has(name)).map(([name, value]) => `${name}=${literal(value)}`);
  if (streams) args.push("stream=True");
  if (extra.length > 0) args.push(`extra_body=${literal(Object.fromEntries(extra))}`);
  const options = [`base_url=${literal(`${connection.routerUrl}/v1`)}`, hasToken() ? 'api_key=os.environ["HF_TOKEN"]' : 'api_key=""'];
  if (billTo !== undefined) options.push(`bill_to=${literal(billTo)}`);
  const call = `client.chat.completions.create(${joined(args)})`;
  const body = streams
    ? [`for chunk in ${call}:`, "    for choice in chunk.choices:", '        print(choice.delta.content or "", end="", flush=True)']
    : [`completion = ${call}`, "print(completion.choices[0].message.content)"];
  return [...(hasToken() ? ["import os"] : []), "from huggingface_hub import InferenceClient", "", `client = InferenceClient(${joined(options)})`, "", ...body].join("\n");
}

const OPERATIONS = {
  addOrUpdate: ({ path, content }) => `CommitOperationAdd(path_in_repo=${literal(path)}, path_or_fileobj=${content instanceof Blob ? `${literal(content.name ?? path)}` : `${literal(String(content))}.encode()`})`,
  delete: ({ path }) => `CommitOperationDelete(path_in_repo=${literal(path)})`,
  copy: ({ path, from }) => `CommitOperationCopy(src_path_in_repo=${literal(from)}, path_in_repo=${literal(path)})`,
};
const COMMIT = { title: "commit_message", description: "commit_description", revision: "revision", create_pr: "create_pr", parentCommit: "parent_commit" };

function commit({ repo, operations = [], ...rest }) {
  const made = operations.flatMap((one) => (one.operation === "rename" ? [OPERATIONS.copy(one), OPERATIONS.delete({ path: one.from })] : [OPERATIONS[one.operation]?.(one)]));
  if (made.includes(undefined) || repo === undefined || Object.keys(rest).some((name) => COMMIT[name] === undefined)) return null;
  const [id, type] = identity(repo);
  const args = [`repo_id=${literal(id)}`, ...(type === "model" ? [] : [`repo_type=${literal(type)}`]), ...Object.entries(rest).map(([name, value]) => `${COMMIT[name]}=${literal(value)}`)];
  const names = [...new Set(made.map((text) => text.slice(0, text.indexOf("("))))].sort();
  const head = client().replace("import HfApi", `import ${names.join(", ")}, HfApi`);
  return [head, "", "commit = api.create_commit(", ...args.map((text) => `    ${text},`), "    operations=[", ...made.map((text) => `        ${text},`), "    ],", ")", "print(commit.commit_url)"].join("\n");
}

/** The request itself, by the standard library. */
function plain(request) {
  if (request === null) return "# Fill in what is required.";
  const { method, url, headers, body } = request;
  const given = headers.filter(([name, value]) => value !== "*/*" && name !== "authorization").map(([name, value]) => `${literal(name)}: ${literal(value)},`);
  const hasAuthorization = headers.some(([name]) => name === "authorization");
  if (hasAuthorization) given.unshift('"authorization": "Bearer " + os.environ["HF_TOKEN"],');
  const isImage = headers.some(([name, value]) => name === "accept" && value.startsWith("image/"));
  return [
    ...(hasAuthorization ? ["import os"] : []),
    "from urllib.request import Request, urlopen",
    "",
    "request = Request(",
    `    ${literal(url)},`,
    `    method=${literal(method)},`,
    ...(given.length > 0 ? ["    headers={", ...given.map((line) => `        ${line}`), "    },"] : []),
    ...(body === undefined ? [] : [`    data=${literal(body)}.encode(),`]),
    ")",
    "with urlopen(request, timeout=60) as response:",
    isImage ? '    open("image.png", "wb").write(response.read())' : "    print(response.read().decode())",
  ].join("\n");
}

function joined(args) {
  const line = args.join(", ");
  return line.length <= 56 && !line.includes("\n") ? line : `\n${args.map((text) => `    ${text},\n`).join("")}`;
}

/** A value as Python. */
export function literal(value, indent = "    ") {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value !== "object") return JSON.stringify(value).replaceAll("\u2028", "\\u2028");
  const isArray = Array.isArray(value);
  const inner = `${indent}    `;
  const parts = Object.entries(value).map(([key, part]) => (isArray ? "" : `${JSON.stringify(key)}: `) + literal(part, inner));
  const line = isArray ? `[${parts.join(", ")}]` : `{${parts.join(", ")}}`;
  if (line.length <= 60 && !line.includes("\n")) return line;
  return `${isArray ? "[" : "{"}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${isArray ? "]" : "}"}`;
}
