// What a change to a repository did.

import { h, link } from "../dom.js";
import { size } from "../format.js";
import { icon } from "../icons.js";
import { facts } from "./facts.js";

function receipt(title, ...content) {
  return h("div.card", {}, h("h3.done", {}, icon("check"), title), content);
}

export function createdView(created, { params, services }) {
  const show = () => services.open("hub.listFiles", { repo: params.repo });
  return receipt(`Created ${created.name ?? params.repo}`,
    facts([["Address", link(created.url)], ["Id", created.id], ["Visibility", params.visibility ?? (params.private === true ? "private" : "public")]]),
    h("div.row", {}, h("button.button.small", { type: "button", onClick: show }, icon("folder"), "Its files")));
}

export function deletedView(_, { params }) {
  return receipt(`Deleted ${params.repo}`, h("p.muted", {}, "Its files and discussions went with it."));
}

export function movedView(_, { params }) {
  return receipt("Moved", h("p.move", {}, h("code", {}, params.fromRepo), icon("chevron"), h("code", {}, params.toRepo)), h("p.muted", {}, "The old id redirects to the new one."));
}

export function settingsView(settings, { params }) {
  const rows = Object.entries(settings).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]);
  return receipt(`Settings of ${params.repo}`, rows.length === 0 ? h("p.muted", {}, "Nothing was changed.") : facts(rows));
}

export function preuploadView({ files }, { params }) {
  const sizes = new Map(params.files.map((file) => [file.path, file.size]));
  const row = (file) => h("tr", {},
    h("td.mono", {}, file.path),
    h("td.tabular.end", {}, size(sizes.get(file.path))),
    h("td", {}, h(`span.badge.${file.uploadMode === "lfs" ? "accent" : "quiet"}`, {}, file.uploadMode === "lfs" ? "large file" : "inline")),
    h("td", {}, file.shouldIgnore ? "ignored" : "taken"));
  return h("div.table-box", {}, h("table", {},
    h("thead", {}, h("tr", {}, ["File", "Size", "How it is sent", ".gitignore"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, files.map(row))));
}

export function commitView(result, { params }) {
  const commit = ["Commit", h("code", {}, result.commitOid)];
  // Where nothing has changed, it is the head of the branch.
  if (typeof result.commitUrl !== "string") return receipt("Nothing to commit", h("p.muted", {}, "Every file is already as it should be. The branch stays where it is."), facts([commit]));
  const left = new Map([...(result.skipped ?? []).map((path) => [path, "unchanged"]), ...(result.ignored ?? []).map((path) => [path, "ignored"])]);
  const { pullRequest } = result;
  return receipt(params.title,
    facts([
      commit,
      ["On the Hub", link(result.commitUrl, "Open the commit")],
      ["Pull request", pullRequest === undefined ? undefined : link(pullRequest.url, `Number ${pullRequest.num}`)],
      ["Operations", params.operations.length],
    ]),
    h("ul.plain", {}, params.operations.map((one) => h("li.row", {}, h("span.badge", {}, left.get(one.path) ?? one.operation), h("span.mono", {}, one.path ?? one.from ?? "")))));
}
