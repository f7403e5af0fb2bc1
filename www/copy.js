// A button that copies a text and says so.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

export function copyButton(text, label = "Copy") {
  const button = h("button.button.small", { type: "button" }, icon("copy"), h("span.copy-label", {}, label));
  button.addEventListener("click", async () => {
    const done = await write(text());
    fill(button, icon(done ? "check" : "warn"), h("span.copy-label", {}, done ? "Copied" : "Not allowed"));
    setTimeout(() => fill(button, icon("copy"), h("span.copy-label", {}, label)), 1500);
  });
  return button;
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
