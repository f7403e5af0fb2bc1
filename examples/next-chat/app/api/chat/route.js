// The model's words as a stream of text. The token stays on this server, in HF_TOKEN.

import { InferenceRouter } from "hf-wasm";

const router = new InferenceRouter();
const model = process.env.MODEL ?? "openai/gpt-oss-20b:fastest";

export async function POST(request) {
  const { messages: said } = await request.json();
  const messages = said.filter(({ role }) => role !== "error").map(({ role, content }) => ({ role, content }));
  // Somebody who closes the page ends the request to the model, too.
  const chunks = router.chatCompletionStream({ model, messages }, { signal: request.signal });
  try {
    const first = await chunks.next(); // what fails before the first word has a status
    return new Response(ReadableStream.from(words(first, chunks)).pipeThrough(new TextEncoderStream()), {
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  } catch (error) {
    return new Response([error.message, error.advice].filter(Boolean).join(" "), { status: error.status ?? 502 });
  }
}

async function* words(first, rest) {
  if (!first.done) yield first.value.choices[0]?.delta.content ?? "";
  for await (const { choices } of rest) yield choices[0]?.delta.content ?? "";
}
