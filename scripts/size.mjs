// Prints what a user downloads, raw and gzipped: what a first call loads, the core's wasm and the JavaScript of both
// classes; what a first commit loads on top; what a first large file in one loads, the kernels; and what each entry of its
// own loads. Fails above the limits.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { bundled, joined } from "./lib/bundled.mjs";
import { root } from "./lib/run.mjs";

/** What both classes may weigh together, in bytes gzipped. */
const FIRST_LOAD = 90_000;
/** What commits may weigh, their glue included, in bytes gzipped. */
const COMMIT = 86_000;
/** What the kernels may weigh, in bytes gzipped; a runtime loads those with SIMD or those without. */
const KERNELS = 40_000;

/** Entries of their own: what one loads by itself, with its libraries, in bytes gzipped. */
const ENTRIES = { webhooks: 4_000, oauth: 12_000, limits: 2_200 };
/** What agents need on top of a first load: the entry, and what a client with a policy loads later. */
const AGENT = 15_000;
/** What a client loads when it is asked what its token may do. */
const PERMISSIONS = 3_000;
/** What the first call that waits for approval loads. */
const APPROVALS = 2_000;
/** What the first download loads. */
const DOWNLOADS = 6_000;
/** What the cache of a browser needs on top of a first load and of downloads. */
const CACHE = 7_000;
/** What the first call of a tool loads on top: the schemas of all endpoints, and a library that validates by them. */
const SCHEMAS = 18_000;
/** What MCP needs on top of the agent's entry, without its SDK. */
const MCP = 5_000;

const wasm = (name) => readFileSync(path.join(root, "pkg/dist", name));
const CLASSES = 'export { Hub, InferenceRouter } from "hf-wasm";';
const classes = await bundled(CLASSES);
const js = classes.first;
const isOfCommits = ({ inputs }) => inputs.some((name) => name.endsWith("/commit_bg.js"));

const parts = [weighed("core wasm", wasm("core_bg.wasm")), weighed("JavaScript, minified", js)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
const first = { name: "first load", raw: sum("raw"), gzip: sum("gzip"), limit: FIRST_LOAD };
const kernels = ["kernels_bg.wasm", "kernels_simd_bg.wasm"].map((name, at) => {
  return { ...weighed(at === 0 ? "kernels" : "kernels with SIMD", wasm(name)), limit: KERNELS };
});
const glue = weighed("", joined(classes.later.filter(isOfCommits).map(({ code }) => code)));
const commit = { ...beyond({ raw: -glue.raw, gzip: -glue.gzip }, weighed("commits", wasm("commit_bg.wasm"))), limit: COMMIT };
const isDownloads = ({ inputs }) => inputs.some((name) => /\/download\/|\/progress\.js$/.test(name));
const downloads = { ...weighed("downloads", joined(classes.later.filter(isDownloads).map(({ code }) => code))), limit: DOWNLOADS };
const entries = await Promise.all(
  Object.entries(ENTRIES).map(async ([name, limit]) => {
    const { first } = await bundled(`export * from "hf-wasm/${name}";`);
    return { ...weighed(`hf-wasm/${name}`, first), limit };
  }),
);
const browser = await bundled(`${CLASSES} export * from "hf-wasm/browser";`);
entries.push({ ...beyond(parts[1], weighed("hf-wasm/browser", browser.first)), limit: CACHE });
const isSchemas = ({ inputs }) => inputs.some((name) => name.endsWith("agent/catalogue.js") || name.includes("@cfworker"));
const AGENTS = `${CLASSES} export * from "hf-wasm/agent";`;
const agent = await bundled(AGENTS);
const isPermissions = ({ inputs }) => inputs.some((name) => name.endsWith("agent/can.js"));
const isApprovals = ({ inputs }) => inputs.some((name) => name.endsWith("agent/sealed.js"));
const isGoverning = ({ inputs }) => inputs.some((name) => name.endsWith("agent/governor.js"));
const whole = ({ first, later }) => joined([first, ...later.filter(isGoverning).map(({ code }) => code)]);
const agents = weighed("hf-wasm/agent", whole(agent));
entries.push({ ...beyond(parts[1], agents), limit: AGENT });
entries.push({ ...weighed("schemas of tools", joined(agent.later.filter(isSchemas).map(({ code }) => code))), limit: SCHEMAS });
entries.push({ ...weighed("permissions", joined(agent.later.filter(isPermissions).map(({ code }) => code))), limit: PERMISSIONS });
entries.push({ ...weighed("approvals", joined(agent.later.filter(isApprovals).map(({ code }) => code))), limit: APPROVALS });
const mcp = `${AGENTS} export * from "hf-wasm/mcp";`;
entries.push({ ...beyond(agents, weighed("hf-wasm/mcp", whole(await bundled(mcp, { external: ["@modelcontextprotocol/sdk"] })))), limit: MCP });
entries.push(beyond(agents, weighed("the same with its SDK", whole(await bundled(mcp)))));
for (const { name, raw, gzip, limit } of [...parts, first, commit, ...kernels, downloads, ...entries]) {
  console.log(`${name.padEnd(22)} ${kB(raw)} raw ${kB(gzip)} gzip`);
  if (!(gzip > limit)) continue;
  console.error(`${gzip - limit} bytes above the limit of ${limit / 1000} kB gzip`);
  process.exitCode = 1;
}

/** What something weighs on top of something else that it holds. */
function beyond(base, { name, raw, gzip }) {
  return { name, raw: raw - base.raw, gzip: gzip - base.gzip };
}

function weighed(name, bytes) {
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
