// Makes elements. Text only ever becomes text nodes: nothing here, or anywhere in this folder, parses HTML.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "open", "selected", "indeterminate", "files", "multiple", "required"]);

/** `h("p.note", { id: "x", onClick: run }, "text", child)`. */
export function h(selector, properties, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  if (isChild(properties)) children.unshift(properties);
  else apply(element, properties);
  add(element, children);
  return element;
}

/** Replaces everything in an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

function isChild(value) {
  return typeof value !== "object" || value instanceof Node || Array.isArray(value);
}

function apply(element, properties) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** A link to an address that a server named; plain text unless it is http(s). */
export function link(address, text = address) {
  const safe = webAddress(address);
  if (safe === null) return h("span", {}, text);
  return h("a.out", { href: safe, target: "_blank", rel: "noopener noreferrer" }, text);
}

export function webAddress(address) {
  if (typeof address !== "string") return null;
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** Text whose `code` stands between backticks. */
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part));
}

let counter = 0;

/** An id that no other element has. */
export function uniqueId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}
