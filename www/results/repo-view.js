// A model, dataset or Space in full.

import { connection } from "../connection.js";
import { fill, h } from "../dom.js";
import { errorCard } from "../errors.js";
import { ago, count, day, short, size } from "../format.js";
import { code } from "../highlight.js";
import { icon } from "../icons.js";
import { showMarkdown } from "../rendered/markdown.js";
import { facts } from "./facts.js";

const KINDS = { "hub.modelInfo": "", "hub.datasetInfo": "datasets/", "hub.spaceInfo": "spaces/" };

export function repoView(repo, { endpoint, services }) {
  const name = KINDS[endpoint.key] + repo.id;
  const browse = (key, label, symbol) => h("button.button.small", { type: "button", onClick: () => services.open(key, { repo: name }) }, icon(symbol), label);
  return h(
    "div.card.repo-card",
    {},
    h("header.card-head", {},
      h("h3", {}, repo.id, repo.private ? icon("lock") : null),
      h("div.item-numbers", {},
        typeof repo.downloads === "number" ? h("span", { title: "Downloads in 30 days" }, icon("down"), short(repo.downloads)) : null,
        typeof repo.likes === "number" ? h("span", { title: "Likes" }, icon("heart"), short(repo.likes)) : null)),
    typeof repo.description === "string" ? h("p", {}, repo.description.trim()) : null,
    repo.runtime ? runtime(repo.runtime) : null,
    h("ul.tags", {}, (repo.tags ?? []).map((tag) => h("li.tag", {}, tag))),
    facts([
      ["Task", repo.pipeline_tag],
      ["Library", repo.library_name],
      ["SDK", repo.sdk],
      ["License", repo.cardData?.license],
      ["Gated", repo.gated === false ? undefined : repo.gated],
      ["Commit", repo.sha === undefined ? undefined : h("code", { title: repo.sha }, repo.sha.slice(0, 10))],
      ["Updated", ago(repo.lastModified)],
      ["Created", repo.createdAt === undefined ? undefined : day(repo.createdAt)],
      ["Storage", repo.usedStorage === undefined ? undefined : size(repo.usedStorage)],
      ["Parameters", repo.safetensors?.total === undefined ? undefined : count(repo.safetensors.total)],
    ]),
    h("div.row", {}, browse("hub.listFiles", "Files", "folder"), browse("hub.listCommits", "Commits", "branch"), browse("hub.listDiscussions", "Discussions", "talk")),
    card(name),
    siblings(repo.siblings),
    folded("Metadata", repo.cardData),
    folded("Config", repo.config),
  );
}

/** The README, rendered when it is opened. */
function card(name) {
  const box = h("div.card-body");
  const load = async (path) => (await connection.hub.downloadFile({ repo: name, path })).blob();
  const read = async () => {
    if (box.childElementCount > 0) return;
    fill(box, h("p.muted", {}, "Reading README.md…"));
    try {
      await showMarkdown(box, await (await load("README.md")).text(), { load });
    } catch (error) {
      fill(box, error.kind === "notFound" ? h("p.muted", {}, "There is no card.") : errorCard(error));
    }
  };
  return h("details.fold", { onToggle: () => void read() }, h("summary", {}, icon("chevron"), "Card"), box);
}

function runtime(state) {
  const good = state.stage?.startsWith("RUNNING");
  return h("p.row", {}, h(`span.badge.${good ? "good" : "warn"}`, {}, state.stage ?? "unknown"), h("span.muted", {}, state.hardware?.current ?? "no hardware"));
}

function siblings(files) {
  if (!Array.isArray(files) || files.length === 0) return null;
  return h("details.fold", {}, h("summary", {}, icon("chevron"), `${count(files.length)} files`),
    h("ul.plain", {}, files.map((file) => h("li.row", {}, icon("file"), h("span.mono.grow", {}, file.rfilename), file.size === undefined ? null : h("span.muted", {}, size(file.size))))));
}

function folded(title, value) {
  if (value === undefined || value === null) return null;
  return h("details.fold", {}, h("summary", {}, icon("chevron"), title), code(JSON.stringify(value, null, 2)));
}
