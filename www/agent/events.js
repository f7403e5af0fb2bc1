// What a webhook of the local Hub delivers while this is shown: each event verified, and told in plain English.

import { connection, deliveries } from "../connection.js";
import { fill, h } from "../dom.js";
import { errorCard } from "../errors.js";
import { icon } from "../icons.js";

const EVERY = 700;

const SENTENCES = {
  "repo.create": ({ repo }) => `The repository ${repo.name} was created`,
  "repo.update": ({ repo }) => `The repository ${repo.name} was changed`,
  "repo.delete": ({ repo }) => `The repository ${repo.name} was deleted`,
  "repo.move": ({ repo, movedTo }) => `The repository ${repo.name} was moved to ${movedTo.name}`,
  "repo.content.update": ({ repo, updatedRefs }) => `In ${repo.name}, ${updatedRefs.map(change).join(", ")}`,
  "repo.config.update": ({ repo }) => `Settings of ${repo.name} were changed`,
  "discussion.create": ({ repo, discussion }) => `“${discussion.title}” was opened in ${repo.name}`,
  "discussion.update": ({ repo, discussion }) => `“${discussion.title}” in ${repo.name} was changed; it is ${discussion.status}`,
  "discussion.delete": ({ repo, discussion }) => `“${discussion.title}” was deleted from ${repo.name}`,
  "discussion.comment.create": ({ repo, discussion }) => `“${discussion.title}” in ${repo.name} has a new comment`,
  "discussion.comment.update": ({ repo, discussion }) => `A comment on “${discussion.title}” in ${repo.name} was changed`,
};

/** `{ element, leave }` */
export function createEvents() {
  const secret = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const list = h("ol.steps", { role: "log", "aria-label": "Webhook events", tabindex: "0" });
  const problem = h("div", { "aria-live": "polite" });
  const button = h("button.button.small", { type: "button" });
  const hint = h("p.hint.grow", {}, "Registers a webhook for what the token’s account owns, and shows what it delivers.");
  let webhook = null;
  let busy = false;
  let seen = 0;
  let timer;

  const showButton = () => fill(button, icon(webhook === null ? "hook" : "stop"), webhook === null ? "Listen" : "Stop listening");

  async function listen() {
    const { verifyWebhook } = await import("./library.js");
    const { name } = await connection.hub.whoAmI();
    const url = `${connection.hubUrl}/_emulator/webhook-sink`;
    seen = (await deliveries()).length;
    const created = await connection.hub.createWebhook({ watched: [{ type: "user", name }], domains: ["repo", "discussion"], url, secret });
    webhook = created.webhook.id;
    const look = async () => {
      try {
        await take(url, verifyWebhook);
      } catch (error) {
        fill(problem, errorCard(error));
      }
      if (webhook !== null) timer = setTimeout(look, EVERY);
    };
    void look();
  }

  async function take(url, verifyWebhook) {
    const all = await deliveries();
    // The sink was emptied.
    if (all.length < seen) seen = 0;
    const fresh = all.slice(seen);
    seen = all.length;
    for (const { headers, body } of fresh) {
      const given = { "x-webhook-secret": headers["x-webhook-secret"] ?? "" };
      // Other webhooks post to the sink too.
      const event = await verifyWebhook(new Request(url, { method: "POST", headers: given, body: JSON.stringify(body) }), { secret }).catch(() => null);
      if (event !== null) show(event);
    }
  }

  function show(event) {
    const name = `${event.scope}.${event.action}`;
    const sentence = SENTENCES[name]?.(event) ?? `${name} of ${event.repo.name}`;
    list.append(h("li.step", {}, h("span.round.accent", {}, icon("hook")), h("div", {}, h("p", {}, `${sentence}.`), h("p.item-meta", {}, h("span.badge.good", {}, "verified"), h("span", {}, name)))));
  }

  async function stop() {
    const webhookId = webhook;
    leave();
    // A reset may have taken it away.
    await connection.hub.deleteWebhook({ webhookId });
  }

  function leave() {
    webhook = null;
    clearTimeout(timer);
  }

  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    fill(problem);
    try {
      await (webhook === null ? listen() : stop());
    } catch (error) {
      fill(problem, errorCard(error));
    }
    busy = false;
    showButton();
  });
  showButton();
  return { element: h("div.events", {}, h("div.row.listen", {}, hint, button), list, problem), leave };
}

/** What became of a branch or tag. */
function change({ ref, oldSha, newSha }) {
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  return oldSha === null ? `${name} was made` : newSha === null ? `${name} was deleted` : `${name} has new commits`;
}
