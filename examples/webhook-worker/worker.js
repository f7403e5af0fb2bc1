// A Cloudflare Worker that welcomes whoever opens a discussion in your repositories.
//
// The Hub posts each event here. The handler checks the secret, drops duplicates, and responds before the work begins;
// `context` keeps the worker alive until it is done.
//
// Run it:     npm install && npx wrangler dev      with .dev.vars (see .dev.vars.example)
// Deploy it:  npx wrangler secret put HF_TOKEN && npx wrangler secret put WEBHOOK_SECRET && npx wrangler deploy
// Then create the webhook once, for the domain "discussions" and the worker's address:
//   await hub.createWebhook({ watched: [{ type: "user", name: "you" }], domains: ["discussion"], url, secret });

import { Hub } from "hf-wasm";
import { webhookHandler } from "hf-wasm/webhooks";

let handler;

export default {
  fetch(request, env, context) {
    handler ??= webhookHandler({ secret: env.WEBHOOK_SECRET, on: { discussion: (event) => welcome(event, env) } });
    return handler(request, context);
  },
};

async function welcome({ action, repo: { type, name }, discussion }, env) {
  if (action !== "create") return;
  const hub = new Hub({ token: env.HF_TOKEN, endpoint: env.HF_ENDPOINT });
  const comment = `Thank you for “${discussion.title}”. Somebody will read it within two days.`;
  await hub.commentDiscussion({ repo: { type, name }, num: discussion.num, comment });
}
