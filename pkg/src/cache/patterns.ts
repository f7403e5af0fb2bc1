/** Patterns of paths, as the Python library reads them: `*` and `?` match a slash too, and a folder is all that it holds. */

export type Patterns = string | readonly string[] | undefined;

/** Says whether a path is wanted. */
export function wanted(allow: Patterns, ignore: Patterns): (path: string) => boolean {
  const [allowed, ignored] = [compiled(allow), compiled(ignore)];
  return (path) => (allow === undefined || allowed.some((pattern) => pattern.test(path))) && !ignored.some((pattern) => pattern.test(path));
}

function compiled(patterns: Patterns): RegExp[] {
  const list = typeof patterns === "string" ? [patterns] : (patterns ?? []);
  return list.map((pattern) => expression(pattern.replaceAll("\\", "/").replace(/\/$/, "/*")));
}

function expression(pattern: string): RegExp {
  // A class in brackets, or one character.
  const source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (char, not: string | undefined, inner: string | undefined) => {
    if (inner !== undefined) return `[${not ? "^" : ""}${inner.replace(/[\\\]^]/g, "\\$&")}]`;
    if (char === "*") return "[\\s\\S]*";
    if (char === "?") return "[\\s\\S]";
    return char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "u");
}
