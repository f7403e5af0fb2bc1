// A call under way: elapsed time, requests so far, the wait before another attempt, and its cancellation.

import { onRetry } from "./calls.js";
import { fill, h } from "./dom.js";
import { duration, left, many, size } from "./format.js";
import { icon } from "./icons.js";

const PHASES = { hash: "Hashing", upload: "Uploading", commit: "Committing" };

/** `run(work, onError)` runs `work(signal)` and gives how it ended; the status line says how it went. */
export function createTask(stopName, form, services) {
  const state = h("span");
  // Read aloud would be every tick.
  const ticks = h("span", { "aria-hidden": "true" });
  const symbol = h("span.status-icon");
  const status = h("p.status", { role: "status" }, symbol, h("span", {}, state, ticks));
  const stop = h("button.button.small", { type: "button", hidden: true, onClick: cancel }, icon("stop"), stopName);
  const bar = h("div.progress", { role: "progressbar", "aria-label": "Progress", hidden: true });
  const waiting = h("p.note.waiting", { hidden: true });
  // The bar tells the same.
  const transfer = h("p.transfer", { "aria-hidden": "true", hidden: true });
  let step = "";
  /** What was told last of each file, in the phase that goes on. */
  const files = new Map();
  let phase = "";
  let retry = null;
  let controller = null;

  function say(kind, text, more = "") {
    status.dataset.kind = kind;
    fill(symbol, { done: icon("check"), failed: icon("warn"), cancelled: icon("stop") }[kind]);
    if (state.textContent !== text) fill(state, text);
    fill(ticks, more === "" ? "" : `, ${more}`);
  }

  async function run(work, onError) {
    const own = new AbortController();
    controller = own;
    const start = performance.now();
    const requests = services.requestsSent();
    const elapsed = () => duration(performance.now() - start);
    const show = () => {
      const sent = services.requestsSent() - requests;
      const isWaiting = retry !== null && performance.now() < retry.until;
      waiting.hidden = !isWaiting;
      if (isWaiting) {
        const left = countdown(retry.until - performance.now());
        fill(waiting, retry.why === 429 ? `The rate limit is used up. The call goes on by itself in ${left}.` : `The service failed (${retry.why}). The next attempt is in ${left}.`);
        say("running", `Retrying in ${left} (${retry.why})`);
      } else say("running", "Running", [elapsed(), sent > 1 ? many(sent, "request") : ""].filter(Boolean).join(", "));
      transfer.hidden = step === "";
      if (transfer.textContent !== step) fill(transfer, step);
    };
    const end = onRetry(({ wait, status: code, reason }) => {
      retry = { until: performance.now() + wait, why: code || reason };
      show();
    });
    const tick = setInterval(show, 250);
    step = phase = "";
    retry = null;
    bar.style.removeProperty("--done");
    for (const name of ["aria-valuenow", "aria-valuetext"]) bar.removeAttribute(name);
    form.setRunning(true);
    bar.hidden = false;
    stop.hidden = false;
    say("running", "Running");
    let outcome = "done";
    try {
      const text = await work(own.signal);
      say("done", text || "Done", elapsed());
    } catch (error) {
      outcome = own.signal.aborted ? "cancelled" : "failed";
      say(outcome, `${own.signal.aborted ? "Stopped" : "Failed"} after ${elapsed()}`);
      if (outcome === "failed") onError(error);
    } finally {
      end();
      clearInterval(tick);
      form.setRunning(false);
      bar.hidden = true;
      waiting.hidden = true;
      transfer.hidden = true;
      stop.hidden = true;
      controller = null;
    }
    return outcome;
  }

  /** What `onProgress` of a call reports. Files are hashed one after the other, and uploaded at the same time. */
  function progress(told) {
    if (told.phase !== phase || phase !== "upload") files.clear();
    phase = told.phase;
    files.set(told.path, told);
    const all = [...files.values()];
    const open = all.filter(({ loaded, total }) => loaded < total);
    const sum = (of, name) => of.reduce((total, one) => total + (one[name] ?? 0), 0);
    const [loaded, total, rate] = [sum(all, "loaded"), sum(all, "total"), sum(open, "rate")];
    const what = all.length === 1 ? told.path : `${all.length - open.length} of ${many(all.length, "file")}`;
    const hasBytes = total > 0 && phase !== "commit";
    const far = hasBytes ? [`${size(loaded)} of ${size(total)}`] : [];
    const fast = hasBytes && rate > 0 ? [`${size(rate)}/s`, `${left((total - loaded) / rate)} left`] : [];
    step = [`${PHASES[phase] ?? phase} ${what}`.trim(), ...far, ...fast].join(", ");
    bar.setAttribute("aria-valuetext", step);
    if (total === 0) return;
    const percent = (100 * loaded) / total;
    bar.style.setProperty("--done", `${percent}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(percent)));
  }

  function cancel() {
    controller?.abort();
  }

  return { status, bar, waiting, transfer, stop, run, progress, cancel, isRunning: () => controller !== null };
}

/** What is left of a wait: `45 s`, `3 min 20 s`. */
function countdown(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
