// One form control for each kind of parameter: `{ element, target, get, set }`.
// `get` gives undefined when nothing is set, and throws a FieldError when what is there makes no sense.

import { h } from "./dom.js";
import { areSimple, messagesEditor } from "./editors/messages.js";
import { modelControl } from "./editors/model.js";
import { areOperations, operationsEditor } from "./editors/operations.js";
import { areWatched, watchedEditor } from "./editors/watched.js";
import { withJson } from "./editors/with-json.js";

export class FieldError extends Error {}

const LONG_TEXTS = new Set(["description", "comment", "gitAttributes", "gitIgnore", "tool_prompt"]);

/** `siblings.read(name)` gives the value of another parameter. */
export function controlFor(param, id, siblings) {
  if (param.control === "operations") return withJson(id, operationsEditor(id, siblings), json(id), areOperations);
  if (param.control === "messages") return withJson(id, messagesEditor(id), json(id), areSimple);
  if (param.control === "watched") return withJson(id, watchedEditor(), json(id), areWatched);
  const make = { text, texts, flag, number, choice, choices, known, repo, json, model: modelControl }[param.control];
  return make(id, param);
}

function text(id, param) {
  const long = LONG_TEXTS.has(param.name);
  const target = long ? h("textarea.input", { id, rows: 3 }) : h("input.input", { id, type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  return { element: target, target, get: () => target.value || undefined, set: (value) => void (target.value = value ?? "") };
}

function number(id) {
  const target = h("input.input.narrow", { id, type: "number", step: "any", inputmode: "decimal", autocomplete: "off" });
  return {
    element: target,
    target,
    get() {
      if (target.validity.badInput) throw new FieldError("This is not a number.");
      return target.value === "" ? undefined : Number(target.value);
    },
    set: (value) => void (target.value = value ?? ""),
  };
}

/** One a line; a single one is given as a plain text. */
function texts(id, param) {
  const rows = Array.isArray(param.example) ? param.example.length + 1 : 1;
  const target = h("textarea.input", { id, rows, spellcheck: "false", placeholder: "one a line" });
  return {
    element: target,
    target,
    get() {
      const lines = target.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
      if (lines.length === 0) return undefined;
      return lines.length === 1 ? lines[0] : lines;
    },
    set: (value) => void (target.value = [value ?? []].flat().join("\n")),
  };
}

/** Unset, true or false. */
function flag(id) {
  return segments(id, [["unset", undefined], ["true", true], ["false", false]]);
}

function choice(id, param) {
  if (param.values.length <= 3) return segments(id, [["unset", undefined], ...param.values.map((value) => [value, value])]);
  const options = param.values.map((value) => h("option", { value }, value));
  const target = h("select.input", { id }, h("option", { value: "" }, "unset"), options);
  return { element: target, target, get: () => target.value || undefined, set: (value) => void (target.value = value ?? "") };
}

/** One of a few values; the element with the id `<id>-label` names it. */
export function segments(id, options) {
  const radios = options.map(([, value], index) => h("input", { type: "radio", name: id, id: index === 0 ? id : null, checked: value === undefined }));
  const element = h(
    "div.segments",
    { role: "radiogroup", "aria-labelledby": `${id}-label` },
    options.map(([label], index) => h("label", {}, radios[index], h("span", {}, label))),
  );
  return {
    element,
    target: radios[0],
    get: () => options[radios.findIndex((radio) => radio.checked)]?.[1],
    set: (value) => void (radios[Math.max(0, options.findIndex(([, option]) => option === value))].checked = true),
  };
}

/** Any text, with the known values as suggestions. */
function known(id, param) {
  const list = h("datalist", { id: `${id}-values` }, param.values.map((value) => h("option", { value })));
  const target = h("input.input", { id, type: "text", list: `${id}-values`, autocomplete: "off", spellcheck: "false" });
  return {
    element: h("div", {}, target, list),
    target,
    get: () => target.value.trim() || undefined,
    set: (value) => void (target.value = value ?? ""),
  };
}

function choices(id, param) {
  const boxes = param.values.map((value, index) => h("input", { type: "checkbox", value, id: index === 0 ? id : null }));
  const element = h(
    "div.choices",
    { role: "group", "aria-labelledby": `${id}-label` },
    boxes.map((box) => h("label", {}, box, h("span", {}, box.value))),
  );
  return {
    element,
    target: boxes[0],
    get() {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      return chosen.length === 0 ? undefined : chosen;
    },
    set: (value) => boxes.forEach((box) => void (box.checked = (value ?? []).includes(box.value))),
  };
}

function json(id) {
  const target = h("textarea.input.mono", { id, rows: 1, spellcheck: "false", autocapitalize: "off" });
  return {
    element: target,
    target,
    get() {
      if (target.value.trim() === "") return undefined;
      try {
        return JSON.parse(target.value);
      } catch (error) {
        throw new FieldError(`This is not JSON: ${error.message}`);
      }
    },
    set(value) {
      target.value = value === undefined ? "" : JSON.stringify(value, null, 2);
      target.rows = Math.min(12, Math.max(1, target.value.split("\n").length));
    },
  };
}

const TYPES = [["model", ""], ["dataset", "datasets/"], ["space", "spaces/"]];

/** A repository of any type, as one text: `acme/x`, `datasets/acme/x`, `spaces/acme/x`. */
function repo(id) {
  const type = h("select.input", { "aria-label": "Repository type" }, TYPES.map(([name]) => h("option", { value: name }, name)));
  const target = h("input.input", { id, type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off", placeholder: "namespace/name" });
  return {
    element: h("div.joined", {}, type, target),
    target,
    get() {
      const name = target.value.trim();
      return name === "" ? undefined : TYPES.find(([key]) => key === type.value)[1] + name;
    },
    set(value = "") {
      const [key, prefix] = TYPES.findLast(([, start]) => value.startsWith(start));
      type.value = key;
      target.value = value.slice(prefix.length);
    },
  };
}
