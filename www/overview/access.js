// What this token may do, group by group, and what is left of each rate limit.

import { sections } from "../catalogue.js";
import { connection, tokenName } from "../connection.js";
import { fill, h, link } from "../dom.js";
import { exampleOf } from "../examples.js";
import { icon } from "../icons.js";
import { limits, meter } from "../log.js";

const FACES = { allowed: ["check", "good", "yes"], denied: ["close", "bad", "no"], unknown: ["warn", "warn", "depends"] };
const BUCKETS = { api: "calls of the Hub’s API", resolvers: "downloads of files", pages: "pages of the website" };

/** `{ element, refresh }` */
export function createAccess(services) {
  const body = h("tbody");
  const reason = h("p.muted", { role: "status" });
  const buckets = h("dl.buckets");
  const name = h("span");
  const element = h(
    "section.access",
    { "aria-labelledby": "access-title" },
    h("div.stack", {},
      h("div.title-row", {}, h("h2", { id: "access-title" }, "What this token may do"), h("button.button.small", { type: "button", onClick: services.connect }, icon("sliders"), "Change")),
      h("p.muted", {}, "By ", h("code", {}, "hub.can()"), " for ", name, ". Choose a mark to read why."),
      h("div.table-box", {}, h("table.matrix", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Group"), h("th", { scope: "col" }, "Read"), h("th", { scope: "col" }, "Write"))), body)),
      reason),
    h("div.stack", {},
      h("div.title-row", {}, h("h2", {}, "Rate limits")),
      h("p.muted", {}, "What the service reported last. A call waits by itself where a limit is reached."),
      buckets));
  let asked = null;
  let isSeen = false;

  function refresh() {
    fill(name, tokenName());
    fill(buckets, Object.entries(BUCKETS).map(([bucket, what]) => h("div", {}, h("dt", {}, h("strong", {}, bucket), " ", h("span.muted", {}, what)), h("dd", {}, limits.has(bucket) ? meter([bucket, limits.get(bucket)]) : h("span.muted", {}, "not used yet")))));
    if (isSeen && connection.hub !== null && asked !== connection.hub) void ask();
  }

  // Nothing is asked before somebody looks.
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    isSeen = true;
    refresh();
  }, { threshold: 0.3 });
  observer.observe(element);

  async function ask() {
    const hub = connection.hub;
    asked = hub;
    fill(reason);
    fill(body, sections.map(({ title }) => h("tr", {}, h("th", { scope: "row" }, title), [0, 1].map(() => h("td", {}, h("span.mark.quiet", {}, "…"))))));
    const rows = await Promise.all(sections.map(async ({ title, endpoints }) => {
      const cells = await Promise.all([false, true].map((writes) => judge(hub, endpoints.filter(({ access }) => (access === "write") === writes))));
      return h("tr", {}, h("th", { scope: "row" }, title), cells.map((cell, index) => h("td", {}, mark(cell, `${title}, ${index === 0 ? "read" : "write"}`))));
    }));
    if (asked === hub) fill(body, rows);
  }

  function mark(cell, what) {
    if (cell === null) return h("span.muted", { title: "The group has no such calls" }, "–");
    const [symbol, look, word] = FACES[cell.verdict];
    const explain = () => fill(reason, h("strong", {}, `${what}: `), cell.reason, cell.where === undefined ? null : [" ", link(cell.where, "Change the token")]);
    return h(`button.mark.${look}`, { type: "button", "aria-label": `${what}: ${word}`, title: cell.reason, onClick: explain }, icon(symbol), word);
  }

  return { element, refresh };
}

/** The best that the token may do of these calls, on what the examples name; null for none. */
async function judge(hub, endpoints) {
  if (endpoints.length === 0) return null;
  const judged = await Promise.all(endpoints.map((endpoint) => ask(hub, endpoint)));
  for (const kind of ["denied", "unknown"]) {
    const found = judged.find(({ verdict }) => verdict === kind);
    if (found !== undefined && judged.every(({ verdict }) => verdict === kind)) return found;
  }
  const mixed = judged.find(({ verdict }) => verdict === "denied");
  const allowed = judged.find(({ verdict }) => verdict === "allowed");
  if (mixed === undefined) return allowed;
  return { ...mixed, verdict: "unknown", reason: `${judged.filter(({ verdict }) => verdict === "allowed").length} of ${judged.length} calls; of the others: ${mixed.reason}` };
}

/** Without a repository the question is about what is the token's own. */
async function ask(hub, endpoint) {
  const { host, name, params } = endpoint;
  const organization = params.find((param) => param.name === "organization");
  const about = organization === undefined ? {} : { organization: exampleOf(endpoint, organization) };
  try {
    return host === "router" ? await connection.router.can(name, about, { hub }) : await hub.can(name, about);
  } catch (error) {
    return { verdict: "unknown", reason: error.message };
  }
}
