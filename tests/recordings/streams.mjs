// Recorded streams: what they say, and the ways a network may cut them.

/** The JSON chunks of a recorded stream, and the message of the error that ends it. */
export function chunksOf(body) {
  const data = body
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim())
    .filter((text) => text !== "[DONE]")
    .map((text) => JSON.parse(text));
  const failed = data.findIndex((chunk) => chunk.error !== undefined);
  if (failed < 0) return { chunks: data, error: undefined };
  const { error } = data[failed];
  return { chunks: data.slice(0, failed), error: typeof error === "string" ? error : error.message };
}

/** The bytes whole, one by one, and in two pieces: cut everywhere if they are few, else at 200 places. */
export function splits(body) {
  const bytes = new TextEncoder().encode(body);
  const everywhere = [...bytes.keys()].slice(1);
  const step = Math.max(1, Math.floor(everywhere.length / 200));
  const cuts = bytes.length <= 600 ? everywhere : everywhere.filter((at) => at % step === 1 || step === 1);
  return [
    [bytes],
    [...bytes.keys()].map((at) => bytes.subarray(at, at + 1)),
    ...cuts.map((at) => [bytes.subarray(0, at), bytes.subarray(at)]),
  ];
}
