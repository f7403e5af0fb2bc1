/** Small files in the origin private file system, each whole or not at all, and locks that all tabs and workers heed. */

const ROOT = "hf-wasm";

type Names = readonly string[];

/** A file handle, in engines where only workers write. */
interface Handle extends FileSystemFileHandle {
  createSyncAccessHandle?(): Promise<{ truncate(size: number): void; write(bytes: Uint8Array): number; flush(): void; close(): void }>;
}

/** A folder of the cache; undefined where it does not exist, unless it is to be made. */
export async function folder(names: Names, create: true): Promise<FileSystemDirectoryHandle>;
export async function folder(names: Names, create?: false): Promise<FileSystemDirectoryHandle | undefined>;
export async function folder(names: Names, create = false): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    let at = await navigator.storage.getDirectory();
    for (const name of [ROOT, ...names]) at = await at.getDirectoryHandle(name, { create });
    return at;
  } catch (error) {
    return absent(error);
  }
}

/** What a folder holds. */
export async function entries(names: Names): Promise<[name: string, handle: FileSystemHandle][]> {
  const at = await folder(names);
  if (!at) return [];
  const found: [string, FileSystemHandle][] = [];
  for await (const entry of at as unknown as AsyncIterable<[string, FileSystemHandle]>) found.push(entry);
  return found;
}

export async function read(names: Names): Promise<File | undefined> {
  try {
    const at = await folder(names.slice(0, -1));
    return await (await at?.getFileHandle(names.at(-1) as string))?.getFile();
  } catch (error) {
    return absent(error);
  }
}

/** Writes a file, which has its new content when all of that is there. */
export async function write(names: Names, content: Uint8Array<ArrayBuffer> | string): Promise<void> {
  const at = await folder(names.slice(0, -1), true);
  const handle = (await at.getFileHandle(names.at(-1) as string, { create: true })) as Handle;
  if (typeof handle.createWritable === "function") {
    const writable = await handle.createWritable();
    try {
      await writable.write(content);
    } catch (error) {
      await writable.abort().catch(() => {});
      throw error;
    }
    return writable.close();
  }
  if (!handle.createSyncAccessHandle) throw new TypeError("this browser writes to its private file system in workers only");
  const access = await handle.createSyncAccessHandle();
  try {
    access.truncate(0);
    access.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
    access.flush();
  } finally {
    access.close();
  }
}

export async function readJson<T>(names: Names): Promise<T | undefined> {
  try {
    return JSON.parse((await (await read(names))?.text()) ?? "") as T;
  } catch {
    // What cannot be read is as if it were not there.
    return undefined;
  }
}

/** Removes a file, or a folder with all that it holds. */
export async function remove(names: Names): Promise<void> {
  try {
    const at = names.length === 0 ? await navigator.storage.getDirectory() : await folder(names.slice(0, -1));
    await at?.removeEntry(names.at(-1) ?? ROOT, { recursive: true });
  } catch (error) {
    absent(error);
  }
}

/** Lets one tab or worker of the origin at a time do something. */
export async function locked<T>(name: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  return (await navigator.locks.request(`${ROOT} ${name}`, signal ? { signal } : {}, run)) as T;
}

/** Does something unless somebody else is at it. */
export async function unlessLocked(name: string, run: () => Promise<void>): Promise<boolean> {
  return await navigator.locks.request(`${ROOT} ${name}`, { ifAvailable: true }, async (lock) => {
    if (lock) await run();
    return lock !== null;
  });
}

function absent(error: unknown): undefined {
  const name = (error as { name?: unknown } | undefined)?.name;
  if (name !== "NotFoundError" && name !== "TypeMismatchError") throw error;
  return undefined;
}
