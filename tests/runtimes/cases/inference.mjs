// The router: chat whole and streamed, models, embeddings, images.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect, patiently } from "../context.mjs";

const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Say hello to the suite." }] };
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

export const cases = [
  {
    name: "a chat is answered whole, with usage",
    async run({ router }) {
      const { choices, usage, object } = await router().chatCompletion({ ...chat, max_tokens: 200 });
      equal([object, choices[0].message.role, choices[0].finish_reason], ["chat.completion", "assistant", "stop"]);
      match(choices[0].message.content, /hello/);
      equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    },
  },
  {
    name: "model ids with a suffix pass through, and an organization pays",
    async run({ router, received }) {
      const requests = await received(async () => {
        for (const suffix of [":fastest", ":cheapest", ":hf-inference"]) {
          await router().chatCompletion({ ...chat, model: `emulator/echo${suffix}`, billTo: "acme" });
        }
      });
      equal(
        requests.map(({ billTo }) => billTo),
        ["acme", "acme", "acme"],
      );
    },
  },
  {
    name: "a streamed chat says the same as the whole, and ends with usage if asked",
    async run({ router }) {
      const whole = await router().chatCompletion(chat);
      const chunks = await collect(router().chatCompletionStream({ ...chat, stream_options: { include_usage: true } }));
      const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
      equal(text, whole.choices[0].message.content);
      ok(chunks.length > 5, `${chunks.length} chunks`);
      equal(chunks.at(-1).usage.total_tokens, whole.usage.total_tokens);
    },
  },
  {
    name: "a tool is called, whole and streamed, and its answer is taken up",
    async run({ router }) {
      const asked = {
        model: "emulator/echo",
        messages: [{ role: "user", content: "Weather in Oslo?" }],
        tools: [weather],
        tool_choice: "required",
      };
      const { choices } = await router().chatCompletion(asked);
      const [call] = choices[0].message.tool_calls;
      equal([choices[0].finish_reason, call.function.name], ["tool_calls", "get_weather"]);
      equal(typeof JSON.parse(call.function.arguments).city, "string");
      const deltas = (await collect(router().chatCompletionStream(asked))).flatMap(
        (chunk) => chunk.choices[0]?.delta.tool_calls ?? [],
      );
      equal(deltas.map((delta) => delta.function.arguments ?? "").join(""), call.function.arguments);
      equal(deltas[0].function.name, "get_weather");
      const messages = [
        ...asked.messages,
        choices[0].message,
        { role: "tool", tool_call_id: call.id, content: "12 degrees" },
      ];
      const after = await router().chatCompletion({ model: "emulator/echo", messages });
      match(after.choices[0].message.content, /12 degrees/);
    },
  },
  {
    name: "an answer follows a JSON schema",
    async run({ router }) {
      const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
      const response_format = { type: "json_schema", json_schema: { name: "answer", schema, strict: true } };
      const { choices } = await router().chatCompletion({ ...chat, response_format });
      equal(Object.keys(JSON.parse(choices[0].message.content)), ["answer"]);
    },
  },
  {
    name: "leaving a stream early closes the connection",
    async run({ router, control, received, withFault }) {
      const long = { ...chat, messages: [{ role: "user", content: "word ".repeat(300) }] };
      // It stops and never ends, so that no browser, however busy, has read all of it before it leaves.
      const requests = await withFault({ path: "chat/completions", stall_after_bytes: 20_000, count: 1 }, () =>
        received(async () => {
          equal((await collect(router().chatCompletionStream(long), 2)).length, 2);
        }),
      );
      equal(requests.length, 1);
      const [{ id }] = requests;
      const broken = async () => (await control(`log?since=${id - 1}`))[0].body;
      // Chromium now and then waits 5 s for the rest of a body that it has let go, to use the connection again.
      for (let attempt = 0; attempt < 200 && (await broken()) === "open"; attempt++)
        await new Promise((done) => setTimeout(done, 50));
      equal(await broken(), "broken");
    },
  },
  {
    name: "a stream that is cut short throws after the chunks that came",
    // Long enough that a browser, which drops what it has not handed on when a stream breaks, has handed on some.
    run: ({ router, withFault }) =>
      patiently(async (unit) => {
        const chunks = [];
        const long = { ...chat, messages: [{ role: "user", content: "word ".repeat(120 * unit) }] };
        const rule = { path: "chat/completions", cut_after_bytes: 20_000 * unit, count: 1 };
        await withFault(rule, async () => {
          const reading = (async () => {
            for await (const chunk of router().chatCompletionStream(long)) chunks.push(chunk);
          })();
          const error = await rejects(reading, { endpoint: "chatCompletion" });
          ok(["network", "protocol"].includes(error.kind), error.kind);
        });
        ok(chunks.length > 0, "the first chunks came");
      }),
  },
  {
    name: "models come with providers and prices",
    async run({ router }) {
      const { data } = await router({ token: "" }).listModels();
      const echo = data.find(({ id }) => id === "emulator/echo");
      ok(echo.providers.every(({ provider, pricing }) => provider && pricing.input >= 0));
    },
  },
  {
    name: "one text and several become vectors",
    async run({ router }) {
      const embed = (inputs, more) => router().featureExtraction({ model: "emulator/hash-embedding", inputs, ...more });
      const [[first, second, third], one] = [
        await embed(["The cat sat.", "A cat sat.", "Stocks fell."], { normalize: true }),
        (await embed("The cat sat.", { normalize: true })).flat(),
      ];
      const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
      ok(Math.abs(dot(first, first) - 1) < 1e-3, "of length 1");
      ok(dot(first, one) > 0.999, "the same text gives the same vector");
      ok(dot(first, second) > dot(first, third), "what is alike is near");
    },
  },
  {
    name: "a text becomes an image, the same for the same seed",
    async run({ router }) {
      const draw = () =>
        router().textToImage({
          model: "emulator/gradient",
          inputs: "a calm sea",
          parameters: { width: 64, height: 32, seed: 7 },
        });
      const [one, two] = [await draw(), await draw()];
      ok(one instanceof Blob && one.type.startsWith("image/"), one.type);
      const bytes = async (blob) => [...new Uint8Array(await blob.arrayBuffer())];
      equal(await bytes(one), await bytes(two));
      equal((await bytes(one)).slice(1, 4), [80, 78, 71], "PNG");
    },
  },
  {
    name: "an unknown model is refused in the router's own words",
    async run({ router }) {
      const error = await rejects(router().chatCompletion({ ...chat, model: "acme/no-such-model" }), {
        endpoint: "chatCompletion",
      });
      ok(["invalidInput", "notFound"].includes(error.kind), error.kind);
      match(error.code, /^model_not_/);
    },
  },
];
