// Collections and what they hold.

import { h } from "../dom.js";
import { ago, many } from "../format.js";
import { icon } from "../icons.js";

const SYMBOLS = { model: "cube", dataset: "table", space: "window" };
const THEMES = new Set(["orange", "blue", "green", "purple", "pink", "indigo"]);

export function collectionItem(one, { services }) {
  return h(
    `div.collection.${THEMES.has(one.theme) ? one.theme : "blue"}`,
    {},
    h("div.item-name", {}, one.title, one.private ? icon("lock") : null),
    one.description ? h("p.muted", {}, one.description) : null,
    h("ul.plain", {}, (one.items ?? []).map((item) => entry(item, services))),
    h("div.item-meta", {}, h("span", {}, one.owner?.name), ago(one.lastUpdated), h("span", {}, many(one.upvotes ?? 0, "upvote"))),
  );
}

function entry(item, services) {
  const info = { model: "hub.modelInfo", dataset: "hub.datasetInfo", space: "hub.spaceInfo" }[item.type];
  const name = info === undefined ? h("span", {}, item.title ?? item.id) : h("button.item-title.mono", { type: "button", onClick: () => services.open(info, { repo: item.id }) }, item.id);
  return h("li.row", {}, icon(SYMBOLS[item.type] ?? "file"), name, item.note?.text ? h("span.muted", {}, item.note.text) : null);
}

export function collectionView(collection, context) {
  return h("div.card", {}, h("h3.done", {}, icon("check"), "Created the collection"), h("p", {}, h("code", {}, collection.slug)), collectionItem(collection, context));
}
