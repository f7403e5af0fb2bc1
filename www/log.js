// Every call, newest first, and what is left of each quota. A call opens to its requests, waits and headers; it can be
// copied as curl and run again. Closed, it is one line below the content, and it never covers that.

import { calls, forgetCalls, onCalls } from "./calls.js";
import { curlOf } from "./code/curl.js";
import { connection } from "./connection.js";
import { copyButton } from "./copy.js";
import { fill, h } from "./dom.js";
import { count, duration, many } from "./format.js";
import { harOf } from "./har.js";
import { icon } from "./icons.js";

const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** Requests of the API that go to no bucket, as an upload, have none here. */
export const limits = new Map();

export function createLog(element) {
  const list = h("ol.calls");
  const meters = h("div.limits");
  const last = h("span.last");
  const title = h("span", {}, "Requests");
  const shown = new Map();
  const empty = h("p.empty", {}, "No requests yet. Each call appears here with its requests.");
  const body = h("div.dock-body", { id: "dock-body", tabindex: "0", role: "log", "aria-label": "Calls, newest first" }, empty, list);
  const toggle = h("button.dock-toggle", { type: "button", "aria-controls": "dock-body" }, icon("chevron"), h("h2", { id: "dock-title" }, title), last);
  const clear = h("button.button.small.quiet", { type: "button", onClick: forgetCalls }, "Clear");
  const save = h("button.button.small.quiet", { type: "button", onClick: exportHar }, icon("down"), "Export HAR");
  const tools = h("div.row.dock-tools", {}, save, clear);
  const setOpen = (open) => {
    body.hidden = !open;
    tools.hidden = !open;
    element.toggleAttribute("data-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.addEventListener("click", () => setOpen(body.hidden));
  setOpen(false);
  fill(element, h("div.dock-head", {}, toggle, meters, tools), body);
  element.prepend(resizer(body, () => setOpen(true)));

  onCalls((call) => {
    if (call === null) {
      shown.clear();
      fill(list);
    } else if (shown.has(call.id)) shown.get(call.id).refresh();
    else {
      const made = callItem(call);
      shown.set(call.id, made);
      list.prepend(made.element);
      while (list.children.length > calls.length) list.lastChild.remove();
    }
    for (const { bucket, remaining, quota } of call?.last?.bucket ? [call.last] : []) limits.set(bucket, { remaining, quota });
    refresh();
  });

  function refresh() {
    const sent = calls.reduce((sum, call) => sum + requestsOf(call).length, 0);
    fill(title, sent === 0 ? "Requests" : many(sent, "request"));
    empty.hidden = calls.length > 0;
    const newest = calls.find((call) => call.last !== undefined);
    fill(last, newest === undefined ? null : [status(newest.last), h("span.mono", {}, newest.name), h("span.muted", {}, duration(newest.last.ms))]);
    fill(meters, [...limits].map(meter));
  }

  refresh();
  return { refresh, forgetLimits: () => limits.clear() };
}

export function exportHar() {
  const address = URL.createObjectURL(new Blob([JSON.stringify(harOf(calls), null, 2)], { type: "application/json" }));
  h("a", { href: address, download: "hf-wasm.har" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The upper edge of the log, to drag or to move by arrow keys. */
function resizer(body, open) {
  const bar = h("div.resizer", { role: "separator", tabindex: "0", "aria-orientation": "horizontal", "aria-label": "Height of the log", "aria-valuemin": 80, "aria-valuemax": 800, "aria-valuenow": 240 });
  const set = (height) => {
    open();
    const now = Math.round(Math.max(80, Math.min(height, innerHeight * 0.7)));
    body.style.setProperty("--height", `${now}px`);
    bar.setAttribute("aria-valuenow", String(now));
  };
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    const [start, height] = [event.clientY, body.offsetHeight];
    const move = (moved) => set(height + start - moved.clientY);
    bar.addEventListener("pointermove", move);
    bar.addEventListener("lostpointercapture", () => bar.removeEventListener("pointermove", move), { once: true });
  });
  bar.addEventListener("keydown", ({ key }) => {
    const step = { ArrowUp: 40, ArrowDown: -40 }[key];
    if (step !== undefined) set(body.offsetHeight + step);
  });
  return bar;
}

/** What was learned last of a bucket: from headers, or nothing where a browser hides them. */
export function meter([bucket, { remaining, quota }]) {
  const isKnown = typeof remaining === "number" && typeof quota === "number";
  const bar = isKnown ? h("meter", { min: 0, max: quota, low: quota / 5, value: remaining, "aria-label": `${bucket}: requests left` }) : null;
  const title = isKnown ? `Requests left in the bucket “${bucket}”` : `The service does not say what is left of “${bucket}”`;
  return h("span.limit", { title }, h("span.limit-name", {}, bucket), bar, h("span.tabular", {}, isKnown ? `${count(remaining)} of ${count(quota)}` : "not reported"));
}

function callItem(call) {
  const summary = h("summary.call-head");
  const body = h("div.call-body");
  const element = h("li", {}, h("details.call", { onToggle: () => showBody() }, summary, body));
  const details = element.firstChild;
  function showBody() {
    if (details.open) fill(body, actions(call), call.steps.map((step) => (step.wait === undefined ? exchange(step) : wait(step))));
  }
  function refresh() {
    const requests = requestsOf(call);
    const retries = requests.length === 0 ? 0 : Math.max(...requests.map(({ attempt }) => attempt ?? 1)) - 1;
    fill(summary, icon("chevron"),
      h("span.muted.tabular", {}, TIME.format(call.at)),
      call.last === undefined ? h("span.code-chip.moved", {}, "…") : status(call.last),
      h("span.mono.call-name", {}, call.name),
      h("span.mono.muted.call-path", {}, requests.length === 0 ? "" : [h(`span.method.tiny.${requests[0].method.toLowerCase()}`, {}, requests[0].method), " ", pathOf(requests[0].url)]),
      h("span.call-notes", {},
        requests.length > 1 ? h("span.badge", {}, many(requests.length, "request")) : null,
        retries > 0 ? h("span.badge.warn", {}, many(retries, "retry", "retries")) : null),
      h("span.tabular.end", {}, duration(call.ms ?? call.last?.ms)));
    showBody();
  }
  refresh();
  return { element, refresh };
}

function requestsOf(call) {
  return call.steps.filter(({ wait: pause }) => pause === undefined);
}

function actions(call) {
  const request = requestsOf(call).at(-1);
  return h("div.row", {},
    call.again === undefined ? null : h("button.button.small", { type: "button", onClick: call.again }, icon("play"), "Run again"),
    request === undefined ? null : copyButton(() => curlOf(request), "Copy as curl"),
    call.link === undefined ? null : copyButton(() => new URL(call.link, location.href).href, "Copy link"));
}

function wait({ wait: pause, reason, status: code, attempt }) {
  return h("p.wait.muted", {}, icon("reset"), `Attempt ${attempt} failed (${code ?? reason}); waited ${duration(pause)} before the next`);
}

/** One request with its timing and headers. */
function exchange(step) {
  const { method, url, attempt, redirect, bucket, remaining, quota, requestId } = step;
  return h("section.exchange", { "aria-label": `Request ${attempt}` },
    h("p.row", {}, status(step), h(`span.method.${method.toLowerCase()}`, {}, method), h("code.url", {}, url), attempt > 1 ? h("span.badge.warn", {}, `attempt ${attempt}`) : null),
    redirect === undefined ? null : h("p.muted.url", {}, "Redirected to ", h("code", {}, redirect)),
    h("dl.chips", {}, [
      ["until headers", duration(step.ms)],
      ["body", bodyTime(step)],
      ["bucket", bucket || undefined],
      ["left", typeof remaining === "number" ? `${count(remaining)} of ${count(quota)}` : undefined],
      ["request", requestId],
    ].filter(([, value]) => value !== undefined).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    headerList("Request headers", step.headers),
    step.body === undefined ? null : folded("Request body", h("pre.code", { tabindex: "0" }, step.body)),
    step.replyHeaders === undefined ? null : headerList("Response headers", step.replyHeaders));
}

/** How long the body took, where the browser tells. */
function bodyTime({ url, start }) {
  const entry = performance.getEntriesByName(url).find(({ startTime }) => startTime >= start - 5);
  return entry === undefined || entry.responseStart === 0 ? undefined : duration(entry.responseEnd - entry.responseStart);
}

function headerList(title, list) {
  return folded(`${title} (${list.length})`, h("dl.headers", {}, list.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function folded(title, content) {
  return h("details.fold", {}, h("summary", {}, icon("chevron"), title), content);
}

export function status({ status: code, failure }) {
  if (typeof code !== "number" || code === 0) return h("span.code-chip.bad", {}, failure ?? "no response");
  return h(`span.code-chip.${code < 300 ? "good" : code < 400 ? "moved" : "bad"}`, {}, code);
}

function pathOf(address) {
  const url = new URL(address);
  return [connection.hubUrl, connection.routerUrl].some((base) => base.startsWith(url.origin)) ? url.pathname + url.search : url.host + url.pathname;
}
