// The question whether a call may be made, with its two buttons.

import { fill, h, uniqueId } from "../dom.js";
import { code, jsonText } from "../highlight.js";
import { icon } from "../icons.js";

/** Shows the question in `place`; the promise is of the answer, which is no where the signal aborts. */
export function askForApproval(place, { sentence, params, rule }, signal) {
  if (signal.aborted) return Promise.resolve("the run was stopped");
  return new Promise((resolve) => {
    const id = uniqueId("approval");
    const before = document.activeElement;
    const asking = h(
      "div.approval",
      { role: "alertdialog", "aria-labelledby": id, "aria-describedby": `${id}-what`, tabindex: "-1" },
      h("p.approval-head", { id }, icon("person"), "It asks for your approval"),
      h("p.approval-what", { id: `${id}-what` }, sentence),
      h("details.fold", {}, h("summary", {}, icon("chevron"), `What it would send (asked by ${rule})`), code(jsonText(params))),
      h("div.row", {}, h("button.button.primary", { type: "button", onClick: () => answer(true) }, icon("check"), "Approve"), h("button.button", { type: "button", onClick: () => answer(false) }, icon("close"), "Decline")),
    );
    const onAbort = () => answer("the run was stopped");
    signal.addEventListener("abort", onAbort);

    function answer(given) {
      signal.removeEventListener("abort", onAbort);
      const hadFocus = place.contains(document.activeElement);
      fill(place);
      // The steps stay in view, also where the form is far above.
      if (hadFocus) before.focus({ preventScroll: true });
      resolve(given);
    }

    fill(place, asking);
    place.scrollIntoView({ block: "nearest" });
    // Whoever has gone elsewhere on the page keeps their place, and hears of it all the same.
    if (before === document.body || before.closest(".form .actions, .response") !== null) asking.focus({ preventScroll: true });
  });
}
