// Tabs: arrow keys move between them, one is in the tab order.

import { h, uniqueId } from "./dom.js";

/** `pages` is `[[name, element], …]`; `onChoose` hears of what a person chose. */
export function createTabs(label, pages, onChoose = () => {}) {
  const tabs = pages.map(([name, element]) => {
    const id = uniqueId("tab");
    element.id = `${id}-page`;
    element.setAttribute("role", "tabpanel");
    element.setAttribute("aria-labelledby", id);
    return h("button.tab", { type: "button", role: "tab", id, "aria-controls": element.id, onClick: () => choose(name) }, name);
  });
  let current = "";

  function show(wanted) {
    current = wanted;
    pages.forEach(([name, element], index) => {
      const chosen = name === wanted;
      element.hidden = !chosen;
      tabs[index].setAttribute("aria-selected", String(chosen));
      tabs[index].tabIndex = chosen ? 0 : -1;
    });
  }

  function choose(name) {
    show(name);
    onChoose(name);
  }

  const list = h("div.tabs", { role: "tablist", "aria-label": label }, tabs);
  list.addEventListener("keydown", (event) => {
    const now = tabs.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step === undefined ? -1 : (now + step + tabs.length) % tabs.length;
    if (next < 0) return;
    event.preventDefault();
    choose(pages[next][0]);
    tabs[next].focus();
  });
  show(pages[0][0]);
  return { list, show, shown: () => current };
}
