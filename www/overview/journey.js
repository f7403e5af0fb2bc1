// A live journey: search, read a model card, chat with it, open a discussion, see the webhook arrive. Each step is a real
// call, and its code joins what the steps before have written.

import { beginCall } from "../calls.js";
import { options } from "../code/javascript.js";
import { endpointOf } from "../catalogue.js";
import { ask } from "../confirm.js";
import { connection, deliveries, hasToken, placeName } from "../connection.js";
import { copyButton } from "../copy.js";
import { fill, h } from "../dom.js";
import { errorCard } from "../errors.js";
import { duration, many, short } from "../format.js";
import { code } from "../highlight.js";
import { icon } from "../icons.js";
import { showMarkdown } from "../rendered/markdown.js";

const QUESTION = "In one sentence: what is this model for?";
/** Milliseconds until a webhook counts as lost, and between two looks. */
const PATIENCE = 15_000;
const EVERY = 300;

const STEPS = [
  {
    title: "Search",
    text: "Find a model by name.",
    key: "hub.listModels",
    async run({ hub, say }, state) {
      const { items } = await hub.listModels({ search: "bert", sort: "downloads", limit: 5 });
      state.repo = connection.mode === "local" ? "acme/tiny-bert" : items[0].id;
      say(h("ul.plain", {}, items.map((model) => h("li.found", {}, icon("cube"), h("strong", {}, model.id), h("span.muted", {}, `${short(model.downloads)} downloads`)))));
      return many(items.length, "model");
    },
    code: () => ["const { items } = await hub.listModels({", '  search: "bert",', '  sort: "downloads",', "  limit: 5,", "});"],
  },
  {
    title: "Read its card",
    text: "Download the README of a model, and render it.",
    key: "hub.downloadFile",
    async run({ hub, say }, state) {
      state.card = await (await hub.downloadFile({ repo: state.repo, path: "README.md" })).text();
      const card = h("div.card-excerpt", { tabindex: "0", role: "region", "aria-label": "Model card" });
      say(h("strong.mono", {}, state.repo), card);
      await showMarkdown(card, state.card, { repo: state.repo });
      return many(state.card.length, "character");
    },
    code: ({ repo }) => ["const file = await hub.downloadFile({", `  repo: ${JSON.stringify(repo)},`, '  path: "README.md",', "});", "const card = await file.text();"],
  },
  {
    title: "Chat with it",
    text: "Stream an answer about the card.",
    key: "router.chatCompletion",
    async run({ router, say }, state) {
      const text = h("p.pre.bubble.assistant");
      say(h("p.bubble.user", {}, QUESTION), text);
      state.said = "";
      const messages = [{ role: "system", content: `Answer from this model card:\n${state.card.slice(0, 4000)}` }, { role: "user", content: QUESTION }];
      for await (const chunk of router.chatCompletionStream({ model: modelId(), messages, max_tokens: 200 })) {
        const piece = chunk.choices[0]?.delta.content ?? "";
        state.said += piece;
        text.append(piece);
      }
      return "streamed";
    },
    code: () => [
      `const question = ${JSON.stringify(QUESTION)};`,
      "const stream = router.chatCompletionStream({",
      `  model: ${JSON.stringify(modelId())},`,
      "  messages: [",
      '    { role: "system", content: "Answer from: " + card },',
      '    { role: "user", content: question },',
      "  ],",
      "});",
      'let said = "";',
      "for await (const { choices } of stream) {",
      '  said += choices[0]?.delta.content ?? "";',
      "}",
    ],
  },
  {
    title: "Open a discussion",
    text: "Tell the owners what the model said. A webhook is registered first.",
    key: "hub.createDiscussion",
    changes: true,
    async run({ hub, say }, state) {
      const { name } = await hub.whoAmI();
      state.owner = connection.mode === "local" ? state.repo.split("/")[0] : name;
      if (connection.mode === "local") {
        state.secret = crypto.randomUUID();
        state.seen = (await deliveries()).length;
        const url = `${connection.hubUrl}/_emulator/webhook-sink`;
        const { webhook } = await hub.createWebhook({ watched: [{ type: "org", name: state.owner }], domains: ["discussion"], url, secret: state.secret });
        state.webhook = webhook.id;
      }
      const opened = await hub.createDiscussion({ repo: state.repo, title: "What this model is for", description: state.said || "A note from the demo page." });
      state.num = opened.num;
      say(h("p", {}, icon("talk"), " Discussion ", h("strong", {}, `#${opened.num}`), " is open in ", h("span.mono", {}, state.repo)));
      return `#${opened.num}`;
    },
    code: ({ repo, owner = "acme" }) => [
      "await hub.createWebhook({",
      `  watched: [{ type: "org", name: ${JSON.stringify(owner)} }],`,
      '  domains: ["discussion"],',
      "  url,",
      "  secret,",
      "});",
      "const { num } = await hub.createDiscussion({",
      `  repo: ${JSON.stringify(repo)},`,
      '  title: "What this model is for",',
      "  description: said,",
      "});",
    ],
  },
  {
    title: "See the webhook arrive",
    text: "The Hub posts the event; the package verifies its secret.",
    key: "hub.createWebhook",
    localOnly: "The Hub posts to a public URL, which this page has not. The local Hub can deliver to itself.",
    async run({ hub, say, signal }, state) {
      const { verifyWebhook } = await import("../../pkg/dist/webhooks/index.js");
      const event = await arrival(state, verifyWebhook, signal);
      await hub.deleteWebhook({ webhookId: state.webhook });
      say(h("p", {}, icon("hook"), " ", h("strong", {}, `${event.scope}.${event.action}`), ` “${event.discussion.title}” #${event.discussion.num} `, h("span.badge.good", {}, "verified")));
      return "verified";
    },
    code: () => [
      "const discussion = (event) => console.log(event.discussion.title);",
      "export default { fetch: webhookHandler({ secret, on: { discussion } }) };",
    ],
  },
];

/** `{ element, refresh }` */
export function createJourney(services) {
  const shown = STEPS.map(stepItem);
  const source = h("div.code-page");
  const go = h("button.button.primary", { type: "button", onClick: () => void advance() });
  const restart = h("button.button.small.quiet", { type: "button", hidden: true, onClick: reset }, icon("reset"), "Start again");
  const status = h("p.status", { role: "status" });
  let at = 0;
  let state = {};
  let controller = null;
  let service = null;
  let text = "";

  const element = h(
    "section.journey",
    { "aria-labelledby": "journey-title" },
    h("div.journey-head", {}, h("h2", { id: "journey-title" }, "Try it: five real calls"), h("div.row", {}, go, restart, status)),
    h("ol.journey-steps", {}, shown.map((one) => one.element)),
    h("section.source", { "aria-label": "Code of the journey" }, h("div.response-head", {}, h("h3.source-title", {}, "journey.js"), copyButton(() => text)), source),
  );

  async function advance() {
    if (controller !== null) return;
    const step = STEPS[at];
    if (step === undefined) return reset();
    if (step.changes && connection.mode !== "local" && !(await ask({ title: `Open a discussion on ${placeName()}?`, text: `It becomes public in ${state.repo}.`, action: "Open discussion" }))) return;
    controller = new AbortController();
    const view = shown[at];
    const start = performance.now();
    const end = beginCall(endpointOf(step.key) ?? { name: step.key.split(".")[1] });
    view.set("running");
    show();
    let outcome = "done";
    try {
      const { hub, router } = connection;
      const line = await step.run({ hub, router, say: view.say, signal: controller.signal }, state);
      view.set("done", `${line}, ${duration(performance.now() - start)}`);
      at += 1;
      fill(status, at === STEPS.length ? "The journey is complete" : `Step ${at} of ${STEPS.length} done`);
    } catch (error) {
      outcome = "failed";
      view.set("failed");
      view.say(errorCard(error, { services, again: () => void advance(), params: { repo: state.repo } }));
      fill(status, `Step ${at + 1} failed`);
    }
    controller = null;
    end(outcome);
    show();
    services.changed();
    if (STEPS[at]?.localOnly !== undefined && connection.mode !== "local") {
      shown[at].say(h("p.muted", {}, STEPS[at].localOnly));
      at = STEPS.length;
      show();
    }
  }

  function reset() {
    at = 0;
    state = {};
    for (const one of shown) one.set("waiting");
    fill(status);
    show();
  }

  function show() {
    const step = STEPS[at];
    const isBusy = controller !== null;
    go.setAttribute("aria-disabled", String(isBusy));
    fill(go, icon(step === undefined ? "reset" : "play"), step === undefined ? "Start again" : isBusy ? `${step.title}…` : at === 0 ? "Start: search" : `Next: ${step.title.toLowerCase()}`);
    restart.hidden = at === 0 || at === STEPS.length || isBusy;
    shown.forEach((one, index) => void one.element.toggleAttribute("data-next", index === at));
    text = program(at, state);
    fill(source, code(text));
  }

  return {
    element,
    refresh() {
      const now = `${connection.mode} ${hasToken()}`;
      if (now !== service) reset();
      service = now;
    },
  };
}

function stepItem({ title, text }, index) {
  const mark = h("span.step-mark", {}, index + 1);
  const note = h("span.muted.tabular");
  const output = h("div.step-output", { hidden: true });
  const element = h("li.journey-step", {}, mark, h("div.step-body", {}, h("div.row", {}, h("h3", {}, title), note), h("p.muted", {}, text), output));
  return {
    element,
    set(state, line = "") {
      element.dataset.state = state;
      fill(mark, state === "done" ? icon("check") : state === "failed" ? icon("warn") : index + 1);
      fill(note, state === "running" ? "running…" : line);
      if (state === "waiting" || state === "running") {
        fill(output);
        output.hidden = true;
      }
    },
    say(...content) {
      output.hidden = false;
      fill(output, ...content);
    },
  };
}

/** What the steps so far amount to; the next one is part of it. */
function program(done, state) {
  const known = { repo: "acme/tiny-bert", ...state };
  const lines = STEPS.slice(0, Math.min(done + 1, STEPS.length)).flatMap((step, index) => ["", `// ${index + 1}. ${step.title}`, ...step.code(known)]);
  const usesRouter = done >= 2;
  return [
    `import { Hub${usesRouter ? ", InferenceRouter" : ""} } from "hf-wasm";`,
    ...(done >= 4 ? ['import { webhookHandler } from "hf-wasm/webhooks";'] : []),
    "",
    `const hub = new Hub(${options("hub", 40)});`,
    ...(usesRouter ? [`const router = new InferenceRouter(${options("router", 30)});`] : []),
    ...(done >= 3 ? ["const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = process.env;"] : []),
    ...lines,
  ].join("\n");
}

function modelId() {
  return connection.mode === "local" ? "emulator/echo" : "meta-llama/Llama-3.1-8B-Instruct";
}

/** Looks into the local Hub's mailbox until the event of the discussion is there. */
async function arrival({ seen, secret, num }, verifyWebhook, signal) {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    signal.throwIfAborted();
    for (const { headers, body } of (await deliveries()).slice(seen)) {
      const request = new Request(connection.hubUrl, { method: "POST", headers: { "x-webhook-secret": headers["x-webhook-secret"] ?? "" }, body: JSON.stringify(body) });
      const event = await verifyWebhook(request, { secret }).catch(() => null);
      if (event?.discussion?.num === num) return event;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
  throw new Error("No webhook arrived within 15 seconds");
}
