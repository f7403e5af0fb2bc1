// A call under way: elapsed time, requests so far, and its cancellation.

import { fill, h } from "./dom.js";
import { duration, many, size } from "./format.js";
import { icon } from "./icons.js";

const PHASES = { hash: "hashing", upload: "uploading", commit: "committing" };

/** `run(work, onError)` runs `work(signal)`; the status line says how it went. */
export function createTask(stopName, form, services) {
  const status = h("p.status", { role: "status" });
  const stop = h("button.button.small", { type: "button", hidden: true, onClick: cancel }, icon("stop"), stopName);
  const bar = h("div.progress", { hidden: true });
  let step = "";
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
      say("running", ["Running", elapsed(), sent > 1 ? many(sent, "request") : "", step].filter(Boolean).join(", "));
    }, 500);
    step = "";
    bar.style.removeProperty("--done");
    form.setRunning(true);
    bar.hidden = false;
    stop.hidden = false;
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
      stop.hidden = true;
      controller = null;
    }
  }

  /** What `onProgress` of a call tells. */
  function progress({ phase, path, loaded, total }) {
    step = [PHASES[phase] ?? phase, path, total > 0 && phase !== "commit" ? `${size(loaded)} of ${size(total)}` : ""].filter(Boolean).join(" ");
    if (total > 0) bar.style.setProperty("--done", `${(100 * loaded) / total}%`);
  }

  function cancel() {
    controller?.abort();
  }

  return { status, bar, stop, run, progress, cancel, isRunning: () => controller !== null };
}
