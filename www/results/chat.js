// A conversation: bubbles, the answer as it streams in, and a box to go on.

import { fill, h } from "../dom.js";
import { count, many } from "../format.js";
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
    answer.breakOff(signal.aborted ? "stopped" : "no answer");
    error.partial = true;
    throw error;
  }
  answer.finish();
  return "Answered";
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
  fill(context.output, box);
  note.scrollIntoView({ block: "nearest" });
  const calls = [];
  let said = "";
  let finishReason;
  let usage;

  function showNote(extra) {
    const tokens = usage === undefined || usage === null ? null : h("span", {}, `${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out`);
    fill(note, extra === undefined ? null : h("span.badge.warn", {}, extra), finishReason ? h("span", {}, `finish reason: ${finishReason}`) : null, tokens);
  }

  function end() {
    text.normalize();
    mine.classList.remove("live");
    mine.setAttribute("aria-busy", "false");
  }

  return {
    take(chunk) {
      const choice = chunk.choices?.[0];
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
  const parts = typeof content === "string" ? [content] : (content ?? []).map((part) => (part.type === "text" ? part.text : `[${part.type}]`));
  return h(`div.bubble.${role === "assistant" ? "assistant" : role === "user" ? "user" : "system"}`, {}, h("span.speaker", {}, role), h("span.pre", {}, parts.join("\n")));
}

/** The next message: it joins the conversation in the form, and the form runs again. */
function composer(context, said) {
  const box = h("textarea.input", { rows: 1, placeholder: "Go on…", "aria-label": "Your next message" });
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
