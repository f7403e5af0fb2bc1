// One commit of a list.

import { h } from "../dom.js";
import { ago } from "../format.js";
import { avatar } from "./avatar.js";

export function commitItem(commit) {
  const authors = (commit.authors ?? []).map((author) => author.user);
  return h(
    "div.commit-item",
    {},
    avatar(authors[0] ?? "?"),
    h("div.grow", {},
      h("div.item-name", {}, commit.title),
      commit.message ? h("p.muted.clamp", {}, commit.message) : null,
      h("div.item-meta", {}, h("span", {}, authors.join(", ")), ago(commit.date))),
    h("code.oid", { title: commit.id }, commit.id.slice(0, 8)),
  );
}
