// The first view: what this is, and the eight groups.

import { endpoints, sections } from "./catalogue.js";
import { connection, placeName, tokenName } from "./connection.js";
import { h } from "./dom.js";
import { code } from "./highlight.js";
import { icon } from "./icons.js";

const TOUR = `import { Hub, InferenceRouter } from "hf-wasm";

const hub = new Hub({ token: "hf_…" });
for await (const model of hub.listModels({ search: "bert" })) {
  console.log(model.id);
}`;

export function overview() {
  return h(
    "article.overview",
    {},
    h("header.hero", {},
      h("div", {},
        h("h1", { tabindex: "-1" }, "The Hugging Face API, from this page"),
        h("p.lead", {}, `${endpoints.length} endpoints of the Hub and its inference router, called by a Rust core in WebAssembly. Every form is filled in: press Run.`),
        h("p.row", {}, h("a.button.primary", { href: "#models/listModels" }, icon("play"), "Start with listModels"), h("a.button", { href: "#inference/chatCompletion" }, "Stream a chat"), h("a.button", { href: "#agent" }, "Let a model work")),
        connection.problem === null
          ? h("p.muted", {}, `Calls go to ${placeName()} as ${tokenName()}.`)
          : h("p.note", {}, connection.problem)),
      code(TOUR)),
    h("ul.groups", {}, sections.map(card)),
  );
}

function card(section) {
  return h(
    "li.group-card",
    {},
    h("div.group-head", {}, icon(section.icon), h("h2", {}, section.title)),
    h("p.muted", {}, section.text),
    h("ul", {}, section.endpoints.map((endpoint) => h("li", {}, h("a", { href: endpoint.hash }, endpoint.name)))),
  );
}
