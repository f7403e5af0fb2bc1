// The name, the search, where calls go, and the look of the page.

import { hasToken, onChange, placeName, tokenName } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { createSettings } from "./settings.js";

export function createTopbar(element, navigation, palette) {
  const menu = h("button.icon-button.menu-button", { type: "button", "aria-label": "Endpoints", "aria-expanded": "false", "aria-controls": "sidebar" }, icon("menu"));
  menu.addEventListener("click", () => navigation.toggle(menu));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") navigation.close();
  });

  const settings = createSettings();
  const search = h("button.search-button", { type: "button", "aria-haspopup": "dialog", "aria-keyshortcuts": "Control+K", onClick: palette.open }, icon("search"), h("span.search-label", {}, "Search"), h("kbd", { "aria-hidden": "true" }, "Ctrl K"));
  const place = h("button.connection", { type: "button", "aria-haspopup": "dialog", onClick: settings.open });
  const showPlace = () => {
    place.dataset.state = hasToken() ? "ready" : "anonymous";
    fill(place, h("span.dot"), h("span.connection-label", {}, "Connection: "), h("span.place", {}, placeName()), h("span.who", {}, tokenName()), icon("sliders"));
  };
  onChange(showPlace);
  showPlace();

  fill(element, menu, h("a.brand", { href: "#" }, h("span.logo", { "aria-hidden": "true" }, "HF"), h("span.brand-name", {}, "hf-wasm")), search, h("span.grow"), place, themeButton());
  return { connect: settings.open };
}

function isDark() {
  return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

/** Starts as the system is; kept for this visit only. */
function themeButton() {
  const button = h("button.icon-button", { type: "button", "data-theme-toggle": "" });
  const show = () => {
    fill(button, icon(isDark() ? "sun" : "moon"));
    button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
  return button;
}
