/** Files and folders that a page is given: lists of inputs, handles, and what was dropped. */
import type { Blob, FileSystemDirectoryEntry, FileSystemDirectoryHandle, FileSystemEntry, FileSystemFileHandle } from "./types/platform.js";

/** A folder that a page may read: a handle, or what was dropped onto the page (`webkitGetAsEntry`). */
export type PageFolder = FileSystemDirectoryHandle | FileSystemDirectoryEntry;

/** A file or a folder that a page may read. */
export type PageItem = FileSystemFileHandle | FileSystemEntry | PageFolder;

/** @internal A file, with its path below what was given. */
export interface PageFile {
  path: string;
  open(): Promise<Blob>;
}

type Handle = { name: string } & ({ kind: "file"; getFile(): Promise<Blob> } | { kind: "directory"; values(): AsyncIterable<Handle> });
type Dropped = { name: string } & (
  | { isFile: true; file(done: (file: Blob) => void, failed: (error: unknown) => void): void }
  | { isFile: false; createReader(): { readEntries(done: (entries: Dropped[]) => void, failed: (error: unknown) => void): void } }
);

/** @internal */
export function isPageItem(item: unknown): item is PageItem {
  const { kind, isFile, isDirectory } = Object(item) as { kind?: unknown; isFile?: unknown; isDirectory?: unknown };
  return kind === "file" || kind === "directory" || typeof isFile === "boolean" || typeof isDirectory === "boolean";
}

/** @internal The files of an item; `prefix` stands before their paths. */
export async function* filesIn(item: PageItem, prefix = ""): AsyncGenerator<PageFile> {
  const given = item as Handle | Dropped;
  const path = `${prefix}${given.name}`;
  if ("kind" in given ? given.kind === "file" : given.isFile) yield { path, open: () => blobOf(item) };
  else yield* filesBelow(item as PageFolder, `${path}/`);
}

/** @internal The files of a folder, in the order of their names, without its own. What git keeps is left out. */
export async function* filesBelow(folder: PageFolder, prefix = ""): AsyncGenerator<PageFile> {
  const children = (await childrenOf(folder as Handle | Dropped)).filter(({ name }) => name !== ".git");
  for (const child of children.sort((one, other) => (one.name < other.name ? -1 : 1))) yield* filesIn(child as PageItem, prefix);
}

/** @internal */
export function blobOf(item: PageItem): Promise<Blob> {
  const given = item as Handle | Dropped;
  if ("kind" in given) return (given as Handle & { kind: "file" }).getFile();
  return new Promise((resolve, reject) => (given as Dropped & { isFile: true }).file(resolve, reject));
}

async function childrenOf(folder: Handle | Dropped): Promise<(Handle | Dropped)[]> {
  const children: (Handle | Dropped)[] = [];
  if ("kind" in folder) {
    for await (const child of (folder as Handle & { kind: "directory" }).values()) children.push(child);
    return children;
  }
  const reader = (folder as Dropped & { isFile: false }).createReader();
  for (;;) {
    // A browser gives a hundred at a time.
    const more = await new Promise<Dropped[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) return children;
    children.push(...more);
  }
}
