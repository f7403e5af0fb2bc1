// The form of an endpoint, drawn from its parameters.

import { controlFor, FieldError } from "./controls.js";
import { fill, h, prose, uniqueId } from "./dom.js";
import { exampleOf } from "./examples.js";
import { icon } from "./icons.js";

/** `{ element, read, fill, markWrong, setRunning }`; `onRun` gets the values, `onChange` hears of every edit. */
export function createForm(endpoint, { onRun, onChange }) {
  const fields = endpoint.params.map((param) => field(endpoint, param));
  const first = fields.filter(({ param }) => param.required || param.example !== null);
  const rest = fields.filter((candidate) => !first.includes(candidate));

  const mode = endpoint.reply === "events" ? streamSwitch() : null;
  const run = h("button.button.primary", { type: "submit" }, icon("play"), "Run");
  const more = h("details.more", {}, h("summary", {}, icon("chevron"), `${rest.length} more ${rest.length === 1 ? "parameter" : "parameters"}`), h("div.fields", {}, rest.map((one) => one.element)));

  const element = h(
    "form.form",
    { "aria-label": `Parameters of ${endpoint.name}`, novalidate: true, onInput: onChange, onChange },
    mode?.element,
    h("div.fields", {}, first.map((one) => one.element)),
    fields.length === 0 ? h("p.muted", {}, "This call takes no parameters.") : null,
    rest.length > 0 ? more : null,
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

  function readOrMark() {
    for (const one of fields) one.mark(null);
    for (const one of fields) {
      try {
        if (one.get() === undefined && one.param.required) throw new FieldError("This is needed.");
      } catch (error) {
        if (!(error instanceof FieldError)) throw error;
        markWrong(one.param.name, error.message);
        return null;
      }
    }
    return read();
  }

  function markWrong(name, message) {
    const wrong = fields.find((one) => one.param.name === name);
    if (wrong === undefined) return;
    if (rest.includes(wrong)) more.open = true;
    wrong.mark(message);
    wrong.control.target.focus();
  }

  /** The values that are set; those that make no sense are left out. */
  function read() {
    const entries = fields.map((one) => [one.param.name, one.quietly()]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  return {
    element,
    read,
    markWrong,
    streams: () => mode?.streams() ?? false,
    fill(values) {
      for (const one of fields) if (one.param.name in values) one.control.set(values[one.param.name]);
      onChange();
    },
    setRunning(running) {
      run.setAttribute("aria-disabled", String(running));
    },
  };
}

function field(endpoint, param) {
  const id = uniqueId(param.name);
  const control = controlFor(param, id);
  const error = h("p.field-error", { id: `${id}-error`, role: "alert", hidden: true });
  const grouped = control.element.matches("[role]");
  const name = [h("span.name", {}, param.name), param.required ? h("span.needed", {}, "required") : null];
  const label = grouped ? h("span.label", { id: `${id}-label` }, name) : h("label.label", { for: id, id: `${id}-label` }, name);
  control.set(exampleOf(endpoint, param));
  control.target.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  if (param.required) control.target.setAttribute("aria-required", "true");

  return {
    param,
    control,
    get: control.get,
    element: h("div.field", {}, label, control.element, h("p.hint", { id: `${id}-hint` }, prose(param.doc)), error),
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
    element: h(
      "div.segments",
      { role: "radiogroup", "aria-label": "How the answer comes" },
      h("label", {}, streamed, h("span", {}, "streamed")),
      h("label", {}, whole, h("span", {}, "whole")),
    ),
  };
}
