// A list, page by page, with a button for more.

import { fill, h } from "../dom.js";
import { count, many } from "../format.js";
import { errorCard } from "../errors.js";
import { icon } from "../icons.js";

/** `kind` is `{ item(value, context), noun }`. */
export async function showPages(context, kind, signal) {
  const list = h("ul.list");
  const page = await context.call(context.endpoint.name, signal);
  return walkPages(context, page, {
    noun: kind.noun,
    list,
    show: (items) => list.append(...items.map((item) => h("li", {}, kind.item(item, context)))),
  });
}

/** Shows the first page and offers the next ones; `show(items)` puts a page on the screen. */
export function walkPages(context, first, { noun, list, show }) {
  const { output, task, setRaw } = context;
  const all = [];
  const foot = h("div.list-foot");
  fill(output, list, foot);

  function take(page) {
    const before = list.children.length;
    all.push(...page.items);
    show(page.items);
    setRaw(all);
    const loaded = typeof page.total === "number" ? `${count(all.length)} of ${many(page.total, noun)}` : many(all.length, noun);
    const next = page.next === null || page.next === undefined ? null : moreButton(page, before);
    foot.toggleAttribute("data-empty", all.length === 0);
    fill(foot, all.length === 0 ? h("p.empty", {}, icon("search"), `No ${noun} matches. Change the parameters and run again.`) : h("span.muted", {}, next === null ? `All ${many(all.length, noun)}` : loaded), next);
    return `${loaded} loaded`;
  }

  function moreButton(page) {
    const button = h("button.button", { type: "button" }, icon("down"), "More");
    button.addEventListener("click", async () => {
      if (task.isRunning()) return;
      button.setAttribute("aria-disabled", "true");
      const shown = list.children.length;
      await task.run(
        async () => take(await page.next()),
        (error) => {
          foot.querySelector(".error-card")?.remove();
          foot.append(errorCard(error, { ...context, again: () => button.click() }));
        },
      );
      button.removeAttribute("aria-disabled");
      focusAfter(list, shown);
    });
    return button;
  }

  return take(first);
}

/** Leads the keyboard to the first new item. */
function focusAfter(list, index) {
  const target = list.children[index]?.querySelector("a, button, summary");
  target?.focus({ preventScroll: true });
}
