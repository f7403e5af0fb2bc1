// What a response means, in the forms that providers use: chunks, completions, images, errors with any status.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const chat = { model: "a/b", messages: [{ role: "user", content: "Hello" }] };
const image = { model: "a/b", inputs: "a sea" };
const events = { "content-type": "text/event-stream" };
const chunk = (content, finish_reason = null, index = 0) =>
  `data: ${JSON.stringify({ choices: [{ index, delta: { content }, finish_reason }] })}\n\n`;
const DONE = "data: [DONE]\n\n";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

/** A client whose server answers every request with this. */
const answering = (router, body, headers = events, status = 200) =>
  router({ endpoint: "https://router.example", fetch: async () => new Response(body, { status, headers }) });
const json = (router, value, status = 200) => answering(router, JSON.stringify(value), { "content-type": "application/json" }, status);

/** The texts of a stream, and the error that it ended with. */
async function read(stream) {
  const texts = [];
  try {
    for await (const { choices } of stream) texts.push(choices[0]?.delta.content ?? "");
  } catch (error) {
    return { texts, error };
  }
  return { texts };
}

export const cases = [
  {
    name: "signs of life are no chunks",
    async run({ router }) {
      const signs = ["data: {}", "data: null", "data: 0", "data: []", 'data: "ping"', ": ping", "event: ping\ndata: {}", 'event: progress\ndata: {"choices":[]}', 'data: {"choices":null}'];
      const usage = 'data: {"choices":[],"usage":{"total_tokens":1}}\n\n';
      const stream = answering(router, signs.map((sign) => `${sign}\n\n${chunk("a")}`).join("") + usage + DONE).chatCompletionStream(chat);
      const chunks = await collect(stream);
      equal(chunks.length, signs.length + 1);
      ok(chunks.every(({ choices }) => Array.isArray(choices)));
    },
  },
  {
    name: "whatever says in a stream that it failed is the stream's error, after the chunks before it",
    async run({ router, HfError }) {
      const failures = [
        ['event: error\ndata: {"message":"too long","http_status_code":422}', "too long", "invalidInput", 422],
        ["event: error\ndata: out of memory", "out of memory", "server", 200],
        ['event: error\ndata: {"error":"busy","error_type":"overloaded"}', "busy", "server", 503],
        ['data: {"error":"busy"}', "busy", "server", 200],
        ['data: {"error":{"message":"slow down","code":429}}', "slow down", "rateLimited", 429],
        ['data: {"error":{"message":"no","type":"invalid_request_error"}}', "no", "invalidInput", 400],
        ['data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}', "busy", "server", 503],
        ['data: {"object":"error","message":"no such model","code":404}', "no such model", "notFound", 404],
        ['data: {"message":"limit","type":"rate_limit_error","code":null}', "limit", "rateLimited", 429],
        ['data: {"detail":[{"loc":["body","messages"],"msg":"field required"}]}', "body.messages: field required", "server", 200],
        ['data: {"status":"error","message":"gone"}', "gone", "server", 200],
        ['error: {"message":"broken"}', "broken", "server", 200],
        ['event: Error\ndata: {"error_message":"broken"}', "broken", "server", 200],
        ['data: {"error_message":"broken"}', "broken", "server", 200],
        ['data: {"title":"too long","status":503,"type":"about:blank"}', "too long", "server", 503],
        ['data: {"statusCode":429,"message":"slow"}', "slow", "rateLimited", 429],
        ['data: {"choices":[{"index":0,"delta":{},"error":{"message":"gone","code":502},"finish_reason":"error"}]}', "gone", "server", 502],
      ];
      for (const [event, message, kind, status] of failures) {
        const stream = answering(router, `${chunk("a")}${event}\n\n${chunk("b")}${DONE}`).chatCompletionStream(chat);
        const { texts, error } = await read(stream);
        ok(error instanceof HfError, `${event}: no error`);
        equal([texts, error.kind, error.status], [["a"], kind, status], event);
        ok(error.message.includes(message), `${event}: ${error.message}`);
        if (kind === "invalidInput") ok(!/again/.test(error.advice ?? ""), error.advice);
      }
    },
  },
  {
    name: "a stream is complete when it says so, or when every answer that began has ended",
    async run({ router }) {
      const cut = [chunk("a", " "), chunk("a", "None"), 'data: {"choices":[]}\n\n', chunk("a"), chunk("a", "stop") + chunk("b", null, 1), chunk("a", ""), chunk("a", "null"), "", DONE];
      for (const text of cut) {
        const { error } = await read(answering(router, text).chatCompletionStream(chat));
        equal(error?.kind, "protocol", text);
      }
      const whole = [chunk("a", "stop"), chunk("a") + DONE, chunk("a", "stop") + chunk("b", null, 1) + chunk("c", "length", 1)];
      for (const text of whole) equal((await read(answering(router, text).chatCompletionStream(chat))).error, undefined, text);
    },
  },
  {
    name: "events without blank lines between them are chunks of their own",
    async run({ router }) {
      const text = `${chunk("a").trim()}\n${chunk("b").trim()}\n\n${chunk("c", "stop").trim()}\ndata: [DONE]\n\n`;
      equal(await read(answering(router, text).chatCompletionStream(chat)), { texts: ["a", "b", "c"] });
      // A choice always has a delta, as the types say.
      const bare = 'data: {"choices":[{"index":0,"delta":null}]}\n\ndata: {"choices":[null]}\n\ndata: {"choices":[{"index":"0","finish_reason":"stop"}]}\n\n';
      equal(await read(answering(router, bare).chatCompletionStream(chat)), { texts: ["", "", ""] });
      // A value over several lines stays one.
      const pretty = 'data: {"choices":\ndata: [{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n';
      equal(await read(answering(router, pretty).chatCompletionStream(chat)), { texts: ["a"] });
    },
  },
  {
    name: "a stream is one by what it holds, whatever its type says",
    async run({ router }) {
      for (const headers of [{ "content-type": "Text/Event-Stream; charset=utf-8" }, { "content-type": "text/plain" }, { "content-type": "application/octet-stream" }, {}]) {
        equal(await read(answering(router, `\n${chunk("a", "stop")}`, headers).chatCompletionStream(chat)), { texts: ["a"] }, JSON.stringify(headers));
      }
      const { error } = await read(answering(router, "<html><title>Down for repair</title>", { "content-type": "text/html" }).chatCompletionStream(chat));
      equal(error.kind, "protocol");
      match(error.message, /Down for repair/);
      const busy = (await read(answering(router, '{\n"error": {"message": "busy", "code": 503}}').chatCompletionStream(chat))).error;
      equal([busy.kind, busy.status], ["server", 503]);
      match(busy.message, /busy/);
    },
  },
  {
    name: "a completion where a stream was asked for comes as a chunk",
    async run({ router }) {
      const calls = [{ id: "x", type: "function", function: { name: "f", arguments: "{}" } }];
      const completion = { id: "1", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "Hi", tool_calls: calls }, finish_reason: "stop" }], usage: { total_tokens: 3 } };
      const [given] = await collect(json(router, completion).chatCompletionStream(chat));
      equal([given.object, given.choices[0].delta, given.usage], ["chat.completion.chunk", { role: "assistant", content: "Hi", tool_calls: [{ index: 0, ...calls[0] }] }, { total_tokens: 3 }]);
      const marked = answering(router, `\ufeff${JSON.stringify(completion)}`, { "content-type": "application/json" });
      equal(await collect(marked.chatCompletionStream(chat)), [given], "after a byte order mark");
      const { error } = await read(json(router, { error: { message: "no", code: 400 } }).chatCompletionStream(chat));
      equal([error.kind, error.status], ["invalidInput", 400]);
    },
  },
  {
    name: "a chat without choices is no success",
    async run({ router }) {
      const bodies = [
        [{ error: { code: 500 } }, "server", 500],
        [{ detail: "no" }, "server", 200],
        [{ detail: "no", status: 404 }, "notFound", 404],
        [{ status: "error", message: "no" }, "server", 200],
        [{ error: { message: "slow", code: "429" } }, "rateLimited", 429],
        [null, "protocol", undefined],
        [{ choices: null }, "protocol", undefined],
        [{}, "protocol", undefined],
        [[], "protocol", undefined],
        ["text", "server", 200],
      ];
      for (const [body, kind, status] of bodies) {
        const error = await rejects(json(router, body).chatCompletion(chat), { endpoint: "chatCompletion" });
        equal([error.kind, error.status], [kind, status], JSON.stringify(body));
      }
    },
  },
  {
    name: "an embedding is a list, or no success",
    async run({ router }) {
      const ask = (body) => json(router, body).featureExtraction({ model: "a/b", inputs: "x" });
      equal(await ask([0.5]), [0.5]);
      for (const [body, kind] of [[null, "protocol"], [{}, "protocol"], [5, "protocol"], ["busy", "server"], [{ detail: "busy" }, "server"]]) {
        equal((await rejects(ask(body))).kind, kind, JSON.stringify(body));
      }
    },
  },
  {
    name: "messages are found wherever servers put them",
    async run({ router }) {
      const bodies = [
        ['{"detail":[{"loc":["body","inputs"],"msg":"field required","type":"value_error.missing"}]}', "body.inputs: field required"],
        ['{"error":"unknown error","warnings":["CUDA out of memory"]}', "unknown error; CUDA out of memory"],
        ['{"type":"https://example/out-of-credit","title":"You are out of credit","status":422}', "You are out of credit"],
        ['{"error":{"error":"nested"}}', "nested"],
        ['{"message":{"text":"x","error":"inner"}}', "inner"],
        ['"bare text"', "bare text"],
        ["Failed to deserialize", "Failed to deserialize"],
        ["<!doctype html><html><head><title>\n  Request blocked </title>", "Request blocked"],
      ];
      for (const [body, message] of bodies) {
        const headers = { "content-type": body.startsWith("<") ? "text/html" : body.startsWith("F") ? "text/plain" : "application/json" };
        const error = await rejects(answering(router, body, headers, 422).chatCompletion(chat), { kind: "invalidInput" });
        equal(error.message, `chatCompletion a/b: ${message} (422)`);
      }
      const typed = await rejects(json(router, { error: "no template", error_type: "template_error" }, 422).chatCompletion(chat));
      equal(typed.code, "template_error");
      const missing = await rejects(json(router, { error: "not here" }, 501).chatCompletion(chat), { kind: "server" });
      ok(!/later/.test(missing.advice), missing.advice);
    },
  },
  {
    name: "a model that is being loaded is waited for as long as it says",
    async run({ router }) {
      const waits = [];
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        if (asked > 1) return Response.json([[0.1]]);
        return Response.json({ error: "Model a/b is currently loading", estimated_time: 0.05 }, { status: 503 });
      };
      const client = router({ endpoint: "https://router.example", fetch, retry: true, onRetry: ({ wait }) => waits.push(wait) });
      await client.featureExtraction({ model: "a/b", inputs: "x" });
      equal(waits, [50]);
      const late = json(router, { error: "loading", estimated_time: 20 }, 503);
      const error = await rejects(late.featureExtraction({ model: "a/b", inputs: "x" }), { kind: "server" });
      equal(error.retryAfter, 20_000);
    },
  },
  {
    name: "an image is what says it is one",
    async run({ router }) {
      const bytes = Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0));
      const forms = [
        { images: [{ url: `data:image/png;base64,${PNG}` }] },
        { images: [`data:image/png;base64,${PNG}`] },
        { data: [{ b64_json: PNG }] },
        { output: [`data:image/png;base64,${PNG}`] },
        { output: `data:image/png;base64,${PNG}` },
        { image: PNG },
      ];
      for (const form of forms) {
        const blob = await json(router, form).textToImage(image);
        equal([blob.type, [...new Uint8Array(await blob.arrayBuffer())]], ["image/png", [...bytes]], JSON.stringify(form).slice(0, 40));
      }
      const plain = await answering(router, bytes, { "content-type": "application/octet-stream" }).textToImage(image);
      equal([plain.type, plain.size], ["image/png", bytes.length]);
    },
  },
  {
    name: "an image at a URL is fetched without the token",
    async run({ router }) {
      const sent = [];
      const fetch = async (url, init) => {
        sent.push([url, new Headers(init.headers).get("authorization"), new Headers(init.headers).get("x-mine")]);
        if (sent.length === 1) return Response.json({ images: [{ url: "https://cdn.example/a.png" }] });
        return new Response(new Uint8Array([1, 2]), { headers: { "content-type": "image/png" } });
      };
      const client = router({ endpoint: "https://router.example", token: "hf_secret", headers: { "x-mine": "1" }, fetch });
      equal((await client.textToImage(image)).size, 2);
      equal(sent[1], ["https://cdn.example/a.png", null, null]);
      for (const url of ["file:///etc/passwd", "/relative", "data:text/html;base64,AA==", "https://u:p@cdn.example/a.png"]) {
        const error = await rejects(json(router, { images: [{ url }] }).textToImage(image));
        equal(error.kind, "protocol", url);
      }
    },
  },
  {
    name: "what is no image is an error that says what came",
    async run({ router }) {
      const bodies = [
        ['{"error":"no credit"}', "application/json", "server", /no credit/],
        ['{"error":{"message":"bad prompt","code":400}}', "application/json", "invalidInput", /bad prompt/],
        ['{"status":"queued"}', "application/json", "protocol", /application\/json/],
        ["<html><title>Sign in</title></html>", "text/html", "protocol", /text\/html.*Sign in/],
        ["hello", "text/plain", "protocol", /text\/plain/],
        ["", "image/png", "protocol", /empty/],
        ["<!doctype html><title>Sign in</title>", "image/png", "protocol", /Sign in/],
        ['{"error":"no credit"}', "image/png", "server", /no credit/],
        ['{"error":"no credit"}', "application/octet-stream", "server", /no credit/],
        ['{"detail":"no credit","status":402}', "application/json", "paymentRequired", /no credit/],
      ];
      for (const [body, type, kind, message] of bodies) {
        const error = await rejects(answering(router, body, { "content-type": type }).textToImage(image), { kind });
        match(error.message, message);
      }
    },
  },
  {
    name: "a stream is asked for by its own method",
    async run({ router }) {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return Response.json({});
      };
      const error = await rejects(router({ fetch }).chatCompletion({ ...chat, stream: true }), { kind: "invalidInput", field: "stream" });
      match(error.message, /chatCompletionStream/);
      equal(asked, 0);
    },
  },
  {
    name: "calls of functions are assembled from any provider's pieces",
    async run({ collectToolCalls }) {
      const piece = (...tool_calls) => ({ choices: [{ index: 0, delta: { tool_calls } }] });
      const call = (index, id, name, text) => ({ ...(index !== undefined && { index }), ...(id && { id }), function: { name, arguments: text } });
      const both = [
        { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
        { id: "b", type: "function", function: { name: "g", arguments: "{}" } },
      ];
      const streams = {
        "numbered from 0": [piece(call(0, "a", "f", "")), piece(call(0, "", null, '{"x"')), piece(call(0, "", undefined, ":1}")), piece(call(1, "b", "g", "{}"))],
        "numbered from 1": [piece(call(1, "a", "f", '{"x":1}')), piece(call(2, "b", "g", "{}"))],
        "without numbers": [piece(call(undefined, "a", "f", '{"x"')), piece(call(undefined, "", null, ":1}")), piece(call(undefined, "b", "g", ""))],
        "all numbered 0": [piece(call(0, "a", "f", '{"x":1}')), piece(call(0, "b", "g", "{}"))],
        "the number null": [piece(call(null, "a", "f", '{"x":1}'), call(null, "b", "g", null))],
        "names repeated": [piece(call(0, "a", "f", '{"x"')), piece(call(0, "a", "f", ":1}")), piece(call(1, "b", "g", "{}"))],
        "interleaved": [piece(call(0, "a", "f", '{"x"'), call(1, "b", "g", "{")), piece(call(0, "", "", ":1}"), call(1, "", "", "}"))],
      };
      for (const [name, chunks] of Object.entries(streams)) equal(await collectToolCalls(chunks), both, name);
      equal(await collectToolCalls([{ choices: [] }, { choices: [{ delta: { content: "x" } }] }]), []);
      await rejects(collectToolCalls([piece(call(0, "a", "f", '{"x":'))]), { kind: "protocol" });
      await rejects(collectToolCalls([piece(call(0, "a", undefined, "{}"))]), { kind: "protocol" });
    },
  },
];
