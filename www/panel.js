// One endpoint: what it is, its form, and what came back as a view, as JSON and as code.

import { connection, hasToken } from "./connection.js";
import { askBefore } from "./confirm.js";
import { copyButton } from "./copy.js";
import { fill, h, prose } from "./dom.js";
import { errorCard } from "./errors.js";
import { createForm } from "./form.js";
import { code, jsonText } from "./highlight.js";
import { showResult } from "./results/index.js";
import { snippet } from "./snippet.js";
import { createTabs } from "./tabs.js";
import { createTask } from "./task.js";

/** `services.open(key, values)` shows another endpoint and runs it; `services.fill` only fills its form. */
export function createPanel(endpoint, services) {
  const output = h("div.output", {}, h("p.empty", {}, "Run the call to see what comes back."));
  const json = h("div.code-box");
  const source = h("div.code-box");
  const tabs = createTabs("What came back", [["Result", output], ["JSON", json], ["Code", source]]);
  let raw;

  const form = createForm(endpoint, {
    onRun: (params) => void run(params),
    onChange: showSource,
  });
  const task = createTask(endpoint.reply === "events" ? "Stop" : "Cancel", form, services);

  function showSource() {
    const text = () => snippet(endpoint, form.read(), form.streams());
    fill(source, copyButton(text), code(text()));
  }

  function setRaw(value) {
    raw = value;
    fill(json, copyButton(() => jsonText(raw)), code(jsonText(raw)));
  }

  async function run(params) {
    if (task.isRunning() || !(await askBefore(endpoint, params))) return;
    tabs.show("Result");
    if (connection.problem !== null) {
      fill(output, h("p.note", {}, connection.problem));
      return;
    }
    fill(json);
    reveal(response);
    const context = { endpoint, params, output, task, form, services, setRaw, call: (method, signal) => callOf(endpoint, method, params, { signal, onProgress: task.progress }) };
    await task.run((signal) => showResult(context, signal), (error) => {
      output.querySelector(".error-card")?.remove();
      const card = errorCard(error);
      if (error.partial === true) output.append(card);
      else fill(output, card);
      if (typeof error.field === "string") form.markWrong(error.field, error.message);
      if (raw === undefined) fill(json, h("p.empty", {}, "The call failed; there is no reply."));
    });
  }

  fill(json, h("p.empty", {}, "Run the call to see the reply as JSON."));
  showSource();
  const response = h("section.response", { "aria-label": "Response" }, h("div.response-head", {}, tabs.list, task.status, task.stop), task.bar, output, json, source);
  const element = h(
    "article.panel",
    { "aria-labelledby": `title-${endpoint.key}`, onKeydown: (event) => event.key === "Escape" && task.cancel() },
    header(endpoint),
    h("section.request", { "aria-label": "Request" }, form.element),
    response,
  );
  return {
    element,
    refresh: showSource,
    fill: form.fill,
    fillAndRun(values) {
      task.cancel();
      form.fill(values);
      form.element.requestSubmit();
    },
  };
}

/** Below the form, as on a phone, the answer would come unseen. */
function reveal(response) {
  if (response.getBoundingClientRect().top > innerHeight * 0.6) response.scrollIntoView({ block: "start" });
}

/** Calls a method of the client that the endpoint belongs to. */
function callOf(endpoint, method, params, options) {
  const client = endpoint.host === "router" ? connection.router : connection.hub;
  return endpoint.params.length === 0 ? client[method](options) : client[method](params, options);
}

function header(endpoint) {
  const facts = [
    ["bucket", endpoint.bucket],
    ["permission", endpoint.permission],
    ["webhook event", endpoint.event === null ? null : `${endpoint.event.scope}.${endpoint.event.action}`],
  ].filter(([, value]) => value !== null);
  const needsToken = endpoint.access !== "open" && !hasToken();
  return h(
    "header.panel-head",
    {},
    h("h1", { id: `title-${endpoint.key}`, tabindex: "-1" }, endpoint.name),
    h("p.summary", {}, prose(endpoint.summary)),
    h("p.wire", {}, h(`span.method.${endpoint.method.toLowerCase()}`, {}, endpoint.method), h("code", {}, endpoint.path)),
    h("dl.chips", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    needsToken ? h("p.note", {}, "This call needs a token. Set one under “Connection”; it stays in this page’s memory.") : null,
  );
}
