// Retrieval with embeddings: reads the model cards of the most downloaded models of a task, finds the passages that are
// nearest to your question, and lets a model respond from them, with the names of its sources.
//
// Run it:  HF_TOKEN=… node ask.mjs "Which model was trained on Wikipedia?" fill-mask
//
// EMBEDDER and MODEL name other models. HF_ENDPOINT and HF_INFERENCE_ENDPOINT name another Hub and router.

import { Hub, InferenceRouter, NotFoundError } from "hf-wasm";

const [question = "What is BERT?", task = "fill-mask"] = process.argv.slice(2);
const embedder = process.env.EMBEDDER ?? "sentence-transformers/all-MiniLM-L6-v2";
const model = process.env.MODEL ?? "openai/gpt-oss-20b:fastest";
const hub = new Hub();
const router = new InferenceRouter();

const { items } = await hub.listModels({ pipeline_tag: task, sort: "downloads", limit: 10 });
const passages = (await Promise.all(items.map(({ id }) => passagesOf(id)))).flat();
console.log(`${passages.length} passages of ${items.length} model cards`);

const vectors = await embed([question, ...passages.map(({ text }) => text)]);
const asked = vectors.shift();
const nearest = passages
  .map((passage, at) => ({ ...passage, score: cosine(asked, vectors[at]) }))
  .sort((one, other) => other.score - one.score)
  .slice(0, 3);
for (const { id, score } of nearest) console.log(score.toFixed(3), id);

const sources = nearest.map(({ id, text }) => `${id}:\n${text}`).join("\n\n");
const messages = [
  { role: "system", content: `Use these sources alone, and name them.\n\n${sources}` },
  { role: "user", content: question },
];
for await (const { choices } of router.chatCompletionStream({ model, messages })) {
  process.stdout.write(choices[0]?.delta.content ?? "");
}
console.log();

/** A model card in passages of some 800 characters, cut between paragraphs. */
async function passagesOf(id) {
  try {
    const card = await (await hub.downloadFile({ repo: id, path: "README.md" })).text();
    const passages = [""];
    for (const paragraph of card.replace(/^---\n.*?\n---\n/s, "").split(/\n\s*\n/)) {
      if (passages.at(-1).length + paragraph.length > 800) passages.push("");
      passages.push(`${passages.pop()}\n\n${paragraph.trim()}`);
    }
    return passages.slice(0, 10).map((text) => ({ id, text: text.trim().slice(0, 2000) }));
  } catch (error) {
    if (error instanceof NotFoundError) return []; // a model without a card
    throw error;
  }
}

/** One vector for each text, 32 texts a request. */
async function embed(texts) {
  const vectors = [];
  for (let at = 0; at < texts.length; at += 32) {
    vectors.push(...(await router.featureExtraction({ model: embedder, inputs: texts.slice(at, at + 32) })));
  }
  return vectors;
}

function cosine(a, b) {
  const dot = (x, y) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
