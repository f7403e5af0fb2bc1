// Which of our calls an interaction belongs to. A call is `{ on, name, params, form, reply }`:
// class, method, parameters, and how the response is read as which type. Others say why they are passed over.

import { routerCall } from "./router-calls.mjs";

export function callOf(interaction) {
  const { request } = interaction;
  if (request.url === null) return headCall(interaction);
  const url = new URL(request.url);
  if (url.host === "router.huggingface.co" || url.pathname.startsWith("/api/inference-proxy/")) {
    return routerCall(interaction, url.pathname.replace("/api/inference-proxy", ""));
  }
  if (url.host === "api-inference.huggingface.co") return routerCall(interaction, `/hf-inference${url.pathname}`);
  return hubCall(interaction, url);
}

const hub = (name, reply, params, form = "json") => ({ on: "hub", name, reply, params, form });

function hubCall({ request, response }, url) {
  const body = () => JSON.parse(request.body);
  const at = `${request.method} ${url.pathname}`;
  if (at === "POST /api/repos/create") {
    const { name, organization, type, ...rest } = body();
    return hub("createRepo", "RepoCreated", { repo: { type, name: `${organization}/${name}` }, ...rest });
  }
  if (at === "DELETE /api/repos/delete") {
    const { name, organization, type } = body();
    return hub("deleteRepo", "void", { repo: { type, name: `${organization}/${name}` } }, "empty");
  }
  const inside = /^\/api\/(model|dataset|space)s\/([^/]+\/[^/]+)\/(preupload|commit|commits|discussions)(?:\/(.+))?$/;
  const [, type, name, what, revision] = inside.exec(url.pathname) ?? [];
  const repo = { type, name };
  if (what === "preupload") return hub("preupload", "Preupload", { repo, revision, ...body() });
  if (what === "commit") return hub("commit", "CommitResult", { repo, revision, ...commitParams(request.body) });
  if (what === "commits") return hub("listCommits", "CommitInfo", { repo, revision, ...numbers(url) }, "pages");
  if (what === "discussions") return hub("listDiscussions", "Discussion", { repo }, "numbered");
  return infoCall(request, response, url);
}

function infoCall(request, response, url) {
  const info = /^\/api\/(model|dataset|space)s\/([^/]+(?:\/[^/]+)?)(?:\/revision\/([^/]+))?$/;
  const [, type, repo, revision] = (request.method === "GET" && info.exec(url.pathname)) || [];
  if (!type) return { passed: "not one of our calls" };
  const expand = [...url.searchParams.getAll("expand"), ...url.searchParams.getAll("expand[]")];
  const params = { repo, ...(revision && { revision }), ...(expand.length && { expand }) };
  const call = hub(`${type}Info`, `${type[0].toUpperCase()}${type.slice(1)}Info`, params);
  return response.status === 307 ? { ...call, form: "redirect" } : call;
}

function numbers(url) {
  return Object.fromEntries([...url.searchParams].map(([key, value]) => [key === "limit" ? "pageSize" : key, Number(value)]));
}

/** Title, description and operations of a recorded commit. */
function commitParams(ndjson) {
  const lines = ndjson
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const [{ value: header }] = lines;
  const operations = lines.slice(1).map(({ key, value }) => {
    if (key !== "file" || value.encoding !== "base64") throw new Error(`a recorded commit line is new: ${key}`);
    return {
      operation: "addOrUpdate",
      path: value.path,
      content: Uint8Array.from(atob(value.content), (char) => char.charCodeAt(0)),
    };
  });
  return { title: header.summary, description: header.description, operations };
}

/** Interactions of which only the status and the headers were kept. */
function headCall({ id, response: { status, headers } }) {
  if (status === 307) return { passed: "a redirect whose target was not recorded" };
  if (status === 200) return { passed: "the body was not recorded" };
  const repo = /model (\S+) is restricted/.exec(headers["x-error-message"] ?? "")?.[1] ?? "acme/unknown";
  return {
    ...hub("downloadFile", "never", { repo, path: id.includes("entry") ? "missing.txt" : "README.md" }),
    form: "bytes",
  };
}
