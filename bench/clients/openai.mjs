import OpenAI from "openai";

export function client(origin) {
  const openai = new OpenAI({ apiKey: "hf_bench", baseURL: `${origin}/v1`, dangerouslyAllowBrowser: true });
  const messages = [{ role: "user", content: "Hello?" }];
  return {
    chat: async () => (await openai.chat.completions.create({ model: "acme/chat", messages })).choices[0].message.content,
    async stream(model, onChunk) {
      for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) onChunk(chunk);
    },
  };
}
