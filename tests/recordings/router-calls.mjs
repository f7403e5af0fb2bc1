// Which of our router calls an interaction belongs to.

const router = (name, reply, params, form = "json") => ({ on: "router", name, reply, params, form });

export function routerCall({ request, response }, path) {
  const isChat = path.endsWith("/chat/completions");
  if (!request.body) return isChat ? chat({}) : { passed: "the request's body was not recorded" };
  const body = JSON.parse(request.body);
  if (isChat && !body.messages) return { passed: "a request without `messages`, which is refused before it is sent" };
  if (body.messages) return chat(body);
  const model = /\/(?:models|feature-extraction)\/(.+)$/.exec(path)?.[1];
  return taskCall(model, body, response, path);
}

function chat({ stream, ...params }) {
  const call = { model: "acme/chat-7b", messages: [{ role: "user", content: "Hello" }], ...params };
  return stream
    ? router("chatCompletionStream", "ChatCompletionChunk", call, "events")
    : router("chatCompletion", "ChatCompletion", call);
}

/** Calls of `/hf-inference/models/{model}`: the response tells the task. */
function taskCall(model, { inputs, model: named, options: _, ...rest }, response, path) {
  const type = response.headers["content-type"] ?? "";
  if (type.startsWith("text/event-stream")) {
    // Text generation is not in the catalogue, but a stream that ends in an error reads the same for chat.
    return response.body.includes('"error"')
      ? chat({ stream: true, ...(named && { model: named }) })
      : { passed: "text generation" };
  }
  const texts = typeof inputs === "string" || Array.isArray(inputs);
  if (texts && type.startsWith("image/")) return router("textToImage", "Blob", { model, inputs, ...rest }, "bytes");
  if (texts && response.status === 404) return router("textToImage", "Blob", { model, inputs, ...rest }, "bytes");
  if (texts && (path.includes("/feature-extraction/") || isVectors(response))) {
    return router("featureExtraction", "Embeddings", { model, inputs, ...rest });
  }
  return { passed: "a task that the catalogue does not have" };
}

function isVectors({ status, body }) {
  if (status !== 200 || !/^\[+-?\d/.test(body)) return false;
  const numbers = (value) => (Array.isArray(value) ? value.every(numbers) : typeof value === "number");
  return numbers(JSON.parse(body));
}
