// Puts the page together and shows the endpoint that the address names.

import { createAgentPanel } from "./agent/panel.js";
import { endpointAt, endpointOf } from "./catalogue.js";
import { connection, onChange, open } from "./connection.js";
import { fill } from "./dom.js";
import { createLog } from "./log.js";
import { createNavigation } from "./navigation.js";
import { overview } from "./overview.js";
import { createPanel } from "./panel.js";
import { createTopbar } from "./topbar.js";

const main = document.getElementById("main");
const log = createLog(document.getElementById("dock"));
const navigation = createNavigation(document.getElementById("sidebar"));
const services = { open: (key, values) => show(key).fillAndRun(values), fill: (key, values) => show(key).fill(values), requestsSent: log.sent };
const AGENT = "#agent";
let panels = new Map();
let agent = null;
let service = null;

createTopbar(document.getElementById("topbar"), navigation);
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

onChange(() => {
  const now = `${connection.mode} ${connection.hubUrl} ${connection.routerUrl}`;
  if (now !== service) {
    service = now;
    panels = new Map();
    agent?.leave();
    agent = null;
    log.forgetLimits();
    render();
  }
  for (const panel of panels.values()) panel.refresh();
  agent?.refresh();
  log.refresh();
});
window.addEventListener("hashchange", () => {
  render();
  main.scrollTop = 0;
  main.querySelector("h1")?.focus({ preventScroll: true });
});
await open({ onResponse: log.record, onRetry: log.recordRetry });

/** Goes to the panel of an endpoint. */
function show(key) {
  const endpoint = endpointOf(key);
  if (location.hash !== endpoint.hash) history.pushState(null, "", endpoint.hash);
  render();
  main.scrollTop = 0;
  main.querySelector("h1").focus({ preventScroll: true });
  return panelOf(endpoint);
}

function render() {
  const endpoint = endpointAt(location.hash);
  const isAgent = location.hash === AGENT;
  navigation.mark(endpoint, isAgent);
  const name = isAgent ? "Agent" : endpoint?.name;
  document.title = name === undefined ? "hf-wasm" : `${name} · hf-wasm`;
  if (isAgent) agent ??= createAgentPanel(services);
  fill(main, isAgent ? agent.element : endpoint === undefined ? overview() : panelOf(endpoint).element);
}

function panelOf(endpoint) {
  if (!panels.has(endpoint.key)) panels.set(endpoint.key, createPanel(endpoint, services));
  return panels.get(endpoint.key);
}
