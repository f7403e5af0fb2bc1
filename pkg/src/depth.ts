/** How deep JSON is, before it is parsed. */

const BACKSLASH = 0x5c;
/** What matters of a byte. A table costs a fraction of comparisons, where the code is not yet optimized. */
const KINDS = new Uint8Array(256);
const [QUOTE, OPEN, CLOSE] = [1, 2, 3];
for (const [chars, kind] of [['"', QUOTE], ["[{", OPEN], ["]}", CLOSE]] as const) {
  for (const char of chars) KINDS[char.charCodeAt(0)] = kind;
}

/** How many lists and objects stand within each other, at most. */
export function depth(bytes: Uint8Array): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < bytes.length; at++) {
    const kind = KINDS[bytes[at] as number];
    if (!kind) continue;
    if (kind === QUOTE) {
      for (at++; at < bytes.length && KINDS[bytes[at] as number] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (kind === CLOSE) {
      depth--;
    } else if (++depth > most) {
      most = depth;
    }
  }
  return most;
}
