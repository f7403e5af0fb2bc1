// The floor: what a program does by hand that knows its server and fears nothing.

export function client(origin) {
  const headers = { authorization: "Bearer hf_bench" };
  const post = (body) => {
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
    return fetch(`${origin}/v1/chat/completions`, init);
  };
  const messages = [{ role: "user", content: "Hello?" }];
  return {
    async info() {
      const response = await fetch(`${origin}/api/models/acme/model`, { headers });
      return JSON.parse(await response.text()).id;
    },
    async list(total, onItem) {
      let url = `${origin}/api/models?search=${total}`;
      while (url) {
        const response = await fetch(url, { headers });
        for (const item of JSON.parse(await response.text())) onItem(item);
        url = response.headers.get("link")?.match(/<([^>]*)>; rel="next"/)?.[1];
      }
    },
    async chat() {
      const response = await post({ model: "acme/chat", messages });
      return JSON.parse(await response.text()).choices[0].message.content;
    },
    async stream(model, onChunk) {
      const response = await post({ model, messages, stream: true });
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = event.slice("data: ".length);
          if (data !== "[DONE]") onChunk(JSON.parse(data));
        }
      }
    },
  };
}
