// The JavaScript and the TypeScript that do what a form does. They never hold a token.

import { connection, hasToken } from "../connection.js";

/** Characters of a line, and of what stands before a call. */
const WIDTH = 72;
const PREFIX = 24;
const DEFAULTS = { hub: "https://huggingface.co", router: "https://router.huggingface.co" };

export function javascript(endpoint, params, streams) {
  return program(endpoint, params, streams, (call) => call);
}

/** The same, with the type of the parameters named. */
export function typescript(endpoint, params, streams) {
  const type = `${endpoint.host === "router" ? "InferenceRouter" : "Hub"}`;
  const text = literal(shown(params));
  if (endpoint.params.length === 0 || text === "{}") return javascript(endpoint, params, streams);
  const named = `type Params = Parameters<${type}["${methodOf(endpoint, streams)}"]>[0];\nconst params: Params = ${text};\n`;
  return program(endpoint, params, streams, (call) => call.replace(/\(.*\)$/s, "(params)"), named);
}

function program(endpoint, params, streams, shape, before) {
  const router = endpoint.host === "router";
  const name = router ? "InferenceRouter" : "Hub";
  const variable = router ? "router" : "hub";
  const method = `${variable}.${methodOf(endpoint, streams)}`;
  const values = endpoint.params.length === 0 ? "" : literal(shown(params), "", WIDTH - method.length - PREFIX);
  const call = shape(`${method}(${values === "{}" ? "" : values})`);
  const head = [`import { ${name} } from "hf-wasm";`, "", `const ${variable} = new ${name}(${options(endpoint.host)});`];
  return [...head, ...(before === undefined ? [] : [before.trimEnd()]), "", ...body(endpoint, call, streams)].join("\n");
}

/** What a client is made with. */
export function options(host, width) {
  const address = host === "router" ? connection.routerUrl : connection.hubUrl;
  const chosen = {};
  if (hasToken()) chosen.token = "hf_…";
  if (address !== DEFAULTS[host]) chosen.endpoint = address;
  return Object.keys(chosen).length === 0 ? "" : literal(chosen, "", width);
}

function methodOf(endpoint, streams) {
  return endpoint.reply === "events" && streams ? `${endpoint.name}Stream` : endpoint.name;
}

const PRINTED = { listFiles: "path", listCommits: "title", listDiscussions: "title", listCollections: "slug" };

function body(endpoint, call, streams) {
  if (endpoint.reply === "pages") {
    return [`const { items, next } = await ${call};`, `for (const item of items) console.log(item.${PRINTED[endpoint.name] ?? "id"});`, "// await next?.() is the next page; for await walks all of them."];
  }
  if (endpoint.reply === "empty") return [`await ${call};`];
  if (endpoint.reply === "events" && streams) {
    return [`for await (const chunk of ${call}) {`, '  console.log(chunk.choices[0]?.delta.content ?? "");', "}"];
  }
  if (endpoint.reply === "events") return [`const completion = await ${call};`, "console.log(completion.choices[0].message.content);"];
  if (endpoint.reply === "bytes") return [`const image = await ${call};`, "console.log(image.type, image.size, URL.createObjectURL(image));"];
  return [`const result = await ${call};`, "console.log(result);"];
}

/** A webhook's secret is as private as a token. */
function shown(params) {
  return "secret" in params ? { ...params, secret: "…" } : params;
}

/** A value as JavaScript: on one line where it fits into `width`. */
export function literal(value, indent = "", width = WIDTH - indent.length) {
  if (value instanceof Blob) return "file";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const array = Array.isArray(value);
  const inner = `${indent}  `;
  const parts = Object.entries(value).map(([key, part]) => (array ? "" : `${property(key)}: `) + literal(part, inner));
  if (parts.length === 0) return array ? "[]" : "{}";
  const line = array ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (line.length <= width && !line.includes("\n")) return line;
  return `${array ? "[" : "{"}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${array ? "]" : "}"}`;
}

function property(key) {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
