// The owner of the token, and what it may do.

import { h } from "../dom.js";
import { day } from "../format.js";
import { avatar } from "./avatar.js";
import { facts } from "./facts.js";

export function whoView(me) {
  const token = me.auth?.accessToken;
  return h(
    "div.card",
    {},
    h("header.who", {}, avatar(me.name), h("div", {}, h("h3", {}, me.fullname || me.name), h("p.muted", {}, `@${me.name}`)), me.isPro ? h("span.badge.accent", {}, "PRO") : null),
    facts([["Type", me.type], ["Email", me.email], ["Id", me.id]]),
    token === undefined ? null : h("section", {}, h("h4", {}, "Token"), facts([["Name", token.displayName], ["Role", token.role], ["Since", token.createdAt === undefined ? undefined : day(token.createdAt)]]), scopes(token.fineGrained)),
    h("section", {}, h("h4", {}, "Organizations"),
      (me.orgs ?? []).length === 0
        ? h("p.muted", {}, "None.")
        : h("ul.list", {}, me.orgs.map((org) => h("li", {}, h("div.commit-item", {}, avatar(org.name), h("div.grow", {}, h("div.item-name", {}, org.fullname ?? org.name), h("div.item-meta", {}, `@${org.name}`)), org.roleInOrg ? h("span.badge", {}, org.roleInOrg) : null))))),
  );
}

function scopes(fine) {
  if (fine === undefined || fine === null) return null;
  const scoped = (fine.scoped ?? []).map(({ entity, permissions }) => [`${entity.type} ${entity.name ?? ""}`.trim(), permissions.join(", ")]);
  const everywhere = (fine.global ?? []).length === 0 ? [] : [["everywhere", fine.global.join(", ")]];
  return facts([...everywhere, ...scoped]);
}
