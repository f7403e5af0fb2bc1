// A model of the router: any id, with those that the router lists as suggestions once the field has the focus.

import { connection } from "../connection.js";
import { fill, h } from "../dom.js";

export function modelControl(id) {
  const list = h("datalist", { id: `${id}-models` });
  const target = h("input.input", { id, type: "text", list: `${id}-models`, autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  target.addEventListener("focus", async () => {
    if (connection.router === null) return;
    const { data } = await connection.router.listModels().catch(() => ({ data: [] }));
    fill(list, data.map((model) => h("option", { value: model.id })));
  }, { once: true });
  return { element: h("div", {}, target, list), target, get: () => target.value.trim() || undefined, set: (value) => void (target.value = value ?? "") };
}
