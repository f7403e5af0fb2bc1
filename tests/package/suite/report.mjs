// Sends an outcome to the test, from a page or from a worker.

import addresses from "../addresses.mjs";

export async function report(outcome) {
  const reported = await Promise.resolve(outcome).catch(failure);
  await fetch(addresses.collector, { method: "POST", body: JSON.stringify(reported) });
}

export function failure(error) {
  return { ran: 0, failed: [`${error?.message}\n${error?.stack ?? error}`], answered: [], endpoints: ["?"] };
}

// What nobody caught is an outcome too: a module that does not load, a rejection that nobody heard.
globalThis.addEventListener?.("error", (event) => report(failure(event.error ?? new Error(event.message))));
globalThis.addEventListener?.("unhandledrejection", (event) => report(failure(event.reason)));
