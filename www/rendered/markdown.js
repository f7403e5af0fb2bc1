// Markdown as elements. `marked` makes HTML of it, DOMPurify makes elements of that and leaves out all that could run,
// load or look like a part of this page. Both are loaded when something is shown.

import { fill, h, webAddress } from "../dom.js";
import { icon } from "../icons.js";

const ALLOWED = {
  ALLOWED_TAGS: ["a", "b", "blockquote", "br", "code", "del", "details", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"],
  ALLOWED_ATTR: ["href", "src", "alt", "title", "align", "colspan", "rowspan", "start", "type", "checked", "disabled"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/**
 * Shows markdown in an element. `load(path)` gives a file of the same repository as a Blob, for its pictures; those of
 * other services stay links, so that nobody learns who reads.
 */
export async function showMarkdown(element, text, { load } = {}) {
  const [{ marked }, { default: purify }] = await Promise.all([import("marked"), import("dompurify")]);
  const { front, body } = parts(text);
  const fragment = purify.sanitize(marked.parse(body, { gfm: true, async: false }), ALLOWED);
  for (const anchor of fragment.querySelectorAll("a")) mendLink(anchor);
  for (const box of fragment.querySelectorAll("input")) if (box.type !== "checkbox") box.remove();
  for (const box of fragment.querySelectorAll("input")) box.setAttribute("aria-label", box.parentElement.textContent.trim().slice(0, 80) || "task");
  for (const heading of fragment.querySelectorAll("h1, h2, h3, h4, h5, h6")) heading.replaceWith(lower(heading));
  for (const table of fragment.querySelectorAll("table")) table.replaceWith(h("div.table-box", { tabindex: "0", role: "region", "aria-label": "Table" }, table.cloneNode(true)));
  for (const block of fragment.querySelectorAll("pre")) block.setAttribute("tabindex", "0");
  for (const image of fragment.querySelectorAll("img")) void mendImage(image, load);
  fill(element, front === null ? null : h("details.fold", {}, h("summary", {}, icon("chevron"), "Metadata"), h("pre.code", { tabindex: "0" }, front)), h("div.markdown", {}, fragment));
}

/** The YAML at the head of a card, and the rest. */
function parts(text) {
  const found = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(text);
  return found === null ? { front: null, body: text } : { front: found[1], body: text.slice(found[0].length) };
}

/** Headings of a card stand below those of the page. */
function lower(heading) {
  const level = Math.min(6, Number(heading.tagName.slice(1)) + 2);
  const made = h(`h${level}`);
  made.append(...heading.childNodes);
  return made;
}

function mendLink(anchor) {
  const address = webAddress(anchor.getAttribute("href"));
  if (address === null) {
    anchor.removeAttribute("href");
    return;
  }
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
}

async function mendImage(image, load) {
  const source = image.getAttribute("src") ?? "";
  image.removeAttribute("src");
  const name = image.getAttribute("alt") || "image";
  const address = webAddress(source);
  if (address !== null || load === undefined || /^[a-z]+:/i.test(source)) {
    image.replaceWith(address === null ? h("span.muted", {}, `[${name}]`) : h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, icon("image"), ` ${name}`));
    return;
  }
  try {
    const blob = await load(decodeURIComponent(source.replace(/^\.?\//, "")));
    image.setAttribute("src", URL.createObjectURL(blob));
    image.setAttribute("alt", name);
  } catch {
    image.replaceWith(h("span.muted", {}, `[${name}]`));
  }
}
