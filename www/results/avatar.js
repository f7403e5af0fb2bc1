// The initial of a name on a colour of its own. No picture is fetched.

import { h } from "../dom.js";

export function avatar(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  const element = h("span.avatar", { "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
  element.style.setProperty("--hue", String(sum));
  return element;
}
