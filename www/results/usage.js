// What inference cost, by month and session.

import { h } from "../dom.js";
import { count } from "../format.js";

const MONTH = new Intl.DateTimeFormat("en", { year: "numeric", month: "long", timeZone: "UTC" });

export function usageView({ currency, periods }) {
  const used = periods.filter(({ sessions }) => sessions.length > 0);
  if (used.length === 0) return h("p.muted", {}, "In this period, no session called a model.");
  const money = new Intl.NumberFormat("en", { style: "currency", currency, maximumFractionDigits: 6 });
  const row = ({ id, requestCount, costCents }) => h("tr", {},
    h("td.mono", {}, id),
    h("td.tabular", {}, count(requestCount)),
    h("td.tabular", {}, money.format(costCents / 100)));
  return h("div.stack", {}, used.map(({ period, sessions }) =>
    h("section", {}, h("h3", {}, MONTH.format(new Date(period))),
      h("div.table-box", {}, h("table", {},
        h("thead", {}, h("tr", {}, ["Session", "Requests", "Cost"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, sessions.map(row)))))));
}
