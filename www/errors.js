// A failure, with what is known of it and what to do.

import { connection } from "./connection.js";
import { h, prose } from "./dom.js";
import { icon } from "./icons.js";
import { resetButton } from "./reset.js";

export function errorCard(error) {
  const facts = [
    ["kind", error.kind],
    ["status", error.status],
    ["code", error.code],
    ["endpoint", error.endpoint],
    ["field", error.field],
    ["request", error.requestId],
  ].filter(([, value]) => value !== undefined && value !== null);
  return h(
    "div.error-card",
    {},
    h("h3", {}, icon("warn"), error.message || error.name || "The call failed"),
    typeof error.advice === "string" ? h("p", {}, prose(error.advice)) : null,
    h("dl.chips", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))),
    mayNeedReset(error) ? h("p.row", {}, "Already done once? The local Hub can start afresh.", resetButton()) : null,
  );
}

/** A second click on "delete" or "create" meets what the first one did. */
function mayNeedReset(error) {
  return connection.mode === "local" && (error.kind === "notFound" || error.kind === "conflict");
}
