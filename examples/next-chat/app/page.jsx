"use client";

import { useState } from "react";

export default function Chat() {
  const [messages, setMessages] = useState([]);
  const [isRunning, setRunning] = useState(false);

  async function send(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const said = (role, content, id) => ({ id, role, content });
    const asked = [...messages, said("user", new FormData(form).get("question"), messages.length)];
    const add = (role, content) => setMessages([...asked, said(role, content, asked.length)]);
    form.reset();
    setRunning(true);
    add("assistant", "");
    try {
      const response = await fetch("/api/chat", { method: "POST", body: JSON.stringify({ messages: asked }) });
      if (!response.ok) throw new Error(await response.text());
      let content = "";
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        content += piece;
        add("assistant", content);
      }
    } catch (error) {
      add("error", error.message);
    }
    setRunning(false);
  }

  return (
    <main style={{ font: "1rem/1.5 system-ui", maxWidth: "40rem", margin: "2rem auto", padding: "0 1rem" }}>
      <div role="log" aria-live="polite">
        {messages.map(({ id, role, content }) => (
          <p key={id}>
            <strong>{role}</strong> {content}
          </p>
        ))}
      </div>
      <form onSubmit={send}>
        <input name="question" aria-label="Question" required disabled={isRunning} />
        <button type="submit" disabled={isRunning}>Send</button>
      </form>
    </main>
  );
}
