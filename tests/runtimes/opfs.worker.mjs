// The cache of a browser in a worker: answers each message with what the cache gives.

import { downloadFileToCache } from "/pkg/dist/browser.js";

addEventListener("message", async ({ data: [params, options] }) => {
  try {
    const file = await downloadFileToCache(params, options);
    postMessage({ size: file.size, name: file.name });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
