// The changes of a commit: files and folders that are dropped or picked, texts that are written or edited, files that
// are deleted or renamed; each with its difference from the branch.

import { connection } from "../connection.js";
import { add, fill, h } from "../dom.js";
import { errorCard } from "../errors.js";
import { size } from "../format.js";
import { icon } from "../icons.js";
import { showDiff } from "../rendered/diff.js";
import { onDrop, pickedFiles } from "./dropped.js";

const LABELS = { addOrUpdate: ["write", "good"], delete: ["delete", "bad"], rename: ["rename", "accent"], copy: ["copy", "accent"] };

/** `siblings.read(name)` gives the value of another parameter: the repository and its revision. */
export function operationsEditor(id, siblings) {
  let changes = [];
  const list = h("ul.turns", { "aria-label": "Changes" });
  const files = h("input", { type: "file", multiple: true, hidden: true, id: `${id}-files`, "data-local": "" });
  const folder = h("input", { type: "file", webkitdirectory: true, hidden: true, "data-local": "" });
  const branch = h("div", { hidden: true });
  const drop = h("div.drop", {},
    h("p", {}, icon("down"), " Drop files or folders anywhere on the page"),
    h("div.row", {},
      h("button.button.small", { type: "button", onClick: () => files.click() }, icon("file"), "Add files"),
      h("button.button.small", { type: "button", onClick: () => folder.click() }, icon("folder"), "Add a folder"),
      h("button.button.small", { type: "button", onClick: () => append({ operation: "addOrUpdate", path: "", content: "" }) }, icon("plus"), "New text file"),
      h("button.button.small", { type: "button", "aria-expanded": "false", onClick: browse }, icon("branch"), "From the branch")),
    files, folder);
  const element = h("div.stack.slim", {}, list, drop, branch);

  for (const picker of [files, folder]) {
    picker.addEventListener("change", () => {
      take(pickedFiles(picker.files));
      picker.value = "";
    });
  }
  onDrop(drop, take);

  function take(found) {
    const paths = new Set(found.map(({ path }) => path));
    changes = changes.filter((one) => !paths.has(one.read().path));
    changes.push(...found.map(({ path, file }) => change({ operation: "addOrUpdate", path, content: file })));
    show();
    tell();
  }

  function append(operation) {
    const made = change(operation);
    changes = [...changes.filter((one) => one.read().path !== operation.path || operation.path === ""), made];
    show();
    tell();
    made.target.focus();
  }

  function tell() {
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    fill(list, changes.map((one) => one.element));
  }

  /** Lists the files of the branch, to edit, rename or delete. */
  async function browse(event) {
    const button = event.currentTarget;
    branch.hidden = !branch.hidden;
    button.setAttribute("aria-expanded", String(!branch.hidden));
    if (branch.hidden) return;
    fill(branch, h("p.muted", {}, "Reading the branch…"));
    try {
      const { items } = await connection.hub.listFiles({ ...source(), recursive: true });
      const found = items.filter(({ type }) => type === "file");
      fill(branch, found.length === 0 ? h("p.muted", {}, "The branch has no files.") : h("ul.branch-files", { tabindex: "0", "aria-label": "Files of the branch" }, found.map(branchFile)));
    } catch (error) {
      fill(branch, errorCard(error));
    }
  }

  function branchFile({ path, size: bytes, lfs }) {
    const act = (label, symbol, onClick) => h("button.icon-button", { type: "button", title: label, "aria-label": `${label} ${path}`, onClick }, icon(symbol));
    return h("li", {}, h("span.mono.grow", {}, path), h("span.muted.tabular", {}, size(bytes)),
      lfs || bytes > 500_000 ? null : act("Edit", "pencil", async () => append({ operation: "addOrUpdate", path, content: await textOf(path) })),
      act("Rename", "chevron", () => append({ operation: "rename", path, from: path })),
      act("Delete", "trash", () => append({ operation: "delete", path })));
  }

  function source() {
    const revision = siblings.read("revision");
    return { repo: siblings.read("repo"), ...(revision === undefined ? {} : { revision }) };
  }

  async function textOf(path) {
    const file = await connection.hub.downloadFile({ ...source(), path });
    return await file.text();
  }

  function change(operation) {
    const { operation: kind, content, from } = operation;
    const [label, look] = LABELS[kind];
    const path = h("input.input.mono", { type: "text", value: operation.path, "aria-label": kind === "rename" || kind === "copy" ? "New path" : "Path", placeholder: "path/in/the/repository", autocomplete: "off", spellcheck: "false" });
    const isText = typeof content === "string";
    const text = isText ? h("textarea.input.mono", { rows: 2, value: content, "aria-label": "Content", spellcheck: "false" }) : null;
    const diff = h("div.diff-box", { hidden: true });
    const compare = kind === "addOrUpdate" || kind === "delete" ? h("button.button.small.quiet", { type: "button", "aria-expanded": "false", onClick: toggleDiff }, icon("branch"), "Diff") : null;
    const read = () => ({ operation: kind, path: path.value.trim(), ...(from === undefined ? {} : { from }), ...(isText ? { content: text.value } : content === undefined ? {} : { content }) });
    const made = { read, target: path, element: null };
    const remove = h("button.icon-button", { type: "button", "aria-label": `Leave out ${operation.path || "the new file"}`, onClick: () => {
      changes = changes.filter((other) => other !== made);
      show();
      tell();
    } }, icon("close"));
    made.element = h("li.turn", {},
      h("div.turn-head", {}, h(`span.badge.${look}`, {}, label), path, content instanceof Blob ? h("span.muted.nowrap", {}, size(content.size)) : null, compare, remove),
      from === undefined ? null : h("p.hint", {}, "from ", h("code", {}, from)),
      text, diff);

    async function toggleDiff() {
      diff.hidden = !diff.hidden;
      compare.setAttribute("aria-expanded", String(!diff.hidden));
      if (diff.hidden) return;
      fill(diff, h("p.muted", {}, "Comparing…"));
      try {
        const now = read();
        const before = await textOf(now.path).catch((error) => (error.kind === "notFound" ? null : Promise.reject(error)));
        const after = now.operation === "delete" ? "" : isText ? now.content : await now.content.text();
        await showDiff(diff, now.path, before, after);
      } catch (error) {
        fill(diff);
        add(diff, [errorCard(error)]);
      }
    }
    return made;
  }

  return {
    element,
    get target() {
      return changes[0]?.target ?? drop.querySelector("button");
    },
    get() {
      const set = changes.map(({ read }) => read()).filter(({ path }) => path !== "");
      return set.length === 0 ? undefined : set;
    },
    set(value) {
      changes = (value ?? []).map(change);
      show();
    },
  };
}

/** Whether the editor can show all of these operations. */
export function areOperations(value) {
  return value === undefined || (Array.isArray(value) && value.every((one) => one?.operation in LABELS && typeof one.path === "string" && one.fromRevision === undefined));
}
