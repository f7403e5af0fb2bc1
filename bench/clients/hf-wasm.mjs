import { Hub, InferenceRouter } from "hf-wasm";

export function client(endpoint) {
  const hub = new Hub({ endpoint, token: "hf_bench" });
  const router = new InferenceRouter({ endpoint, token: "hf_bench" });
  const messages = [{ role: "user", content: "Hello?" }];
  return {
    info: async () => (await hub.modelInfo({ repo: "acme/model" })).id,
    async list(total, onItem) {
      for await (const item of hub.listModels({ search: String(total) })) onItem(item);
    },
    chat: async () => (await router.chatCompletion({ model: "acme/chat", messages })).choices[0].message.content,
    async stream(model, onChunk) {
      for await (const chunk of router.chatCompletionStream({ model, messages })) onChunk(chunk);
    },
  };
}
