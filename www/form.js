// The form of an endpoint, drawn from its parameters.

import { destructiveAction } from "./confirm.js";
import { controlFor, FieldError } from "./controls.js";
import { fill, h, prose, uniqueId } from "./dom.js";
import { exampleOf } from "./examples.js";
import { icon } from "./icons.js";

/** From so many parameters on that are not shown at first, they can be searched. */
const MANY = 7;
/** Parameters that belong in sight, though they have no example. */
const AT_HAND = { "router.chatCompletion": ["max_tokens", "temperature", "seed", "tools"], "hub.commit": ["create_pr", "revision"] };

/** `{ element, read, fill, markWrong, focus, setRunning }`; `onRun` gets the values, `onChange` hears of every edit. */
export function createForm(endpoint, { onRun, onChange }) {
  let fields = [];
  const siblings = { read: (name) => fields.find(({ param }) => param.name === name)?.quietly() };
  fields = endpoint.params.map((param) => field(endpoint, param, siblings));
  const atHand = AT_HAND[endpoint.key] ?? [];
  const first = fields.filter(({ param }) => param.required || param.example !== null || atHand.includes(param.name));
  const rest = fields.filter((candidate) => !first.includes(candidate));

  const mode = endpoint.reply === "events" ? streamSwitch() : null;
  const action = destructiveAction(endpoint);
  const run = h(`button.button.${action === undefined ? "primary" : "danger"}.run`, { type: "submit" }, icon(action === undefined ? "play" : "warn"), action ?? "Run");
  const more = rest.length === 0 ? null : moreOf(rest);

  const element = h(
    "form.form",
    { "aria-label": `Parameters of ${endpoint.name}`, novalidate: true, onInput: changed, onChange: changed },
    mode?.element,
    h("div.fields", {}, first.map((one) => one.element)),
    fields.length === 0 ? h("p.muted", {}, "This call takes no parameters.") : null,
    more,
    h("div.actions", {}, run, h("kbd", {}, "Ctrl ↵")),
  );

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const params = readOrMark();
    if (params !== null) onRun(params);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
  });

  function changed(event) {
    if (event.target.dataset.local === undefined) onChange();
  }

  function readOrMark() {
    for (const one of fields) one.mark(null);
    for (const one of fields) {
      try {
        if (one.get() === undefined && one.param.required) throw new FieldError("Required");
      } catch (error) {
        if (!(error instanceof FieldError)) throw error;
        markWrong(one.param.name, error.message);
        return null;
      }
    }
    return read();
  }

  function focus(name) {
    const found = fields.find((one) => one.param.name === name);
    if (found === undefined) return;
    if (rest.includes(found)) more.open = true;
    found.control.target.focus();
  }

  function markWrong(name, message) {
    fields.find((one) => one.param.name === name)?.mark(message);
    focus(name);
  }

  /** The values that are set; those that make no sense are left out. */
  function read() {
    const isWhole = mode !== null && !mode.streams();
    const entries = fields.map((one) => [one.param.name, one.quietly()]);
    return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && !(isWhole && name === "stream_options")));
  }

  return {
    element,
    read,
    markWrong,
    focus,
    streams: () => mode?.streams() ?? false,
    setStreams: (streams) => mode?.set(streams),
    fill(values) {
      for (const one of fields) if (one.param.name in values) one.control.set(values[one.param.name]);
      if (rest.some((one) => one.quietly() !== undefined)) more.open = true;
      onChange();
    },
    setRunning(running) {
      run.setAttribute("aria-disabled", String(running));
    },
  };
}

function moreOf(rest) {
  const filter = h("input.input", { type: "search", placeholder: "Filter parameters", "aria-label": "Filter parameters", autocomplete: "off", "data-local": "" });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const { element, param } of rest) element.hidden = !`${param.name} ${param.doc}`.toLowerCase().includes(wanted);
  });
  return h("details.more", {}, h("summary", {}, icon("chevron"), `${rest.length} more ${rest.length === 1 ? "parameter" : "parameters"}`),
    h("div.fields", {}, rest.length < MANY ? null : filter, rest.map((one) => one.element)));
}

const TYPES = { text: "string", texts: "string or list", flag: "boolean", number: "number", choice: "one of", known: "string", choices: "list", repo: "repository", model: "model id", operations: "list of changes", messages: "list", watched: "list", json: "JSON" };
/** As many known values are named below the field. */
const NAMED = 8;

function field(endpoint, param, siblings) {
  const id = uniqueId(param.name);
  const control = controlFor(param, id, siblings);
  const error = h("p.field-error", { id: `${id}-error`, role: "alert", hidden: true });
  const grouped = control.element.matches("[role]");
  const name = [h("code.name", {}, param.name), h("span.type-name", {}, TYPES[param.control]), param.required ? h("span.needed", {}, "required") : null];
  const label = grouped ? h("span.label", { id: `${id}-label` }, name) : h("label.label", { for: id, id: `${id}-label` }, name);
  control.set(exampleOf(endpoint, param));
  control.target.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  if (param.required && !grouped) control.target.setAttribute("aria-required", "true");
  const known = param.control === "known" && param.values.length <= NAMED ? [" Known: ", param.values.map((value, index) => [index > 0 ? ", " : "", h("code", {}, value)]), "."] : null;

  return {
    param,
    control,
    get: control.get,
    element: h("div.field", {}, label, control.element, h("p.hint", { id: `${id}-hint` }, prose(param.doc), known), error),
    mark(message) {
      error.hidden = message === null;
      fill(error, message);
      if (message === null) control.target.removeAttribute("aria-invalid");
      else control.target.setAttribute("aria-invalid", "true");
    },
    quietly() {
      try {
        return control.get();
      } catch {
        return undefined;
      }
    },
  };
}

function streamSwitch() {
  const name = uniqueId("mode");
  const streamed = h("input", { type: "radio", name, checked: true });
  const whole = h("input", { type: "radio", name });
  return {
    streams: () => streamed.checked,
    set: (streams) => void ((streams ? streamed : whole).checked = true),
    element: h(
      "div.segments",
      { role: "radiogroup", "aria-label": "How the response comes" },
      h("label", {}, streamed, h("span", {}, "streamed")),
      h("label", {}, whole, h("span", {}, "whole")),
    ),
  };
}
