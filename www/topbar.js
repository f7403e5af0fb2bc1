// The name, where calls go, and the look of the page.

import { connection, hasToken, onChange, placeName, tokenName } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { createSettings } from "./settings.js";

export function createTopbar(element, navigation) {
  const menu = h("button.icon-button.menu-button", { type: "button", "aria-label": "Endpoints", "aria-expanded": "false", "aria-controls": "sidebar" }, icon("menu"));
  menu.addEventListener("click", () => navigation.toggle(menu));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") navigation.close();
  });

  const settings = createSettings();
  const place = h("button.connection", { type: "button", "aria-haspopup": "dialog", onClick: settings.open });
  const showPlace = () => {
    place.dataset.state = connection.problem !== null ? "broken" : hasToken() ? "ready" : "anonymous";
    place.setAttribute("aria-label", `Connection: ${placeName()}, ${tokenName()}`);
    fill(place, h("span.dot"), h("span.place", {}, placeName()), h("span.who", {}, tokenName()), icon("sliders"));
  };
  onChange(showPlace);
  showPlace();

  fill(element, menu, h("a.brand", { href: "#", "aria-label": "hf-wasm, overview" }, h("img", { src: "icon.svg", alt: "", width: 26, height: 26 }), "hf-wasm"), h("span.grow"), place, themeButton());
}

/** Starts as the system is; kept for this visit only. */
function themeButton() {
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = h("button.icon-button", { type: "button", "data-theme-toggle": "" });
  const show = () => {
    fill(button, icon(dark() ? "sun" : "moon"));
    button.setAttribute("aria-label", dark() ? "Light colours" : "Dark colours");
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
  return button;
}
