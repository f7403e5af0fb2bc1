// How alike the texts are: cosine similarities as a heat map, and the vectors as strips.

import { h } from "../dom.js";
import { many } from "../format.js";

/** This many dimensions of a vector are drawn. */
const DRAWN = 384;
/** From here on two texts count as alike. */
const ALIKE = 0.7;

export function similarityView(answer, { params }) {
  const texts = [params.inputs].flat();
  const vectors = vectorsOf(answer, texts.length);
  const named = vectors.map((vector, index) => ({ vector, text: texts[index] ?? `vector ${index + 1}` }));
  return h("div.stack", {}, h("p.muted", {}, `${many(vectors.length, "vector")} of ${many(vectors[0]?.length ?? 0, "dimension")}`), named.length > 1 ? heatMap(named) : null, strips(named));
}

/** One vector a text, whatever the nesting: tokens are averaged. */
function vectorsOf(answer, texts) {
  if (typeof answer[0] === "number") return [answer];
  if (texts === 1 && answer.length === 1 && typeof answer[0][0] === "number") return answer;
  return answer.map((one) => (typeof one[0] === "number" ? one : mean(typeof one[0][0] === "number" ? one : one[0])));
}

function mean(vectors) {
  return vectors[0].map((_, index) => vectors.reduce((sum, vector) => sum + vector[index], 0) / vectors.length);
}

function heatMap(named) {
  const cell = (row, column) => {
    const value = cosine(row.vector, column.vector);
    const element = h("td", { title: `${row.text} / ${column.text}` }, value.toFixed(2));
    element.style.setProperty("--heat", `${heat(value)}%`);
    if (value >= ALIKE) element.classList.add("hot");
    return element;
  };
  return h("div.table-box", {}, h("table.heat", {},
    h("caption", {}, "Cosine similarity, 1 means the same direction"),
    h("thead", {}, h("tr", {}, h("td"), named.map((_, index) => h("th", { scope: "col" }, index + 1)))),
    h("tbody", {}, named.map((row, index) => h("tr", {}, h("th", { scope: "row" }, h("span.number", {}, index + 1), h("span", {}, row.text)), named.map((column) => cell(row, column)))))));
}

/** Share of the accent colour. Between the two ranges no text colour could be read. */
function heat(value) {
  if (value >= ALIKE) return Math.round(88 + ((value - ALIKE) / (1 - ALIKE)) * 12);
  return Math.round((Math.max(0, value) / ALIKE) * 52);
}

function cosine(left, right) {
  let dot = 0;
  let a = 0;
  let b = 0;
  for (let index = 0; index < left.length; index += 1) {
    dot += left[index] * right[index];
    a += left[index] ** 2;
    b += right[index] ** 2;
  }
  return a === 0 || b === 0 ? 0 : dot / Math.sqrt(a * b);
}

function strips(named) {
  return h("section", {}, h("h4", {}, "The vectors"), named.map(({ vector, text }, index) =>
    h("figure.strip", {}, strip(vector), h("figcaption.muted", {}, `${index + 1}. ${text}`))));
}

/** A bar for each of the first dimensions, up for positive and down for negative values. */
function strip(vector) {
  const values = vector.slice(0, DRAWN);
  const largest = Math.max(...values.map(Math.abs)) || 1;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${values.length} 24`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `The first ${values.length} of ${vector.length} dimensions`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", values.map((value, index) => `M${index + 0.5} 12V${(12 - (value / largest) * 11).toFixed(2)}`).join(""));
  svg.append(path);
  return svg;
}
