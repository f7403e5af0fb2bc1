// Model, task, script and policy of a run.

import { h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";
import { followsScript, messagesOf } from "./examples.js";
import { createPolicy } from "./policy.js";

/** `{ element, read, setRunning }`; `onRun` gets what `read` gives, `onChange` hears of every edit. */
export function createRunForm(example, { onRun, onChange }) {
  const plain = { autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
  const [model, modelField] = field("Model", (id) => h("input.input", { id, ...plain, value: example.model, required: true }), "Any that calls tools, by its id at the router.");
  const [task, taskField] = field("Task", (id) => h("textarea.input", { id, rows: 3, value: example.task, required: true }));
  const [script, scriptField] = field("Script", (id) => h("textarea.input.mono", { id, rows: 8, ...plain, value: JSON.stringify(example.script, null, 2) }), "The turns that the local Hub’s scripted model takes: what it says, and the tools it calls.");
  const [most, mostField] = field("Turns at most", (id) => h("input.input.narrow", { id, type: "number", min: 1, max: 100, value: 10, required: true }));
  const policy = createPolicy(example);
  const scripted = h("details.more", {}, h("summary", {}, icon("chevron"), "What the scripted model does"), h("div.fields", {}, scriptField));
  const run = h("button.button.primary", { type: "submit" }, icon("play"), "Run");
  const problem = h("p.field-error", { role: "alert", hidden: true });
  const element = h(
    "form.form",
    { "aria-label": "Task and policy", onInput: change, onChange: change },
    h("div.fields", {}, modelField, taskField, scripted),
    policy.element,
    mostField,
    problem,
    h("div.actions", {}, run, h("kbd", {}, "Ctrl ↵")),
  );

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    tell("");
    if (!scripted.hidden) {
      try {
        JSON.parse(script.value);
      } catch (error) {
        scripted.open = true;
        script.focus();
        tell(`The script is not JSON: ${error.message}`);
        return;
      }
    }
    onRun(read());
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.requestSubmit();
  });

  function tell(text) {
    problem.hidden = text === "";
    problem.textContent = text;
  }

  function change() {
    scripted.hidden = !followsScript(model.value.trim());
    onChange();
  }

  function read() {
    const id = model.value.trim();
    return { model: id, messages: messagesOf({ model: id, task: task.value, script: script.value }), policy: policy.read(), maxTurns: most.valueAsNumber };
  }

  scripted.hidden = !followsScript(example.model);
  return { element, read, setRunning: (running) => run.setAttribute("aria-disabled", String(running)) };
}

function field(name, make, hint) {
  const id = uniqueId("agent");
  const control = make(id);
  if (hint !== undefined) control.setAttribute("aria-describedby", `${id}-hint`);
  return [control, h("div.field", {}, h("label.label", { for: id }, name), control, hint === undefined ? null : h("p.hint", { id: `${id}-hint` }, hint))];
}
