// One endpoint: what it is, its form, the code that does the same, and what came back as a view and as JSON.

import { beginCall } from "./calls.js";
import { createCode } from "./code/index.js";
import { askBefore } from "./confirm.js";
import { connection, hasToken } from "./connection.js";
import { copyButton } from "./copy.js";
import { fill, h, prose } from "./dom.js";
import { errorCard } from "./errors.js";
import { createForm } from "./form.js";
import { code, jsonText } from "./highlight.js";
import { icon } from "./icons.js";
import { linkOf } from "./link.js";
import { showResult } from "./results/index.js";
import { createShape } from "./shape.js";
import { accessOf, errorsOf, permissionOf, summaryOf } from "./words.js";
import { createTabs } from "./tabs.js";
import { createTask } from "./task.js";

/** Parts of large files that have arrived, so that an upload that was stopped sends only the others. */
const parts = new Map();

/**
 * `services.open(key, values)` shows another endpoint and runs it, `services.fill` only fills its form; `onEdit` hears of
 * every edit.
 */
export function createPanel(endpoint, services, onEdit) {
  const output = h("div.output", {}, emptyState());
  const json = h("div.code-box");
  const shape = createShape(endpoint);
  const tabs = createTabs("Response", [["Result", output], ["JSON", json], ["Schema", shape.element]], (name) => name === "Schema" && void shape.show());
  const isCommit = endpoint.name === "commit";
  let raw;
  let isEmpty = true;

  const form = createForm(endpoint, { onRun: (params) => void run(params), onChange: changed });
  const source = createCode(endpoint, form);
  const task = createTask(endpoint.reply === "events" ? "Stop" : "Cancel", form, services);
  const link = () => linkOf(endpoint, form.read(), form.streams());
  const note = h("div");

  function changed() {
    source.refresh();
    onEdit(link());
  }

  function setRaw(value) {
    raw = value;
    output.removeAttribute("aria-busy");
    isEmpty = false;
    fill(json, copyButton(() => jsonText(raw)), code(jsonText(raw)));
  }

  async function run(params) {
    if (task.isRunning() || !(await askBefore(endpoint, params))) return;
    tabs.show("Result");
    reveal(response);
    wait();
    const again = () => form.element.requestSubmit();
    const end = beginCall(endpoint, link(), () => services.open(endpoint.key, params));
    const context = { endpoint, params, output, task, form, services, again, setRaw, call: (method, signal) => callOf(endpoint, method, params, { signal, onProgress: task.progress, ...(isCommit && { store: parts }) }) };
    const outcome = await task.run((signal) => showResult(context, signal), (error) => fail(error, context));
    output.removeAttribute("aria-busy");
    if (outcome === "cancelled" && isCommit) fill(output, resumption(again));
    else if (outcome === "cancelled" && output.querySelector(".skeleton") !== null) fill(output, emptyState());
    end(outcome);
    services.changed();
  }

  /** What is shown until the first data: an outline, or the old result, dimmed. */
  function wait() {
    output.setAttribute("aria-busy", "true");
    fill(json, h("p.empty", {}, "Waiting for the response."));
    raw = undefined;
    if (isEmpty) fill(output, skeleton());
  }

  function fail(error, context) {
    output.querySelector(".error-card")?.remove();
    const card = errorCard(error, context);
    if (error.partial === true) output.append(card);
    else fill(output, card);
    isEmpty = error.partial !== true;
    if (typeof error.field === "string") form.markWrong(error.field, "The service refused this; the response says why.");
    if (raw === undefined) fill(json, h("p.empty", {}, "The call failed; there is no response to show."));
  }

  function refresh() {
    source.refresh();
    fill(note, endpoint.access !== "open" && !hasToken() ? h("p.note.row", {}, "This call needs a token.", h("button.button.small", { type: "button", onClick: services.connect }, icon("sliders"), "Choose a token")) : null);
  }

  fill(json, h("p.empty", {}, "Run the call to see the response as JSON."));
  const response = h("section.response", { "aria-label": "Response" }, h("h2.visually-hidden", {}, "Response"), h("div.response-head", {}, tabs.list, task.status, task.stop), task.bar, task.transfer, task.waiting, output, json, shape.element);
  const element = h(
    "article.panel",
    { "aria-labelledby": `title-${endpoint.key}`, onKeydown: (event) => event.key === "Escape" && task.cancel() },
    header(endpoint, note, copyButton(() => new URL(link(), location.href).href, "Copy link")),
    h("section.request", { "aria-label": "Request" }, form.element),
    source.element,
    response,
  );
  refresh();
  return {
    element,
    refresh,
    link,
    fill: form.fill,
    focus: form.focus,
    load({ values, streams }) {
      form.fill(values);
      form.setStreams(streams);
    },
    fillAndRun(values) {
      task.cancel();
      form.fill(values);
      form.element.requestSubmit();
    },
  };
}

/** A commit that was stopped goes on where it was. */
function resumption(again) {
  return h("div.empty.stack.slim", {}, h("p", {}, "Stopped. Nothing was committed. What has arrived is not sent again."), h("div", {}, h("button.button", { type: "button", onClick: again }, icon("play"), "Resume")));
}

function emptyState() {
  return h("p.empty", {}, icon("play"), h("span", {}, "Press Run, or Ctrl+Enter in the form. The result appears here."));
}

function skeleton() {
  return h("div.skeleton", { "aria-hidden": "true" }, [72, 48, 64, 40, 56].map((width) => h(`span.w${width}`)));
}

/** Below the form, as on a phone, the response would come unseen. */
function reveal(response) {
  if (response.getBoundingClientRect().top > innerHeight * 0.6) response.scrollIntoView({ block: "start" });
}

/** Calls a method of the client that the endpoint belongs to. */
function callOf(endpoint, method, params, options) {
  const client = endpoint.host === "router" ? connection.router : connection.hub;
  return endpoint.params.length === 0 ? client[method](options) : client[method](params, options);
}

function header(endpoint, note, copyLink) {
  const facts = [
    ["Access", accessOf(endpoint)],
    ["Fine-grained permission", permissionOf(endpoint)],
    ["Rate limit", endpoint.bucket],
    ["Webhook event", endpoint.event === null ? undefined : `${endpoint.event.scope}.${endpoint.event.action}`],
  ].filter(([, value]) => value !== undefined);
  return h(
    "header.panel-head",
    {},
    h("div.title-row", {}, h("h1", { id: `title-${endpoint.key}`, tabindex: "-1" }, h("span.host", {}, `${endpoint.host}.`), endpoint.name), copyLink),
    h("p.summary", {}, prose(summaryOf(endpoint))),
    h("p.wire", {}, h(`span.method.chip.${endpoint.method.toLowerCase()}`, {}, endpoint.method), h("code", {}, endpoint.path)),
    h("dl.chips", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    h("details.fold", {}, h("summary", {}, icon("chevron"), "Errors"), h("dl.headers", {}, errorsOf(endpoint).map(([name, when]) => h("div", {}, h("dt", {}, name), h("dd", {}, when))))),
    note,
  );
}
