// The operations of a commit: JSON, plus files from this device.

import { fill, h } from "./dom.js";
import { size } from "./format.js";
import { icon } from "./icons.js";

export function filesControl(id, json) {
  let files = [];
  const list = h("ul.attached");
  const picker = h("input.visually-hidden", { type: "file", multiple: true, id: `${id}-files` });
  const button = h("label.button.small", { for: `${id}-files` }, icon("file"), "Add files from this device");

  const show = () => {
    fill(list, files.map((file) =>
      h("li", {}, h("span.mono", {}, file.name), h("span.muted", {}, size(file.size)),
        h("button.icon-button", { type: "button", "aria-label": `Leave out ${file.name}`, onClick: () => keep(files.filter((other) => other !== file)) }, icon("close")))));
  };
  const keep = (next) => {
    files = next;
    show();
    json.target.dispatchEvent(new Event("input", { bubbles: true }));
  };
  picker.addEventListener("change", () => {
    keep([...files, ...picker.files]);
    picker.value = "";
  });

  return {
    element: h("div.stack", {}, json.element, h("div.row", {}, picker, button), list),
    target: json.target,
    get() {
      const operations = json.get() ?? [];
      const added = files.map((file) => ({ operation: "addOrUpdate", path: file.name, content: file }));
      const all = Array.isArray(operations) ? [...operations, ...added] : operations;
      return all.length === 0 ? undefined : all;
    },
    set(value) {
      json.set(value);
      keep([]);
    },
  };
}
