// A call under way: elapsed time, requests so far, and its cancellation.

import { fill, h } from "./dom.js";
import { duration, many } from "./format.js";
import { icon } from "./icons.js";

/** `run(work, onError)` runs `work(signal)`; the status line says how it went. */
export function createTask(form, services) {
  const status = h("p.status", { role: "status" });
  const bar = h("div.progress", { hidden: true });
  let controller = null;

  function say(kind, text) {
    status.dataset.kind = kind;
    fill(status, { done: icon("check"), failed: icon("warn"), cancelled: icon("stop") }[kind], text);
  }

  async function run(work, onError) {
    const own = new AbortController();
    controller = own;
    const start = performance.now();
    const requests = services.requestsSent();
    const elapsed = () => duration(performance.now() - start);
    const tick = setInterval(() => {
      const sent = services.requestsSent() - requests;
      say("running", `Running, ${elapsed()}${sent > 1 ? `, ${many(sent, "request")}` : ""}`);
    }, 500);
    form.setRunning(true);
    bar.hidden = false;
    say("running", "Running");
    try {
      const text = await work(own.signal);
      say("done", [text, elapsed()].filter(Boolean).join(", "));
    } catch (error) {
      if (own.signal.aborted) say("cancelled", `Stopped after ${elapsed()}`);
      else {
        say("failed", `Failed after ${elapsed()}`);
        onError(error);
      }
    } finally {
      clearInterval(tick);
      form.setRunning(false);
      bar.hidden = true;
      controller = null;
    }
  }

  return { status, bar, run, isRunning: () => controller !== null, cancel: () => controller?.abort() };
}
