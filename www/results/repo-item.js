// One model, dataset or Space of a list.

import { h } from "../dom.js";
import { ago, short } from "../format.js";
import { icon } from "../icons.js";

const INFO = { "hub.listModels": "hub.modelInfo", "hub.listDatasets": "hub.datasetInfo", "hub.listSpaces": "hub.spaceInfo" };

export function repoItem(repo, { endpoint, services }) {
  const open = () => services.open(INFO[endpoint.key], { repo: repo.id });
  return h(
    "div.repo-item",
    {},
    h("button.item-title", { type: "button", onClick: open }, repo.id, repo.private ? icon("lock") : null),
    h("div.item-meta", {},
      repo.pipeline_tag ? h("span.badge", {}, repo.pipeline_tag) : null,
      repo.sdk ? h("span.badge", {}, repo.sdk) : null,
      repo.library_name ? h("span", {}, repo.library_name) : null,
      repo.gated ? h("span.badge.warn", {}, "gated") : null,
      repo.private ? h("span.badge", {}, "private") : null,
      taskOf(repo)),
    h("div.item-numbers", {},
      typeof repo.downloads === "number" ? h("span", { title: "Downloads in 30 days" }, icon("down"), short(repo.downloads)) : null,
      typeof repo.likes === "number" ? h("span", { title: "Likes" }, icon("heart"), short(repo.likes)) : null,
      ago(repo.lastModified ?? repo.createdAt)),
  );
}

function taskOf(repo) {
  const tag = repo.pipeline_tag === undefined ? repo.tags?.find((text) => text.startsWith("task_categories:")) : undefined;
  return tag === undefined ? null : h("span.badge", {}, tag.split(":")[1]);
}
