// The code of a form, always in sight: in four languages, as one types.

import { copyButton } from "../copy.js";
import { fill, h } from "../dom.js";
import { code } from "../highlight.js";
import { createTabs } from "../tabs.js";
import { curlOf } from "./curl.js";
import { javascript, typescript } from "./javascript.js";
import { python } from "./python.js";
import { requestOf } from "./request.js";

/** `program(endpoint, values, streams, request)`; `asks` where it needs the request that the package would make. */
const LANGUAGES = {
  JavaScript: { program: javascript },
  TypeScript: { program: typescript },
  curl: { program: (_endpoint, _values, _streams, request) => (request === null ? "# Fill in what is required." : curlOf(request)), asks: true },
  Python: { program: python, asks: true },
};
/** Milliseconds of rest after which a request is made anew. */
const REST = 120;

let chosen = "JavaScript";

/** `{ element, refresh }` */
export function createCode(endpoint, form) {
  const pages = Object.keys(LANGUAGES).map((name) => [name, h("div.code-page", { tabindex: "-1" })]);
  let text = "";
  let turn = 0;
  const tabs = createTabs("Language", pages, (name) => {
    chosen = name;
    refresh();
  });
  const copy = copyButton(() => text);

  function refresh() {
    turn += 1;
    const mine = turn;
    if (tabs.shown() !== chosen) tabs.show(chosen);
    const { program, asks } = LANGUAGES[chosen];
    const [values, streams] = [form.read(), form.streams()];
    if (asks) setTimeout(() => void ask(mine, program, values, streams), REST);
    else show(program(endpoint, values, streams));
  }

  async function ask(mine, program, values, streams) {
    if (mine !== turn) return;
    const request = await requestOf(endpoint, values, streams).catch(() => null);
    if (mine === turn) show(program(endpoint, values, streams, request));
  }

  function show(program) {
    text = program;
    fill(pages.find(([name]) => name === chosen)[1], code(program));
  }

  tabs.show(chosen);
  const element = h("section.source", { "aria-label": "Code" }, h("div.response-head", {}, tabs.list, copy), pages.map(([, page]) => page));
  return { element, refresh };
}
