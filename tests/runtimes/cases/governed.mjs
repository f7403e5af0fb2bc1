// What the cases of policies and of budgets share.

import { ok } from "../assert.mjs";

export const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Hello" }] };
export const thrown = (promise) => Promise.resolve(promise).then(() => ok(false, "it succeeded"), (error) => error);
export const all = { models: "full", datasets: "full", spaces: "full", repos: "full", discussions: "full", account: "full", webhooks: "full", inference: "full" };

/** Takes records in a list. */
export function recorder() {
  const records = [];
  return { records, onCall: (record) => records.push(record) };
}

/** The requests that reached the emulator on behalf of the suite's clients. */
export async function reached(suite, task) {
  const received = await suite.received(task);
  return received.filter(({ path }) => !path.startsWith("/_emulator"));
}
