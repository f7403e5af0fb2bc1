// The command palette (Ctrl+K): endpoints, their parameters, documentation and commands, found as one types.

import { endpoints, sections } from "./catalogue.js";
import { resetLocal, connection } from "./connection.js";
import { DOCS } from "./docs.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { exportHar } from "./log.js";
import { summaryOf } from "./words.js";

const SHOWN = 40;

/** `{ open }` */
export function createPalette(services) {
  const id = uniqueId("palette");
  const input = h("input.palette-input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": `${id}-list`, "aria-autocomplete": "list", "aria-label": "Search endpoints, parameters and commands", placeholder: "Search endpoints, parameters and commands", autocomplete: "off", spellcheck: "false" });
  const list = h("ul.palette-list", { role: "listbox", id: `${id}-list`, "aria-label": "Results" });
  const none = h("p.empty", { role: "status" });
  const dialog = h("dialog.dialog.palette", { "aria-label": "Search" }, h("div.palette-head", {}, icon("search"), input, h("kbd", {}, "Esc")), list, none);
  let found = [];
  let at = 0;
  document.body.append(dialog);

  function show() {
    found = search(input.value, services);
    at = 0;
    fill(list, found.map((entry, index) => h("li.palette-entry", { role: "option", id: `${id}-${index}`, onClick: () => choose(index), onPointermove: () => mark(index) },
      icon(entry.icon), h("span.palette-name", {}, entry.name), h("span.palette-note", {}, entry.note), entry.kind === undefined ? null : h("span.palette-kind", {}, entry.kind))));
    none.textContent = found.length === 0 ? `Nothing matches “${input.value.trim()}”.` : "";
    none.hidden = found.length > 0;
    mark(0);
  }

  function mark(index) {
    at = index;
    [...list.children].forEach((entry, place) => void entry.setAttribute("aria-selected", String(place === at)));
    if (found.length > 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const entry = found[index];
    if (entry === undefined) return;
    dialog.close();
    entry.run();
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key === "Enter") choose(at);
    else if (event.key in steps && found.length > 0) mark((((at + steps[event.key]) % found.length) + found.length) % found.length);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!dialog.open) open();
  });

  function open() {
    // Another dialog asks something first.
    if (document.querySelector("dialog[open]") !== null) return;
    input.value = "";
    show();
    dialog.showModal();
    input.focus();
  }

  return { open };
}

function search(text, services) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...ofEndpoints(), ...commands(services), ...(words.length > 0 ? ofParameters(services) : []), ...documents()];
  const scored = all.map((entry) => [score(entry, words), entry]).filter(([points]) => points > 0);
  return scored.sort(([one], [other]) => other - one).slice(0, SHOWN).map(([, entry]) => entry);
}

/** All words must be somewhere; those in the name count most. */
function score({ name, note, weight }, words) {
  const [title, rest] = [name.toLowerCase(), note.toLowerCase()];
  let sum = weight;
  for (const word of words) {
    if (title.includes(word)) sum += title.startsWith(word) || title.includes(`.${word}`) ? 30 : 20;
    else if (rest.includes(word)) sum += 5;
    else return 0;
  }
  return sum;
}

function ofEndpoints() {
  const icons = new Map(sections.map(({ slug, icon: symbol }) => [slug, symbol]));
  return endpoints.map((endpoint) => ({
    name: `${endpoint.host}.${endpoint.name}`,
    note: summaryOf(endpoint),
    kind: endpoint.method,
    icon: icons.get(endpoint.section),
    weight: 3,
    run: () => void (location.hash = endpoint.hash),
  }));
}

function ofParameters(services) {
  return endpoints.flatMap((endpoint) => endpoint.params.map((param) => ({
    name: param.name,
    note: `${endpoint.host}.${endpoint.name}: ${param.doc.replaceAll("`", "")}`,
    kind: "parameter",
    icon: "sliders",
    weight: 1,
    run: () => services.focus(endpoint.key, param.name),
  })));
}

function commands(services) {
  const go = (hash) => () => void (location.hash = hash);
  return [
    { name: "Overview", note: "what this is, and a live journey", icon: "home", run: go("#") },
    { name: "Agent", note: "a model works under a policy", icon: "agent", run: go("#agent") },
    { name: "Connection", note: "choose a service and a token", icon: "sliders", run: services.connect },
    { name: "Switch between light and dark", note: "colours theme", icon: "moon", run: () => document.querySelector("[data-theme-toggle]").click() },
    { name: "Export HAR", note: "save the recorded requests, without tokens", icon: "down", run: exportHar },
    ...(connection.mode === "local" ? [{ name: "Reset the local Hub", note: "restore the seeded data", icon: "reset", run: () => void resetLocal().catch(() => {}) }] : []),
  ].map((entry) => ({ ...entry, kind: "command", weight: 2 }));
}

function documents() {
  return DOCS.map(([page, name, note]) => ({ name, note, kind: "docs", icon: "link", weight: 2, run: () => window.open(`../docs/${page}.html`, "_blank", "noopener,noreferrer") }));
}
