/** What can be uploaded, and how its content is read when its turn comes. */
import { spool } from "#load";
import { isHubFile } from "./body.js";
import type { FileToUpload, UploadContent, UploadFolderParams } from "./changes.js";
import type { CallOptions } from "./client.js";
import { chooser } from "./folder-patterns.js";
import { blobOf, filesBelow, filesIn, isPageItem, type PageFile, type PageFolder } from "./page-files.js";
import { serializeError } from "./serialize-error.js";
import type { Spooled } from "./spool/web.js";
import type { FileContent } from "./types/commit.js";
import type { AsyncBytes, File, ReadableStream } from "./types/platform.js";
import { type Entry, invalid } from "./upload.js";

/** The files of a list. One that is a folder stands for all that is in it. */
export async function entriesOf(field: string, files: Iterable<FileToUpload>, options: CallOptions | undefined): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [at, file] of [...listed(field, files)].entries()) {
    if (isPageItem(file)) for await (const one of filesIn(file)) entries.push(ofPage(`${field}[${at}]`, one));
    else entries.push(entryOf(`${field}[${at}]`, file, options));
  }
  return entries;
}

/** One file. */
export function entryOf(field: string, file: FileToUpload, options: CallOptions | undefined): Entry {
  if (typeof file !== "object" || file === null) throw invalid(field, "must be a File, or an object with path and content");
  if (isPageItem(file)) return ofPage(field, { path: (file as { name: string }).name, open: () => blobOf(file) });
  const { path, content } = "content" in file ? file : { path: pathOf(file), content: file };
  return { path, field, open: () => contentOf(content, `${field}.content`, options) };
}

/** The files of a folder that a page was given, less what its patterns leave out. */
export async function entriesBelow({ folder, pathInRepo = "", ignorePatterns, allowPatterns }: UploadFolderParams): Promise<Entry[]> {
  const files: PageFile[] = [];
  if (isPageItem(folder)) for await (const file of filesBelow(folder as PageFolder)) files.push(file);
  else {
    for (const file of listed("folder", folder as Iterable<File>)) {
      // The first name is that of the folder.
      files.push({ path: pathOf(file).replace(/^[^/]*\//, ""), open: async () => file });
    }
  }
  const own = files.find(({ path }) => path === ".gitignore");
  const isWanted = await chooser(own ? await ((await own.open()) as Blob).text() : "", { ignorePatterns, allowPatterns });
  const prefix = pathInRepo.replace(/\/*$/, pathInRepo ? "/" : "");
  const wanted = files.filter(({ path }) => isWanted(path));
  if (wanted.length === 0) throw invalid("folder", "holds no file to upload");
  return wanted.map(({ path, open }) => ofPage(`folder ${JSON.stringify(path)}`, { path: `${prefix}${path}`, open }));
}

function ofPage(field: string, { path, open }: PageFile): Entry {
  return { path, field, open: async () => ({ content: await open(), release: async () => {} }) };
}

/** Where a file was in the folder that was chosen, or its name. */
function pathOf(file: File): string {
  const { webkitRelativePath, name } = file as { webkitRelativePath?: string; name: string };
  return webkitRelativePath || name;
}

function listed<T>(field: string, given: Iterable<T>): Iterable<T> {
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) throw invalid(field, "must be a list");
  return given;
}

/** The content as a commit takes it: what can be read only once is read into what can be read again. */
export async function contentOf(content: UploadContent, field: string, options: CallOptions | undefined): Promise<Spooled> {
  const signal = options?.signal as AbortSignal | undefined;
  if (content instanceof globalThis.URL) {
    const { fileAt } = await spool();
    if (content.protocol === "file:" && fileAt) {
      return fileAt(content, signal).catch((error: unknown) => {
        throw invalid(field, `is a file that cannot be read: ${serializeError(error).message}`);
      });
    }
    if (!/^https?:$/.test(content.protocol)) throw invalid(field, `must be an http(s)${fileAt ? " or file" : ""} URL`);
    const { again = (url: URL) => fetch(url, { signal: signal ?? null }) } = await spool();
    const found = await again(content, signal);
    return found instanceof globalThis.Response ? contentOf(found, field, options) : { content: found as unknown as FileContent, release: async () => {} };
  }
  if (content instanceof globalThis.Response) {
    if (!content.ok) {
      await content.body?.cancel().catch(() => {});
      throw invalid(field, `is a response with the status ${content.status}`);
    }
    return (await spool()).spool(content.body ?? new Blob([]).stream(), signal);
  }
  if (isPageItem(content)) return { content: await blobOf(content), release: async () => {} };
  if (typeof content === "object" && content !== null && (Symbol.asyncIterator in content || "getReader" in content)) {
    return (await spool()).spool(content as AsyncBytes | ReadableStream, signal);
  }
  if (isHubFile(content)) {
    const { spool: keep, Reread } = await spool();
    if (!Reread) return keep(content.stream(), signal);
    return { content: new Reread(content) as unknown as FileContent, release: async () => {} };
  }
  return { content: content as FileContent, release: async () => {} };
}
