// A conversation: bubbles, the response as it streams in, what it used and cost, and a box to go on.

import { connection } from "../connection.js";
import { fill, h } from "../dom.js";
import { count, duration, many } from "../format.js";
import { icon } from "../icons.js";

export async function showChat(context, signal) {
  const answer = openConversation(context);
  const chunks = [];
  try {
    for await (const chunk of context.call("chatCompletionStream", signal)) {
      chunks.push(chunk);
      answer.take(chunk);
    }
  } catch (error) {
    error.partial = true;
    answer.breakOff(signal.aborted ? "stopped" : "broken off");
    throw error;
  } finally {
    context.setRaw(chunks);
  }
  answer.finish();
  return many(chunks.length, "chunk");
}

export async function showWholeChat(context, signal) {
  const answer = openConversation(context);
  try {
    const whole = await context.call("chatCompletion", signal);
    context.setRaw(whole);
    answer.take({ ...whole, choices: whole.choices.map(({ message, ...rest }) => ({ ...rest, delta: message })) });
  } catch (error) {
    answer.breakOff(signal.aborted ? "stopped" : "no response");
    error.partial = true;
    throw error;
  }
  answer.finish();
  return "Done";
}

function openConversation(context) {
  const { messages, model } = context.params;
  const box = h("div.chat", {}, messages.map((message) => bubble(message.role, message.content)));
  const text = h("span.pre");
  const thought = h("span.pre");
  const thinking = h("details.fold", { hidden: true }, h("summary", {}, icon("chevron"), "Reasoning"), thought);
  const tools = h("div.stack", { hidden: true });
  const note = h("div.item-meta");
  const mine = h("div.bubble.assistant.live", { "aria-busy": "true" }, h("span.speaker", {}, model), thinking, text, tools);
  box.append(mine, note);
  context.output.removeAttribute("aria-busy");
  fill(context.output, box);
  note.scrollIntoView({ block: "nearest" });
  const calls = [];
  const start = performance.now();
  let first;
  let ended;
  let cost;
  let said = "";
  let finishReason;
  let usage;

  function showNote(extra) {
    const known = usage !== undefined && usage !== null;
    const seconds = ((ended ?? performance.now()) - (first ?? start)) / 1000;
    fill(note,
      extra === undefined ? null : h("span.badge.warn", {}, extra),
      finishReason ? h("span", {}, `finish reason: ${finishReason}`) : null,
      first === undefined ? null : h("span", { title: "Until the first part of the response" }, `first token after ${duration(first - start)}`),
      known ? h("span", {}, `${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out`) : null,
      known && ended !== undefined && seconds > 0.02 ? h("span", {}, `${count(Math.round(usage.completion_tokens / seconds))} tokens/s`) : null,
      cost === undefined ? null : h("span", { title: "By the prices that the router lists" }, cost));
  }

  function end() {
    ended = performance.now();
    text.normalize();
    mine.classList.remove("live");
    mine.setAttribute("aria-busy", "false");
  }

  return {
    take(chunk) {
      const choice = chunk.choices?.[0];
      first ??= choice === undefined ? undefined : performance.now();
      const following = note.getBoundingClientRect().top < innerHeight;
      said += choice?.delta?.content ?? "";
      text.append(choice?.delta?.content ?? "");
      const reasoning = choice?.delta?.reasoning ?? choice?.delta?.reasoning_content;
      if (reasoning) {
        thinking.hidden = false;
        thought.append(reasoning);
      }
      for (const part of choice?.delta?.tool_calls ?? []) gather(calls, part);
      tools.hidden = calls.length === 0;
      fill(tools, calls.filter(Boolean).map((call) => h("code.pre", {}, `${call.name}(${call.arguments})`)));
      finishReason = choice?.finish_reason ?? finishReason;
      usage = chunk.usage ?? usage;
      showNote();
      if (following) note.scrollIntoView({ block: "nearest" });
    },
    breakOff(reason) {
      end();
      showNote(reason);
    },
    finish() {
      end();
      showNote();
      void priceOf(model, usage).then((found) => {
        cost = found;
        showNote();
      });
      const following = note.getBoundingClientRect().top < innerHeight;
      const next = composer(context, said);
      box.append(next);
      if (following) next.scrollIntoView({ block: "nearest" });
    },
  };
}

/** Pieces of a tool call, joined by their index. */
function gather(calls, part) {
  const index = part.index ?? 0;
  const call = (calls[index] ??= { name: "", arguments: "" });
  call.name += part.function?.name ?? "";
  call.arguments += part.function?.arguments ?? "";
}

function bubble(role, content) {
  const parts = typeof content === "string" ? [content] : (content ?? []).map(part);
  return h(`div.bubble.${role === "assistant" ? "assistant" : role === "user" ? "user" : "system"}`, {}, h("span.speaker", {}, role), parts.map((one) => (typeof one === "string" ? h("span.pre", {}, one) : one)));
}

function part({ type, text, image_url }) {
  if (type === "text") return text;
  // Only an image of this device is drawn: another service would learn who looks.
  return type === "image_url" && /^data:image\//.test(image_url?.url ?? "") ? h("img", { src: image_url.url, alt: "Attached image" }) : `[${type}]`;
}

/** What the router listed last, for prices. */
let listed = null;

/** The price of a response in US dollars, by the live providers that may have served it; undefined if unknown. */
async function priceOf(model, usage) {
  if (!usage) return undefined;
  if (typeof usage.estimated_cost === "number") return dollars(usage.estimated_cost);
  const [id, provider] = model.split(":");
  if (listed?.router !== connection.router) listed = { router: connection.router, models: connection.router.listModels().catch(() => ({ data: [] })) };
  const { data } = await listed.models;
  const live = data.find((one) => one.id === id)?.providers.filter((one) => one.status === "live" && (one.provider === provider || !data.some(({ providers }) => providers.some((other) => other.provider === provider)))) ?? [];
  const prices = live.filter(({ pricing }) => pricing).map(({ pricing }) => (pricing.input * usage.prompt_tokens + pricing.output * usage.completion_tokens) / 1e6);
  if (prices.length === 0) return live.some((one) => one.is_free) ? "free" : undefined;
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  return low === high ? dollars(high) : `${dollars(low)} to ${dollars(high)}`;
}

function dollars(amount) {
  return amount === 0 || amount >= 0.01 ? `$${amount.toFixed(2)}` : `$${Number(amount.toPrecision(2)).toFixed(10).replace(/0+$/, "")}`;
}

/** The next message: it joins the conversation in the form, and the form runs again. */
function composer(context, said) {
  const box = h("textarea.input", { rows: 1, placeholder: "Reply…", "aria-label": "Your next message" });
  const form = h("form.composer", {}, box, h("button.button", { type: "submit" }, icon("play"), "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim() === "") return;
    const messages = [...context.params.messages, { role: "assistant", content: said }, { role: "user", content: box.value.trim() }];
    context.form.fill({ messages });
    context.form.element.requestSubmit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return form;
}
