/** What a call does, in plain English, from the template of its endpoint. */

const LONGEST = 80;
/** What the items of a list are called. */
const ITEMS: Record<string, string> = { operations: "file", objects: "file", paths: "path", files: "file" };

/** `Commit 3 files to acme/x on main`, or `Committed …` if it is done. */
export function sentence(template: string, params: Record<string, unknown>, done: boolean): string {
  const [base = "", past = ""] = template.split("|", 2);
  const words = past.split(" ");
  const count = base.split(" ").length;
  const verb = done ? words.slice(0, count).join(" ") : base;
  const rest = words.slice(count).join(" ");
  const given = rest.replace(/\[([^\]]*)\]/g, (_, part: string) => (names(part).every((name) => isGiven(params[name])) ? part : ""));
  return `${verb} ${given.replace(/\{(\w+)\}/g, (_, name: string) => text(name, params[name]))}`.trim();
}

/** The same with a small letter, for a sentence that begins otherwise. */
export function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A repository as callers write it. */
export function designation(repo: unknown): string | undefined {
  if (typeof repo === "string") return repo;
  const { type, name } = Object(repo) as { type?: unknown; name?: unknown };
  if (typeof name !== "string" || typeof type !== "string") return undefined;
  const kind = type.replace(/s$/, "");
  return kind === "model" ? name : `${kind}s/${name}`;
}

function names(part: string): string[] {
  return [...part.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function text(name: string, value: unknown): string {
  if (!isGiven(value)) return name === "revision" ? "main" : `an unknown ${name}`;
  if (Array.isArray(value)) {
    const item = ITEMS[name] ?? name;
    if (value.length === 1 && typeof value[0] === "string") return short(value[0]);
    return `${value.length} ${item}${value.length === 1 ? "" : "s"}`;
  }
  if (typeof value === "object") return short(designation(value) ?? `an object`);
  if (name === "title") return `“${short(String(value))}”`;
  // A query may hold a right of its own.
  if (name === "url") return short(String(value).replace(/[?#].*$/s, "").replace(/\/\/[^/@]*@/, "//"));
  return short(String(value));
}

/** On one line, not too long, and without what makes a text look like another. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, "")}…` : line;
}
