// The image that was drawn.

import { h } from "../dom.js";
import { size } from "../format.js";
import { icon } from "../icons.js";

let address = null;

export function imageView(blob, { params }) {
  if (address !== null) URL.revokeObjectURL(address);
  address = URL.createObjectURL(blob);
  const measure = h("span", {}, "");
  const image = h("img", { src: address, alt: params.inputs });
  image.addEventListener("load", () => measure.append(`${image.naturalWidth} × ${image.naturalHeight}, `));
  const name = `image.${blob.type.split("/")[1] ?? "bin"}`;
  return h("figure.picture", {}, image,
    h("figcaption", {}, h("span.grow", {}, h("strong", {}, params.inputs), h("br"), h("span.muted", {}, measure, `${blob.type}, ${size(blob.size)}`)),
      h("a.button.small", { href: address, download: name }, icon("down"), "Save")));
}
