// Model, task, script and policy of a run.

import { connection } from "../connection.js";
import { h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";
import { BEFORE, followsScript, messagesOf } from "./examples.js";
import { createPolicy } from "./policy.js";

/** `{ element, read, setRunning }`; `onRun` gets what `read` gives, `onChange` hears of every edit. */
export function createRunForm(example, { onRun, onChange }) {
  const plain = { autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
  const [model, modelField] = field("Model", (id) => h("input.input", { id, ...plain, value: example.model, required: true }), "Any that calls tools, by its id at the router.");
  const [task, taskField] = field("Task", (id) => h("textarea.input", { id, rows: 3, value: example.task, required: true }));
  const [script, scriptField] = field("Script", (id) => h("textarea.input.mono", { id, rows: 8, ...plain, value: JSON.stringify(example.script, null, 2) }), "The turns that the local Hub’s scripted model takes: what it says, and the tools it calls.");
  const [router, routerField] = field("Base URL", (id) => h("input.input", { id, type: "url", ...plain, value: connection.routerUrl, required: true }), "Where the model runs: the router, or any server with OpenAI’s chat completions, such as llama.cpp’s. Your token goes to the router alone.");
  const [before, beforeField] = field("Messages before the task", (id) => h("textarea.input.mono", { id, rows: 6, ...plain, value: JSON.stringify(BEFORE, null, 2) }), "JSON. A small model does what it has seen done: show it a task with its calls.");
  const [most, mostField] = field("Turns at most", (id) => h("input.input.narrow", { id, type: "number", min: 1, max: 100, value: 10, required: true }));
  const policy = createPolicy(example);
  const scripted = h("details.more", {}, h("summary", {}, icon("chevron"), "What the scripted model does"), h("div.fields", {}, scriptField));
  const settings = h("details.more", {}, h("summary", {}, icon("chevron"), "Where the model runs, and what it is told"), h("div.fields", {}, routerField, beforeField));
  const run = h("button.button.primary", { type: "submit" }, icon("play"), "Run");
  const problem = h("p.field-error", { role: "alert", hidden: true });
  const element = h(
    "form.form",
    { "aria-label": "Task and policy", onInput: change, onChange: change },
    h("div.fields", {}, modelField, taskField, scripted, settings),
    policy.element,
    mostField,
    problem,
    h("div.actions", {}, run, h("kbd", {}, "Ctrl ↵")),
  );

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    tell("");
    const [place, box, name] = scripted.hidden ? [settings, before, "The messages before the task are"] : [scripted, script, "The script is"];
    const wrong = problemOf(box.value);
    if (wrong === "") return onRun(read());
    place.open = true;
    box.focus();
    tell(`${name} ${wrong}`);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
  });

  function tell(text) {
    problem.hidden = text === "";
    problem.textContent = text;
  }

  function change() {
    showFields();
    onChange();
  }

  function showFields() {
    scripted.hidden = !followsScript(model.value.trim());
    beforeField.hidden = !scripted.hidden;
  }

  function read() {
    const id = model.value.trim();
    const messages = messagesOf({ model: id, task: task.value, script: script.value, before: before.value });
    return { model: id, routerUrl: router.value.trim().replace(/\/+$/, ""), messages, policy: policy.read(), maxTurns: most.valueAsNumber };
  }

  showFields();
  return { element, read, setRunning: (running) => run.setAttribute("aria-disabled", String(running)) };
}

/** Why this is no JSON array; empty if it is one. */
function problemOf(text) {
  try {
    return Array.isArray(JSON.parse(text)) ? "" : "no JSON array";
  } catch (error) {
    return `not JSON: ${error.message}`;
  }
}

function field(name, make, hint) {
  const id = uniqueId("agent");
  const control = make(id);
  if (hint !== undefined) control.setAttribute("aria-describedby", `${id}-hint`);
  return [control, h("div.field", {}, h("label.label", { for: id }, name), control, hint === undefined ? null : h("p.hint", { id: `${id}-hint` }, hint))];
}
