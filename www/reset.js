// The button that makes the local Hub as it was in the beginning.

import { resetLocal } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

export function resetButton() {
  const button = h("button.button.small", { type: "button" }, icon("reset"), "Reset the local Hub");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    fill(button, icon("reset"), "Resetting…");
    try {
      await resetLocal();
      fill(button, icon("check"), "The local Hub is fresh again");
    } catch (error) {
      fill(button, icon("warn"), `Not reset: ${error.message}`);
    }
    button.setAttribute("aria-busy", "false");
  });
  return button;
}
