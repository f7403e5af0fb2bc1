// Webhooks: all, one, and a deleted one.

import { h, link } from "../dom.js";
import { ago, many } from "../format.js";
import { icon } from "../icons.js";
import { facts } from "./facts.js";

export function hooksView(hooks, context) {
  if (hooks.length === 0) return h("p.empty", {}, "This user has no webhooks.");
  return h("div.stack", {}, h("p.muted", {}, many(hooks.length, "webhook")), hooks.map((hook) => card(hook, context)));
}

const DONE = { "hub.createWebhook": "The webhook is registered", "hub.updateWebhook": "The webhook is changed" };

export function hookView({ webhook }, context) {
  const done = DONE[context.endpoint.key];
  return h("div.stack", {}, done === undefined ? null : h("h3.done", {}, icon("check"), done), card(webhook, context));
}

export function deletedHookView(_, { params }) {
  return h("div.card", {}, h("h3.done", {}, icon("check"), "The webhook is deleted"), h("p", {}, h("code", {}, params.webhookId)));
}

function card(hook, { services }) {
  const target = hook.url === undefined || hook.url === null ? "a Job" : link(hook.url);
  return h(
    "div.card",
    {},
    h("header.card-head", {}, h("h3", {}, icon("hook"), target), h(`span.badge.${hook.disabled ? "warn" : "good"}`, {}, hook.disabled === false ? "active" : hook.disabled === true ? "disabled" : hook.disabled)),
    facts([
      ["Id", h("code", {}, hook.id)],
      ["Watches", h("span", {}, (hook.watched ?? []).map((one) => `${one.type} ${one.name}`).join(", "))],
      ["Events", (hook.domains ?? []).join(", ")],
      ["Secret", hook.hasSecret ? "set" : "none"],
      ["Last sent", ago(hook.lastTriggerAt)],
    ]),
    h("div.row", {}, h("button.button.small", { type: "button", onClick: () => services.fill("hub.updateWebhook", { webhookId: hook.id, watched: hook.watched?.map(({ type, name }) => ({ type, name })), domains: hook.domains, url: hook.url }) }, "Change")),
  );
}
