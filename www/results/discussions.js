// Discussions, a new one, and a comment.

import { h, link } from "../dom.js";
import { ago, many } from "../format.js";
import { icon } from "../icons.js";
import { diffLines } from "../rendered/diff.js";
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
  return h("div.stack", {},
    h("p.muted", {}, `New comment on #${params.num} of ${params.repo}`),
    comment(newMessage));
}

export function discussionView(one) {
  return h("div.stack", {},
    h("h3", {}, `${one.title} #${one.num}`),
    h("div.item-meta", {},
      h(`span.badge.${LOOKS[one.status] ?? "quiet"}`, {}, one.status),
      h("span", {}, one.isPullRequest ? "pull request" : "discussion"),
      h("span", {}, `opened by ${one.author?.name ?? "deleted user"}`),
      ago(one.createdAt)),
    one.changes ? facts([["Into", one.changes.base], ["Conflicts", conflicts(one)]]) : null,
    one.events.map((event) => (event.type === "comment" ? comment(event) : happened(event))),
    one.diff ? diffLines(one.diff.split("\n")) : null);
}

export function statusView({ newStatus }, { params }) {
  return h("div.card", {},
    h("h3.done", {}, icon("check"), `#${params.num} of ${params.repo} is ${newStatus.data.status}`));
}

export function mergedView(_, { params }) {
  return h("div.card", {}, h("h3.done", {}, icon("check"), `Pull request #${params.num} of ${params.repo} is merged`));
}

function conflicts({ filesWithConflicts: files }) {
  if (!Array.isArray(files)) return files ? "yes" : "none";
  return files.join(", ") || "none";
}

function comment({ author, createdAt, data }) {
  const name = author?.name ?? "deleted user";
  return h("div.comment", {}, avatar(name),
    h("div.comment-body", {}, h("div.item-meta", {}, h("strong", {}, name), ago(createdAt)), h("p.pre", {}, data.latest.raw)));
}

/** An event that is no comment, in one line. */
function happened({ type, author, createdAt, data }) {
  const what = {
    "status-change": () => `changed the status to ${data.status}`,
    commit: () => `added the commit "${data.subject}"`,
    "title-change": () => `renamed "${data.from}" to "${data.to}"`,
    "pinning-change": () => (data.pinned ? "pinned it" : "unpinned it"),
    "locking-change": () => (data.locked ? "locked it" : "unlocked it"),
  }[type];
  return h("div.item-meta", {}, h("strong", {}, author?.name ?? "deleted user"), what?.() ?? type, ago(createdAt));
}
