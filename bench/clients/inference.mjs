import { InferenceClient } from "@huggingface/inference";

export function client(origin) {
  const inference = new InferenceClient("hf_bench", { endpointUrl: `${origin}/v1/chat/completions` });
  const messages = [{ role: "user", content: "Hello?" }];
  return {
    chat: async () => (await inference.chatCompletion({ model: "acme/chat", messages })).choices[0].message.content,
    async stream(model, onChunk) {
      for await (const chunk of inference.chatCompletionStream({ model, messages })) onChunk(chunk);
    },
  };
}
