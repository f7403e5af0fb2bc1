// Branches, tags, conversions and pull request refs.

import { h } from "../dom.js";
import { count } from "../format.js";
import { icon } from "../icons.js";

const KINDS = [["branches", "Branches", "branch"], ["tags", "Tags", "tag"], ["converts", "Conversions", "table"], ["pullRequests", "Pull requests", "talk"]];

export function refsView(refs, { params, services }) {
  const commits = (ref) => services.open("hub.listCommits", { repo: params.repo, revision: ref });
  const row = (ref) => h("li.ref", {},
    h("button.item-title", { type: "button", title: "List its commits", onClick: () => commits(ref.name) }, ref.name),
    h("span.muted.mono.ref-path", {}, ref.ref),
    h("code.oid", { title: ref.targetCommit }, ref.targetCommit.slice(0, 8)));
  return h("div.stack", {}, KINDS.filter(([key]) => Array.isArray(refs[key])).map(([key, title, symbol]) =>
    h("section", {}, h("h3.type", {}, icon(symbol), title, h("span.nav-count", {}, count(refs[key].length))),
      refs[key].length === 0 ? h("p.muted", {}, "None.") : h("ul.list", {}, refs[key].map(row)))));
}
