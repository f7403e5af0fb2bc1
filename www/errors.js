// A failure, with what is known of it, what to do about it, and the one button that does it.

import { calls } from "./calls.js";
import { connection } from "./connection.js";
import { h, link, prose } from "./dom.js";
import { icon } from "./icons.js";
import { resetButton } from "./reset.js";

/** `context` is that of the call, where a person made it: `{ endpoint, params, services, form, again }`. */
export function errorCard(error, context) {
  const facts = [
    ["kind", error.kind],
    ["status", error.status],
    ["code", error.code],
    ["endpoint", error.endpoint],
    ["field", error.field],
    ["attempts", error.attempts > 1 ? error.attempts : undefined],
    ["request", error.requestId],
  ].filter(([, value]) => value !== undefined && value !== null);
  const remedy = remedyOf(error, context);
  return h(
    "div.error-card",
    {},
    h("h2.error-title", {}, icon("warn"), error.message || error.name || "The call failed"),
    typeof error.advice === "string" ? h("p", {}, prose(error.advice)) : null,
    remedy === null ? null : h("div.row", {}, remedy),
    h("dl.chips", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))),
  );
}

const SERVICE_PROBLEMS = new Set(["network", "timeout", "server", "protocol", "internal"]);

/** The button that mends it, or null. */
function remedyOf(error, context) {
  const { kind } = error;
  if (kind === "gated") return page(context, "Accept the conditions", "");
  if (kind === "paymentRequired") return link(`${connection.hubUrl}/settings/billing`, "See billing");
  if (context === undefined) return resets(error) ? resetButton() : null;
  const { services, form, again, params } = context;
  if (kind === "unauthorized") return button("Choose a token", "sliders", services.connect);
  if (kind === "forbidden") return button("Use another token", "sliders", services.connect);
  if (kind === "rateLimited") return countdown(error.retryAfter ?? 0, again);
  if (SERVICE_PROBLEMS.has(kind)) return button("Try again", "reset", again);
  if (kind === "invalidInput" && error.field !== undefined) return button(`Go to ${error.field}`, "chevron", () => form.focus(error.field));
  if (kind === "preconditionFailed") {
    return button("Commit on top of the branch", "branch", () => {
      form.fill({ parentCommit: undefined });
      again();
    });
  }
  if (resets(error)) return resetButton();
  if (kind === "notFound" && typeof params.repo === "string") return search(params.repo, services);
  return null;
}

function button(label, symbol, onClick) {
  return h("button.button.small", { type: "button", onClick }, icon(symbol), label);
}

/** A second click on "delete" or "create" meets what the first one did. */
function resets({ kind }) {
  const wrote = calls.some(({ steps }) => steps.some(({ method, status }) => method !== undefined && method !== "GET" && status < 300));
  return connection.mode === "local" && wrote && (kind === "notFound" || kind === "conflict");
}

const LISTS = { datasets: ["hub.listDatasets", "datasets"], spaces: ["hub.listSpaces", "Spaces"] };

/** Searches for what a mistyped id may have meant. */
function search(repo, services) {
  const [, kind, id] = /^(?:(datasets|spaces)\/)?(.*)$/.exec(repo);
  const [key, plural] = LISTS[kind] ?? ["hub.listModels", "models"];
  const words = id.slice(id.indexOf("/") + 1).split(/[-_.\s]/)[0];
  return button(`Search ${plural} for “${words}”`, "search", () => services.open(key, { search: words }));
}

function page(context, label, path) {
  const repo = context?.params.repo;
  return typeof repo === "string" ? link(`${connection.hubUrl}/${repo}${path}`, label) : null;
}

/** Opens when the limit does. */
function countdown(milliseconds, again) {
  const until = performance.now() + milliseconds;
  const own = h("button.button.small", { type: "button" });
  const show = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    own.setAttribute("aria-disabled", String(left > 0));
    own.replaceChildren(icon("reset"), left > 0 ? `Try again in ${left} s` : "Try again");
    if (left > 0 && (own.isConnected || left === Math.ceil(milliseconds / 1000))) setTimeout(show, 250);
  };
  own.addEventListener("click", () => {
    if (own.getAttribute("aria-disabled") !== "true") again();
  });
  show();
  return own;
}
