// Whether a page draws its frames while it hashes a large file: on this machine, and on one that is six times as slow.

const BYTES = 256 << 20;
const SLOWER = [1, 6];

export async function frames({ chromium }) {
  const rows = [];
  const goals = [];
  for (const slower of SLOWER) {
    const { idle, hashing, speed } = await chromium.frames(slower, BYTES);
    const what = slower === 1 ? "Chromium" : `Chromium, processor ${slower} times as slow`;
    rows.push([what, ...[idle, hashing].flatMap(({ rate, longest }) => [rate.toFixed(1), longest.toFixed(0)]), speed.toFixed(0)]);
    goals.push({ what: `${what}, frames while nothing runs over those while a file is hashed`, most: 1.05, here: idle.rate / hashing.rate });
  }
  return {
    title: "Frames of a page that hashes a Blob of 256 MiB",
    head: ["", "idle, frames a second", "longest, ms", "hashing, frames a second", "longest, ms", "MB a second"],
    rows,
    goals,
  };
}
