// The first view: what this is, how to install it, a live journey, what the token may do, and the groups.

import { sections } from "../catalogue.js";
import { connection, placeName, tokenName } from "../connection.js";
import { copyButton } from "../copy.js";
import { fill, h } from "../dom.js";
import { code } from "../highlight.js";
import { icon } from "../icons.js";
import { createAccess } from "./access.js";
import { createJourney } from "./journey.js";

const INSTALL = "npm install hf-wasm";
/** A first program. */
const PROGRAM = `import { Hub } from "hf-wasm";

const hub = new Hub();
const search = { search: "bert", limit: 5 };
for await (const model of hub.listModels(search))
  console.log(model.id, model.downloads);`;
const hero = [...document.querySelectorAll("#hero > *")];

/** `{ element, refresh }` */
export function createOverview(services) {
  const access = createAccess(services);
  const journey = createJourney(services);
  const place = h("p.muted");
  const element = h(
    "article.overview",
    {},
    h("header.hero", {},
      // What `index.html` has painted already.
      hero,
      h("div.row", {}, h("div.install", {}, h("code", {}, INSTALL), copyButton(() => INSTALL)), h("a.button", { href: "../docs/start.html" }, "Documentation"), h("a.button", { href: "#agent" }, "Let a model work")),
      place,
      h("div.code-box.hero-code", {}, code(PROGRAM), copyButton(() => PROGRAM))),
    journey.element,
    access.element,
    h("section.stack", { "aria-labelledby": "groups-title" },
      h("h2", { id: "groups-title" }, "Every call, as a form"),
      h("ul.groups", {}, sections.map(card))),
  );

  function refresh() {
    fill(place, connection.mode === "local" ? `Calls from this page go to the local Hub as ${tokenName()}. It runs on this machine with sample data; nothing leaves it.` : `Calls from this page go to ${placeName()} with ${tokenName()}.`);
    access.refresh();
    journey.refresh();
  }

  refresh();
  return { element, refresh };
}

function card(section) {
  return h(
    "li.group-card",
    {},
    h("div.group-head", {}, icon(section.icon), h("h3", {}, section.title)),
    h("p.muted", {}, section.text),
    h("ul", {}, section.endpoints.map((endpoint) => h("li", {}, h("a", { href: endpoint.hash }, endpoint.name), h(`span.method.tiny.${endpoint.method.toLowerCase()}`, {}, endpoint.method)))),
  );
}
