// The router's chat models, with providers and prices.

import { fill, h } from "../dom.js";
import { count, many, short } from "../format.js";
import { icon } from "../icons.js";

export function routerModelsView({ data }, { services }) {
  const rows = h("div.stack");
  const filter = h("input.input", { type: "search", placeholder: "Filter models", "aria-label": "Filter models" });
  const show = () => {
    const wanted = filter.value.trim().toLowerCase();
    fill(rows, data.filter((model) => model.id.toLowerCase().includes(wanted)).map((model) => card(model, services)));
  };
  filter.addEventListener("input", show);
  show();
  return h("div.stack", {}, h("p.muted", {}, many(data.length, "model")), filter, rows);
}

function card(model, services) {
  const chat = () => services.fill("router.chatCompletion", { model: model.id });
  const modalities = model.architecture?.input_modalities ?? [];
  return h("section.card", {},
    h("header.card-head", {}, h("h3.mono", {}, model.id), h("button.button.small", { type: "button", onClick: chat }, icon("talk"), "Chat")),
    h("p.item-meta", {}, h("span", {}, model.owned_by), modalities.map((one) => h("span.badge", {}, one))),
    h("div.table-box", {}, h("table", {},
      h("thead", {}, h("tr", {}, ["Provider", "Context", "Input", "Output", "Speed", "Can"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, model.providers.map(provider)))));
}

function provider(one) {
  const skills = [one.supports_tools && "tools", one.supports_structured_output && "structured output"].filter(Boolean);
  return h("tr", {},
    h("td", {}, h("strong", {}, one.provider), " ", one.status === "live" ? null : h("span.badge.warn", {}, one.status)),
    h("td.tabular", {}, short(one.context_length)),
    h("td.tabular", {}, price(one, "input")),
    h("td.tabular", {}, price(one, "output")),
    h("td.tabular", {}, typeof one.throughput === "number" ? `${count(Math.round(one.throughput))} tokens/s` : "–"),
    h("td", {}, skills.join(", ") || "–"));
}

/** US dollars for a million tokens. */
function price(one, side) {
  if (one.is_free) return "free";
  const value = one.pricing?.[side];
  return typeof value === "number" ? `$${value.toFixed(2)} / M` : "–";
}
