// Tags by type, with a filter; a tag leads to what carries it.

import { fill, h } from "../dom.js";
import { count } from "../format.js";

/** More of one type are shown on demand: the whole catalogue has thousands. */
const SHOWN = 120;

export function tagsView(types, { endpoint, services }) {
  const list = endpoint.key === "hub.modelTags" ? "hub.listModels" : "hub.listDatasets";
  const groups = h("div.stack");
  const filter = h("input.input", { type: "search", placeholder: "Filter tags", "aria-label": "Filter tags" });
  const show = () => {
    const wanted = filter.value.trim().toLowerCase();
    fill(groups, Object.entries(types).map(([type, tags]) => group(type, tags.filter((tag) => `${tag.id} ${tag.label}`.toLowerCase().includes(wanted)))));
  };
  const open = (tag) => services.open(list, { search: undefined, filter: tag.id });

  function group(type, tags) {
    const chips = h("ul.tags", {}, tags.slice(0, SHOWN).map((tag) => h("li", {}, h("button.tag", { type: "button", title: tag.id, onClick: () => open(tag) }, tag.label))));
    const rest = tags.length > SHOWN ? h("p.muted", {}, `and ${count(tags.length - SHOWN)} more`) : null;
    return h("section", {}, h("h3.type", {}, type, h("span.nav-count", {}, count(tags.length))), chips, rest);
  }

  filter.addEventListener("input", show);
  show();
  return h("div.stack", {}, filter, groups);
}
