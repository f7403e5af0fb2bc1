// The owner of the token, and what it may do; and what anyone may know of a user.

import { h } from "../dom.js";
import { day } from "../format.js";
import { avatar } from "./avatar.js";
import { facts } from "./facts.js";

export function whoView(me) {
  const token = me.auth?.accessToken;
  return h(
    "div.card",
    {},
    person(me.name, me),
    facts([["Type", me.type], ["Email", me.email], ["Id", me.id]]),
    token === undefined ? null : h("section", {}, h("h4", {}, "Token"), facts([["Name", token.displayName], ["Role", token.role], ["Since", token.createdAt === undefined ? undefined : day(token.createdAt)]]), scopes(token.fineGrained)),
    organizations(me.orgs),
  );
}

export function userView(user) {
  const many = ["Models", "Datasets", "Spaces", "Discussions"].map((what) => [what, user[`num${what}`]]);
  return h("div.card", {}, person(user.user, user), facts([["Id", user._id], ["Since", day(user.createdAt)], ...many]), organizations(user.orgs));
}

function person(name, { fullname, isPro }) {
  return h("header.who", {}, avatar(name), h("div", {}, h("h3", {}, fullname || name), h("p.muted", {}, `@${name}`)), isPro ? h("span.badge.accent", {}, "PRO") : null);
}

function organizations(orgs = []) {
  return h("section", {}, h("h4", {}, "Organizations"),
    orgs.length === 0
      ? h("p.muted", {}, "None.")
      : h("ul.list", {}, orgs.map((org) => h("li", {}, h("div.commit-item", {}, avatar(org.name), h("div.grow", {}, h("div.item-name", {}, org.fullname ?? org.name), h("div.item-meta", {}, `@${org.name}`)), org.roleInOrg ? h("span.badge", {}, org.roleInOrg) : null)))));
}

function scopes(fine) {
  if (fine === undefined || fine === null) return null;
  const scoped = (fine.scoped ?? []).map(({ entity, permissions }) => [`${entity.type} ${entity.name ?? ""}`.trim(), permissions.join(", ")]);
  const everywhere = (fine.global ?? []).length === 0 ? [] : [["everywhere", fine.global.join(", ")]];
  return facts([...everywhere, ...scoped]);
}
