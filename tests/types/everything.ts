// All that the package declares, without a word of the platform. Never run: `package.test.mjs` compiles it.

import { Hub, init, InferenceRouter, raw } from "hf-wasm";
import wasm, { kernels } from "hf-wasm/inline";

export async function everything(): Promise<unknown> {
  await init(wasm);
  await init({ default: wasm, kernels });
  const [hub, router] = [new Hub(), new InferenceRouter()];
  const info = await hub.modelInfo({ repo: "a/b" });
  for await (const chunk of router.chatCompletionStream({ model: "a/b", messages: [] })) chunk.id satisfies string;
  return raw(info).novelty;
}
