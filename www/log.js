// Every request that the clients sent, newest first, and what is left of each quota.

import { connection } from "./connection.js";
import { fill, h } from "./dom.js";
import { count, duration, many } from "./format.js";
import { icon } from "./icons.js";

const KEPT = 200;
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

export function createLog(element) {
  const rows = h("tbody");
  const limits = h("div.limits");
  const last = h("span.last");
  const title = h("span", {}, "Requests");
  const limitOf = new Map();
  let sent = 0;
  let shown = 0;

  const table = h("table.log", {},
    h("thead", {}, h("tr", {}, ["Time", "Status", "Call", "Request", "Duration", "Bucket", "Remaining"].map((name) => h("th", { scope: "col" }, name)))),
    rows);
  const body = h("div.dock-body", { id: "dock-body", tabindex: "0", role: "log", "aria-label": "Requests, newest first" }, table);
  const toggle = h("button.dock-toggle", { type: "button", "aria-controls": "dock-body" }, icon("chevron"), h("h2", { id: "dock-title" }, title), last);
  const clear = h("button.button.small.quiet", { type: "button", onClick: () => { rows.replaceChildren(); shown = 0; refresh(); } }, "Clear");
  const setOpen = (open) => {
    body.hidden = !open;
    clear.hidden = !open;
    element.toggleAttribute("data-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.addEventListener("click", () => setOpen(body.hidden));
  setOpen(false);
  fill(element, h("div.dock-head", {}, toggle, limits, clear), body);

  function record(info) {
    // Opens by itself once, where there is room.
    if (sent === 0 && matchMedia("(min-width: 60rem) and (min-height: 44rem)").matches) setOpen(true);
    sent += 1;
    shown += 1;
    limitOf.set(info.bucket, info);
    put(row(info));
    fill(last, status(info), h("span.mono", {}, info.endpoint), h("span.muted", {}, duration(info.ms)));
    refresh();
  }

  function recordRetry(info) {
    put(retryRow(info));
  }

  function put(entry) {
    rows.prepend(entry);
    while (rows.children.length > KEPT) rows.lastChild.remove();
  }

  function refresh() {
    fill(title, shown === 0 ? "Requests" : many(shown, "request"));
    fill(limits, [...limitOf].map(meter));
  }

  refresh();
  return { record, recordRetry, refresh, sent: () => sent, forgetLimits: () => limitOf.clear() };
}

/** What was learned last of each bucket: from headers, or by counting where a browser hides them. */
function meter([bucket, { remaining, quota, sent }]) {
  const told = typeof remaining === "number" && typeof quota === "number";
  const text = told ? `${count(remaining)} of ${count(quota)}` : `${count(sent)} sent`;
  const bar = told ? h("meter", { min: 0, max: quota, low: quota / 5, value: remaining, "aria-label": `${bucket}: requests left` }) : null;
  const title = told ? `Requests left in the bucket “${bucket}”` : `The service does not tell what is left of “${bucket}”`;
  return h("span.limit", { title }, h("span.limit-name", {}, bucket), bar, h("span.tabular", {}, text));
}

function row(info) {
  const again = info.attempt > 1 ? h("span.badge.warn", {}, `attempt ${info.attempt}`) : null;
  const left = typeof info.remaining !== "number" ? "–" : typeof info.quota === "number" ? `${count(info.remaining)} / ${count(info.quota)}` : count(info.remaining);
  return h(
    "tr",
    { title: info.requestId ? `Request ${info.requestId}` : null },
    h("td.muted.tabular.time", {}, TIME.format(new Date())),
    h("td", {}, status(info)),
    h("td.mono", {}, info.endpoint, again),
    h("td.path", {}, h(`span.method.tiny.${info.method.toLowerCase()}`, {}, info.method), h("span.mono", { title: pathOf(info.url) }, pathOf(info.url))),
    h("td.tabular.end", {}, duration(info.ms)),
    h("td.muted.bucket", {}, info.bucket),
    h("td.tabular.end.left", {}, left),
  );
}

function retryRow({ endpoint, attempt, wait, reason, status: code }) {
  return h("tr.again", {},
    h("td.muted.tabular.time", {}, TIME.format(new Date())),
    h("td", {}, status({ status: code })),
    h("td.mono", {}, endpoint),
    h("td.muted", { colspan: 4 }, `Attempt ${attempt} failed (${reason}); again in ${duration(wait)}`));
}

function status({ status: code }) {
  if (typeof code !== "number" || code === 0) return h("span.code-chip.bad", {}, "no answer");
  return h(`span.code-chip.${code < 300 ? "good" : code < 400 ? "moved" : "bad"}`, {}, code);
}

function pathOf(address) {
  try {
    const url = new URL(address);
    return [connection.hubUrl, connection.routerUrl].some((base) => base.startsWith(url.origin)) ? url.pathname + url.search : url.host + url.pathname;
  } catch {
    return address;
  }
}
