// Files and folders of this device as `{ path, file }`.

export function pickedFiles(files) {
  const found = [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  // What git keeps in a folder is no part of a commit.
  return found.filter(({ path }) => !path.split("/").includes(".git"));
}

/**
 * Takes what is dropped anywhere on the page while `zone` is part of it, which shows that it is ready: a browser would open
 * it, and leave the page.
 */
export function onDrop(zone, take) {
  const over = (is) => zone.toggleAttribute("data-over", is);
  const holds = (event) => zone.isConnected && [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget === null && over(false));
  addEventListener("drop", async (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    over(false);
    take(await droppedFiles(event.dataTransfer));
  });
}

/** What was dropped, folders with all that is in them. */
async function droppedFiles({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.some((entry) => entry === null)) return pickedFiles(files);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.name === ".git") return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = entry.createReader();
  const found = [];
  // Each read gives some of the entries, the last one none.
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
