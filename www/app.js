// Puts the page together and shows what the address names: the overview, the agent, or an endpoint with the values of
// its form.

import { createAgentPanel } from "./agent/panel.js";
import { recordingFetch, recordResponse, recordRetry, sent } from "./calls.js";
import { endpointAt, endpointOf } from "./catalogue.js";
import { connection, onChange, open } from "./connection.js";
import { fill } from "./dom.js";
import { valuesOf } from "./link.js";
import { createLog } from "./log.js";
import { createNavigation } from "./navigation.js";
import { watchNetwork } from "./offline.js";
import { createOverview } from "./overview/index.js";
import { createPalette } from "./palette.js";
import { createPanel } from "./panel.js";
import { finishSignIn } from "./sign-in.js";
import { createTopbar } from "./topbar.js";

await globalThis.styled;
const main = document.getElementById("main");
const log = createLog(document.getElementById("dock"));
const navigation = createNavigation(document.getElementById("sidebar"));
const services = {
  open: (key, values) => show(key, values).fillAndRun(values),
  fill: (key, values) => show(key, values).fill(values),
  focus: (key, name) => show(key).focus(name),
  requestsSent: () => sent,
  connect: () => topbar.connect(),
  changed: () => overview?.refresh(),
};
const AGENT = "#agent";
let panels = new Map();
let agent = null;
let overview = null;
let service = null;

const palette = createPalette(services);
const topbar = createTopbar(document.getElementById("topbar"), navigation, palette);
watchNetwork(document.getElementById("notice"));
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
    overview = null;
    log.forgetLimits();
    render();
  }
  for (const panel of panels.values()) panel.refresh();
  agent?.refresh();
  overview?.refresh();
  log.refresh();
});
window.addEventListener("hashchange", () => {
  render();
  main.scrollTop = 0;
  main.querySelector("h1")?.focus({ preventScroll: true });
});
await open({ fetch: recordingFetch, onResponse: recordResponse, onRetry: recordRetry });
if (await finishSignIn()) topbar.connect();

/** Goes to the panel of an endpoint. */
function show(key) {
  const endpoint = endpointOf(key);
  const isHere = endpointAt(location.hash) === endpoint;
  if (!isHere) {
    history.pushState(null, "", endpoint.hash);
    render();
    main.querySelector("h1").focus({ preventScroll: true });
  }
  main.scrollTop = 0;
  return panelOf(endpoint);
}

function render() {
  const endpoint = endpointAt(location.hash);
  const isAgent = location.hash === AGENT;
  navigation.mark(endpoint, isAgent);
  const name = isAgent ? "Agent" : endpoint === undefined ? undefined : `${endpoint.host}.${endpoint.name}`;
  document.title = name === undefined ? "hf-wasm" : `${name} · hf-wasm`;
  if (isAgent) agent ??= createAgentPanel(services);
  else if (endpoint === undefined) overview ??= createOverview(services);
  const panel = endpoint === undefined ? undefined : panelOf(endpoint);
  if (panel !== undefined) {
    const given = valuesOf(endpoint, location.hash);
    if (given !== null && panel.link() !== location.hash) panel.load(given);
    keep(panel.link());
    panel.refresh();
  }
  fill(main, isAgent ? agent.element : (panel ?? overview).element);
}

function panelOf(endpoint) {
  if (!panels.has(endpoint.key)) {
    const panel = createPanel(endpoint, services, (link) => {
      if (endpointAt(location.hash) === endpoint) keep(link);
    });
    panels.set(endpoint.key, panel);
  }
  return panels.get(endpoint.key);
}

/** The address says what the form says, so that a reload keeps it and it can be shared. */
function keep(link) {
  if (link !== location.hash) history.replaceState(null, "", link);
}
