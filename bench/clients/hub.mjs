import { listModels, modelInfo } from "@huggingface/hub";

export function client(hubUrl) {
  const options = { hubUrl, accessToken: "hf_bench" };
  return {
    info: async () => (await modelInfo({ ...options, name: "acme/model" })).name,
    async list(total, onItem) {
      for await (const item of listModels({ ...options, search: { query: String(total) } })) onItem(item);
    },
  };
}
