// The eight groups and their endpoints; on a narrow screen behind the menu button.

import { sections } from "./catalogue.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

export function createNavigation(element) {
  const links = new Map();
  const groups = sections.map((section) => {
    const items = section.endpoints.map((endpoint) => {
      const anchor = h("a.nav-link", { href: endpoint.hash }, h("span", {}, endpoint.name), h(`span.method.tiny.${endpoint.method.toLowerCase()}`, {}, short(endpoint.method)));
      links.set(endpoint.key, anchor);
      return h("li", {}, anchor);
    });
    const heading = h("summary.nav-group", {}, icon(section.icon), h("span", {}, section.title), h("span.nav-count", {}, section.endpoints.length));
    return { section, element: h("details", { name: "groups" }, heading, h("ul", { "aria-label": section.title }, items)) };
  });
  const home = h("a.nav-home", { href: "#" }, icon("home"), "Overview");
  const agent = h("a.nav-home", { href: "#agent" }, icon("agent"), "Agent");
  fill(element, home, agent, groups.map((group) => group.element));
  element.addEventListener("click", (event) => {
    if (event.target.closest("a") !== null) setOpen(false);
  });

  let button = null;
  function setOpen(open) {
    document.body.toggleAttribute("data-menu", open);
    button?.setAttribute("aria-expanded", String(open));
  }

  return {
    toggle: (from) => {
      button = from;
      setOpen(!document.body.hasAttribute("data-menu"));
    },
    close: () => setOpen(false),
    mark(endpoint, isAgent) {
      for (const [key, anchor] of links) {
        if (key === endpoint?.key) anchor.setAttribute("aria-current", "page");
        else anchor.removeAttribute("aria-current");
      }
      for (const { section, element: group } of groups) group.open = section.slug === endpoint?.section;
      for (const [anchor, isCurrent] of [[home, endpoint === undefined && !isAgent], [agent, isAgent]]) {
        anchor.toggleAttribute("data-current", isCurrent);
        if (isCurrent) anchor.setAttribute("aria-current", "page");
        else anchor.removeAttribute("aria-current");
      }
    },
  };
}

function short(method) {
  return method === "DELETE" ? "DEL" : method;
}
