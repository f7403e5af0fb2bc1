/** What comes of a call, as text that a model can work with. */
import { isBlob } from "../body.js";
import { HfError } from "../errors.js";

interface Text {
  text: string;
  isShortened: boolean;
}

/** Where parts of files begin in them. */
const starts = new WeakMap<Blob, number>();

/** How many items of a list and how many characters of a text are left, the most first. */
const STEPS = [
  [100, 4000],
  [50, 1000],
  [20, 400],
  [10, 200],
  [5, 100],
  [3, 50],
] as const;

/** A value as text of at most so many characters, apart from what says that it was shortened. */
export async function asText(value: unknown, most: number): Promise<Text> {
  if (value === undefined || value === null) return { text: "Done.", isShortened: false };
  if (isBlob(value)) return await ofBlob(value, most);
  if (typeof value === "string") return ofText(value, most);
  const whole = JSON.stringify(value) ?? String(value);
  if (whole.length <= most) return { text: whole, isShortened: false };
  const note = `\n\n[Shortened: the whole has ${whole.length} characters. Ask for less, or for what is missing.]`;
  const plain: unknown = JSON.parse(whole);
  for (const [items, letters] of STEPS) {
    const text = JSON.stringify(shortened(plain, items, letters));
    if (text.length <= most) return { text: text + note, isShortened: true };
  }
  return { text: cut(whole, most) + note, isShortened: true };
}

function ofText(text: string, most: number): Text {
  if (text.length <= most) return { text, isShortened: false };
  return { text: `${cut(text, most)}\n\n[Shortened: ${text.length - most} of ${text.length} characters are left out.]`, isShortened: true };
}

/** Notes where in its file a part begins, so that a model can ask for what follows it. */
export function partOf(blob: unknown, start: number): void {
  if (isBlob(blob)) starts.set(blob, start);
}

/** A file: as text where it is text, else what it is. Of a large one only the beginning is read. */
async function ofBlob(blob: Blob, most: number): Promise<Text> {
  // A character has at most four bytes.
  const head = new Uint8Array(await blob.slice(0, 4 * most).arrayBuffer());
  const isWhole = head.length === blob.size;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: !isWhole });
  } catch {
    text = "\0";
  }
  if (text.includes("\0")) return { text: `[${blob.type || "binary data"}, ${blob.size} bytes, not shown]`, isShortened: true };
  if (isWhole && text.length <= most) return { text, isShortened: false };
  const shown = cut(text, most);
  const start = starts.get(blob) ?? 0;
  const end = start + new TextEncoder().encode(shown).length;
  const note = `[Shortened: this is bytes ${start} to ${end} of ${start + blob.size}. Ask for a range that starts at ${end} to read on.]`;
  return { text: `${shown}\n\n${note}`, isShortened: true };
}

/** The same JSON with shorter lists, objects and texts, which say what is left out. */
function shortened(value: unknown, items: number, letters: number): unknown {
  if (typeof value === "string") return value.length > letters ? `${cut(value, letters)}… (${value.length - letters} more characters)` : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const first = value.slice(0, items).map((item) => shortened(item, items, letters));
    return value.length > items ? [...first, `… (${value.length - items} more)`] : first;
  }
  const properties = Object.entries(value);
  const first = properties.slice(0, items).map(([name, property]): [string, unknown] => [name, shortened(property, items, letters)]);
  return Object.fromEntries(properties.length > items ? [...first, ["…", `${properties.length - items} more properties`]] : first);
}

/** The first characters, without half a surrogate pair. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

/** An error for a model: what went wrong, and what to do about it. */
export function explained(error: unknown): string {
  if (!(error instanceof HfError)) return ended(`It failed: ${messageOf(error)}`);
  const { kind, message, advice, pending, retryAfter } = error;
  const parts = [message];
  if (pending !== undefined) parts.push("It was not done, and waits for a person's approval. Go on with what does not depend on it, or say that it waits.");
  else if (kind === "policy") parts.push("Nothing was sent. Do not try it by another way: go on without it, or say that it is not allowed.");
  else if (advice !== undefined) parts.push(advice);
  if (retryAfter !== undefined && pending === undefined) parts.push(`It may be tried again in ${Math.ceil(retryAfter / 1000)} seconds.`);
  return parts.map(ended).join(" ");
}

/** What was thrown, which may be anything, in words. */
export function messageOf(error: unknown): string {
  try {
    return String((error as Error | null | undefined)?.message ?? error);
  } catch {
    return "an unknown error";
  }
}

/** With a full stop. */
function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
