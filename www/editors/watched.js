// What a webhook watches: a type and a name each.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

const TYPES = ["user", "org", "model", "dataset", "space"];

export function watchedEditor() {
  let items = [];
  const list = h("ul.turns");
  const tell = () => list.dispatchEvent(new Event("input", { bubbles: true }));
  const show = () => fill(list, items.map((one) => one.element));
  const add = h("button.button.small", { type: "button", onClick: () => {
    items.push(item({ type: "model", name: "" }));
    show();
    items.at(-1).target.focus();
    tell();
  } }, icon("plus"), "Add");
  const element = h("div.stack.slim", {}, list, h("div.row", {}, add));

  function item({ type, name }) {
    const kind = h("select.input", { "aria-label": "Type" }, TYPES.map((one) => h("option", { value: one, selected: one === type }, one)));
    const target = h("input.input", { type: "text", "aria-label": "Name", value: name, autocomplete: "off", spellcheck: "false", placeholder: "name or namespace/name" });
    const made = { target, read: () => ({ type: kind.value, name: target.value.trim() }), element: null };
    made.element = h("li.watched", {}, h("div.joined", {}, kind, target), h("button.icon-button", { type: "button", "aria-label": "Remove", onClick: () => {
      items = items.filter((other) => other !== made);
      show();
      tell();
    } }, icon("trash")));
    return made;
  }

  return {
    element,
    get target() {
      return items[0]?.target ?? add;
    },
    get() {
      const set = items.map(({ read }) => read()).filter(({ name }) => name !== "");
      return set.length === 0 ? undefined : set;
    },
    set(value) {
      items = (value ?? []).map(item);
      show();
    },
  };
}

export function areWatched(value) {
  return value === undefined || (Array.isArray(value) && value.every((one) => TYPES.includes(one?.type) && typeof one.name === "string" && Object.keys(one).length === 2));
}
