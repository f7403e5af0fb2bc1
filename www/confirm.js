// Asks before a call destroys something, and on a service that is not the local Hub before any change.

import { connection, placeName } from "./connection.js";
import { h } from "./dom.js";
import { code } from "./highlight.js";

const HARMLESS = new Set(["router.chatCompletion", "router.featureExtraction", "router.textToImage", "hub.preupload"]);

/** Calls that destroy something: what their buttons say, what is asked, and what cannot be undone. */
const DESTRUCTIVE = {
  "hub.deleteRepo": { action: "Delete repository", question: ({ repo }) => `Delete ${repo}?`, loss: "Its files, discussions and history go with it. This cannot be undone." },
  "hub.deleteWebhook": { action: "Delete webhook", question: ({ webhookId }) => `Delete the webhook ${webhookId}?`, loss: "It stops delivering events. This cannot be undone." },
  "hub.mergePullRequest": { action: "Merge pull request", question: ({ num, repo }) => `Merge pull request #${num} of ${repo}?`, loss: "Its commits become part of the branch. This cannot be undone." },
};

/** What the button of a destructive call says; else undefined. */
export function destructiveAction(endpoint) {
  return DESTRUCTIVE[endpoint.key]?.action ?? (endpoint.destructive === true ? `Run ${endpoint.name}` : undefined);
}

export function askBefore(endpoint, params) {
  const isReal = connection.mode !== "local" && endpoint.access === "write" && !HARMLESS.has(endpoint.key);
  const action = destructiveAction(endpoint);
  if (!isReal && action === undefined) return true;
  const { question, loss } = DESTRUCTIVE[endpoint.key] ?? {};
  return ask({
    title: question?.(params) ?? `Run ${endpoint.name} on ${placeName()}?`,
    text: loss ?? `This changes real data on ${placeName()}.`,
    details: question === undefined ? JSON.stringify(params, (_, part) => (part instanceof Blob ? `${part.size} bytes` : part), 2) : undefined,
    action: action ?? `Run ${endpoint.name}`,
    isDanger: action !== undefined,
  });
}

/** Asks in a dialog; gives whether the person agreed. The safe button has the focus. */
export function ask({ title, text, details, action, isDanger }) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog.dialog",
      { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
      h("form.stack", { method: "dialog" },
        h("h2", { id: "confirm-title" }, title),
        h("p", { id: "confirm-text" }, text),
        details === undefined ? null : code(details),
        h("div.row.end", {}, h("button.button", { value: "no", autofocus: true }, "Cancel"), h(`button.button.${isDanger ? "danger" : "primary"}`, { value: "yes" }, action))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
