/** Which files of a folder are uploaded, by patterns in the syntax of `.gitignore`. */

export interface FolderPatterns {
  /** What to leave out, in the syntax of `.gitignore`, beside what a `.gitignore` in the folder leaves out. */
  ignorePatterns?: string | readonly string[] | undefined;
  /** Only these, in the same syntax. */
  allowPatterns?: string | readonly string[] | undefined;
}

/** @internal What says of a path, which ends with a slash if it is a folder's, whether it may hold what is wanted. */
export async function chooser(own: string, { ignorePatterns = [], allowPatterns }: FolderPatterns): Promise<(path: string) => boolean> {
  const isNever = (path: string) => path.split("/").includes(".git") || path.startsWith(".cache/huggingface/");
  const given = list(ignorePatterns);
  if (!own && given.length === 0 && allowPatterns === undefined) return (path) => !isNever(path);
  const { default: ignore } = await import("ignore");
  // As git does where file names differ by case.
  const create = () => ignore({ ignorecase: false });
  const ignored = create().add(own).add([...given]);
  const allowed = allowPatterns === undefined ? undefined : create().add([...list(allowPatterns)]);
  return (path) => !isNever(path) && !ignored.ignores(path) && (path.endsWith("/") || !allowed || allowed.ignores(path));
}

function list(given: string | readonly string[]): readonly string[] {
  return typeof given === "string" ? [given] : given;
}
