// An editor of structured values that can also be edited as JSON, for what the editor has no control for.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** `visual` and `json` are controls; `fits(value)` says whether the visual one can hold a value. */
export function withJson(id, visual, json, fits) {
  let isJson = false;
  const toggle = h("button.button.small.quiet", { type: "button" });
  const box = h("div.stack.slim");
  const target = { current: visual.target };

  function show() {
    fill(box, isJson ? json.element : visual.element);
    fill(toggle, icon(isJson ? "sliders" : "pencil"), isJson ? "Edit as a form" : "Edit as JSON");
    target.current = isJson ? json.target : visual.target;
  }

  toggle.addEventListener("click", () => {
    const from = isJson ? json : visual;
    let value;
    try {
      value = from.get();
    } catch {
      return json.target.focus();
    }
    if (isJson && !fits(value)) return json.target.focus();
    isJson = !isJson;
    (isJson ? json : visual).set(value);
    show();
    target.current.focus();
  });
  show();
  return {
    element: h("div.stack.slim", { role: "group", "aria-labelledby": `${id}-label` }, box, h("div.row", {}, toggle)),
    get target() {
      return target.current;
    },
    get: () => (isJson ? json : visual).get(),
    set(value) {
      isJson = !fits(value);
      (isJson ? json : visual).set(value);
      show();
    },
  };
}
