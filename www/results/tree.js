// Files and folders as a tree; a file can be looked at or saved.

import { connection } from "../connection.js";
import { fill, h } from "../dom.js";
import { errorCard } from "../errors.js";
import { ago, size } from "../format.js";
import { icon } from "../icons.js";
import { showFile } from "../rendered/file.js";
import { walkPages } from "./pages.js";

export async function showTree(context, signal) {
  const root = h("ul.tree");
  const folders = new Map([["", root]]);
  const page = await context.call("listFiles", signal);
  const start = typeof context.params.path === "string" ? context.params.path.replace(/\/+$/, "") : "";
  folders.set(start, root);
  return walkPages(context, page, {
    noun: "item",
    list: root,
    show: (entries) => {
      for (const entry of entries) place(entry, folders, context);
    },
  });
}

function place(entry, folders, context) {
  const parent = folderOf(parentPath(entry.path), folders, context);
  if (entry.type === "directory") folderOf(entry.path, folders, context);
  else parent.append(file(entry, context));
}

/** The list of a folder; it is made where a file comes before its folder. */
function folderOf(path, folders, context) {
  if (folders.has(path)) return folders.get(path);
  const list = h("ul");
  const parent = folderOf(parentPath(path), folders, context);
  const inside = context.params.recursive === true ? null : h("button.button.small.quiet", { type: "button", onClick: () => context.services.open("hub.listFiles", { repo: context.params.repo, path }) }, "Open");
  parent.append(h("li", {}, h("details", { open: true }, h("summary", {}, icon("folder"), h("span.mono.grow", {}, nameOf(path)), inside), list)));
  folders.set(path, list);
  return list;
}

function parentPath(path) {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function nameOf(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

function file(entry, context) {
  const preview = h("div.preview", { hidden: true });
  const button = h("button.item-title.mono", { type: "button", "aria-expanded": "false" }, nameOf(entry.path));
  button.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    button.setAttribute("aria-expanded", String(!preview.hidden));
    if (!preview.hidden && preview.childElementCount === 0) void look(entry, context, preview);
  });
  return h("li", {},
    h("div.tree-row", {}, icon("file"), button,
      entry.lfs ? h("span.badge", { title: `sha256 ${entry.lfs.oid}` }, "LFS") : null,
      entry.lastCommit ? h("span.muted.tree-commit", {}, entry.lastCommit.title, " ", ago(entry.lastCommit.date)) : null,
      h("span.muted.tabular", {}, size(entry.size))),
    preview);
}

async function look(entry, context, preview) {
  fill(preview, h("p.muted", {}, `Reading ${size(entry.size)}…`));
  const { repo, revision } = context.params;
  const load = async (path) => (await connection.hub.downloadFile({ repo, path, ...(revision === undefined ? {} : { revision }) })).blob();
  try {
    const blob = await load(entry.path);
    const save = h("a.button.small", { href: URL.createObjectURL(blob), download: nameOf(entry.path) }, icon("down"), `Save, ${size(blob.size)}`);
    const content = h("div");
    await showFile(content, entry.path, blob, load);
    fill(preview, h("div.row", {}, save), content);
  } catch (error) {
    fill(preview, errorCard(error));
  }
}
