// The JavaScript that does what a form does. It never holds a token.

import { connection, hasToken } from "./connection.js";

const DEFAULTS = { hub: "https://huggingface.co", router: "https://router.huggingface.co" };

export function snippet(endpoint, params, streams) {
  const router = endpoint.host === "router";
  const name = router ? "InferenceRouter" : "Hub";
  const variable = router ? "router" : "hub";
  const values = endpoint.params.length === 0 ? "" : literal(shown(params));
  const call = (method) => `${variable}.${method}(${values === "{}" ? "" : values})`;
  const head = [`import { ${name} } from "hf-wasm";`, "", `const ${variable} = new ${name}(${options(endpoint.host)});`, ""];
  return [...head, ...body(endpoint, call, streams)].join("\n");
}

/** What a client is made with. */
export function options(host) {
  const address = host === "router" ? connection.routerUrl : connection.hubUrl;
  const chosen = {};
  if (hasToken()) chosen.token = "hf_…";
  if (address !== DEFAULTS[host]) chosen.endpoint = address;
  return Object.keys(chosen).length === 0 ? "" : literal(chosen);
}

function body(endpoint, call, streams) {
  if (endpoint.reply === "pages") return [`for await (const item of ${call(endpoint.name)}) {`, "  console.log(item);", "}"];
  if (endpoint.reply === "empty") return [`await ${call(endpoint.name)};`];
  if (endpoint.reply === "events" && streams) {
    return [
      `for await (const chunk of ${call(`${endpoint.name}Stream`)}) {`,
      '  console.log(chunk.choices[0]?.delta.content ?? "");',
      "}",
    ];
  }
  if (endpoint.reply === "events") return [`const answer = await ${call(endpoint.name)};`, "console.log(answer.choices[0].message.content);"];
  if (endpoint.reply === "bytes") {
    return [`const image = await ${call(endpoint.name)};`, 'document.querySelector("img").src = URL.createObjectURL(image);'];
  }
  return [`const answer = await ${call(endpoint.name)};`, "console.log(answer);"];
}

/** A webhook's secret is as private as a token. */
function shown(params) {
  return "secret" in params ? { ...params, secret: "…" } : params;
}

/** A value as JavaScript: on one line where it fits. */
export function literal(value, indent = "") {
  if (value instanceof Blob) return "file";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const array = Array.isArray(value);
  const inner = `${indent}  `;
  const parts = Object.entries(value).map(([key, part]) => (array ? "" : `${property(key)}: `) + literal(part, inner));
  if (parts.length === 0) return array ? "[]" : "{}";
  const line = array ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (line.length + indent.length <= 68 && !line.includes("\n")) return line;
  return `${array ? "[" : "{"}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${array ? "]" : "}"}`;
}

function property(key) {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
