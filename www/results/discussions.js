// Discussions, a new one, and a comment.

import { h, link } from "../dom.js";
import { ago, many } from "../format.js";
import { icon } from "../icons.js";
import { avatar } from "./avatar.js";
import { facts } from "./facts.js";

const LOOKS = { open: "good", merged: "accent", closed: "quiet", draft: "quiet" };

export function discussionItem(one, { services }) {
  const answer = () => services.fill("hub.commentDiscussion", { repo: repoName(one.repo), num: one.num });
  return h(
    "div.commit-item",
    {},
    h(`span.round.${LOOKS[one.status] ?? "quiet"}`, { title: one.isPullRequest ? "Pull request" : "Discussion" }, icon(one.isPullRequest ? "branch" : "talk")),
    h("div.grow", {},
      h("button.item-title", { type: "button", title: "Answer", onClick: answer }, one.title),
      h("div.item-meta", {},
        h("span.tabular", {}, `#${one.num}`),
        h(`span.badge.${LOOKS[one.status] ?? "quiet"}`, {}, one.status),
        h("span", {}, one.author?.name ?? "deleted user"),
        ago(one.createdAt),
        one.pinned ? h("span.badge", {}, "pinned") : null)),
    h("span.muted.nowrap", {}, many(one.numComments ?? 0, "comment")),
  );
}

function repoName(repo) {
  return repo.type === "model" ? repo.name : `${repo.type}s/${repo.name}`;
}

export function openedView(opened, { params }) {
  return h("div.card", {},
    h("h3.done", {}, icon("check"), `${opened.pullRequest ? "Pull request" : "Discussion"} #${opened.num} is open`),
    facts([["Title", params.title], ["Repository", params.repo], ["Address", link(opened.url)]]));
}

export function commentView({ newMessage }, { params }) {
  const author = newMessage.author?.name ?? "you";
  return h("div.stack", {},
    h("p.muted", {}, `New comment on #${params.num} of ${params.repo}`),
    h("div.comment", {}, avatar(author),
      h("div.comment-body", {}, h("div.item-meta", {}, h("strong", {}, author), ago(newMessage.createdAt)), h("p.pre", {}, newMessage.data?.latest?.raw ?? params.comment))));
}
