// Asks before a call changes something on a service that is not the local Hub.

import { connection, placeName } from "./connection.js";
import { h } from "./dom.js";
import { code } from "./highlight.js";

const HARMLESS = new Set(["router.chatCompletion", "router.featureExtraction", "router.textToImage", "hub.preupload"]);

export function askBefore(endpoint, params) {
  if (connection.mode === "local" || endpoint.access !== "write" || HARMLESS.has(endpoint.key)) return true;
  return new Promise((resolve) => {
    const dialog = h(
      "dialog.dialog",
      { "aria-labelledby": "confirm-title" },
      h("form.stack", { method: "dialog" },
        h("h2", { id: "confirm-title" }, `Call ${endpoint.name} on ${placeName()}?`),
        h("p", {}, "This changes real data."),
        code(JSON.stringify(params, (_, part) => (part instanceof Blob ? `${part.size} bytes` : part), 2)),
        h("div.row.end", {}, h("button.button", { value: "no" }, "Leave it"), h("button.button.danger", { value: "yes" }, "Do it"))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
