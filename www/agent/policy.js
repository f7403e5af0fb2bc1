// The policy as a person sets it: a switch for each group, and the repositories in which anything may change.

import { sections } from "../catalogue.js";
import { segments } from "../controls.js";
import { h, uniqueId } from "../dom.js";

const MODES = [["off", "off"], ["read", "read"], ["full", "full"]];
/** Groups whose calls are about a repository. */
const OF_REPOS = ["models", "datasets", "spaces", "repos", "discussions"];

/** `{ element, read }`; `read` gives the policy. */
export function createPolicy({ groups, within }) {
  const switches = sections.map(({ name, title }) => {
    const id = uniqueId(`policy-${name}`);
    const control = segments(id, MODES);
    control.set(groups[name] ?? "off");
    return { name, control, element: h("div.switch", {}, h("span", { id: `${id}-label` }, title), control.element) };
  });
  const id = uniqueId("within");
  const places = h("textarea.input.mono", { id, rows: 1, spellcheck: "false", autocapitalize: "off", "aria-describedby": `${id}-hint`, value: within });
  const element = h(
    "fieldset.policy",
    {},
    h("legend", {}, "What it may do"),
    switches.map((one) => one.element),
    h("div.field", {},
      h("label.label", { for: id }, "Changes only in"),
      places,
      h("p.hint", { id: `${id}-hint` }, "Patterns of repositories, one a line, such as ", h("code", {}, "datasets/acme/*"), "; none means everywhere. What deletes, moves, merges or publishes is asked about.")),
  );

  function read() {
    const chosen = Object.fromEntries(switches.map(({ name, control }) => [name, control.get()]).filter(([, mode]) => mode !== "off"));
    const patterns = places.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    if (patterns.length === 0) return { agent: "demo", groups: chosen };
    const ofRepos = Object.fromEntries(Object.entries(chosen).filter(([name]) => OF_REPOS.includes(name)));
    const elsewhere = Object.fromEntries(Object.entries(chosen).map(([name, mode]) => [name, name in ofRepos ? "read" : mode]));
    return { agent: "demo", groups: elsewhere, repos: Object.fromEntries(patterns.map((pattern) => [pattern, { groups: ofRepos }])) };
  }

  return { element, read };
}
