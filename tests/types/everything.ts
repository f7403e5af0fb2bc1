// All that the package declares, without a word of the platform. Never run: `package.test.mjs` compiles it.

import { Hub, init, InferenceRouter, raw } from "hf-wasm";
import { type AgentTool, all, approvePending, type CallRecord, ndjson, offerToPage, resume, ring, runTools, Toolset, tools } from "hf-wasm/agent";
import wasm, { kernels } from "hf-wasm/inline";
import { sharedLimits } from "hf-wasm/limits";
import { downloadFileToCacheDir, fileBlob, scanCacheDir, snapshotDownload, uploadFolder } from "hf-wasm/node";
import { oauthDeviceLogin, oauthHandleRedirect, oauthLoginUrl, tokenProvider } from "hf-wasm/oauth";
import { verifyWebhook, webhookHandler } from "hf-wasm/webhooks";

export async function everything(): Promise<unknown> {
  await init(wasm);
  await init({ default: wasm, kernels });
  const [hub, router] = [new Hub(), new InferenceRouter()];
  const cached = await downloadFileToCacheDir({ repo: "a/b", path: await snapshotDownload({ repo: "a/b", allowPatterns: "*" }) }, { token: "t", onProgress: ({ loaded }) => loaded + 1 });
  (await uploadFolder({ repo: "a/b", folderPath: cached, branch: "main" }, { hub })).commitOid satisfies string;
  await hub.uploadFile({ repo: "a/b", file: { path: "a", content: await fileBlob(cached) }, commitTitle: "Add" });
  (await scanCacheDir()).repos[0]?.revisions[0]?.files[0]?.blob.lastModifiedAt satisfies Date | undefined;
  const stored = new Map<string, string>();
  new Hub({ fetch: sharedLimits({ store: { get: (key) => stored.get(key), set: (key, value, { ttl }) => ttl > 0 && stored.set(key, value) } }) });
  (await hub.can("commit", { repo: "a/b" })).missing?.entity.name satisfies string | undefined;
  const info = await hub.modelInfo({ repo: "a/b" });
  for await (const chunk of router.chatCompletionStream({ model: "a/b", messages: [] })) chunk.id satisfies string;
  const handler = webhookHandler({
    secret: ["new", "old"],
    on: {
      "repo.content": ({ updatedRefs }) => updatedRefs[0]?.newSha?.length,
      repo: (event) => (event.action === "move" ? event.movedTo.name : event.repo.headSha),
      discussion: (event) => (event.action === "create" ? event.comment?.content : event.discussion.title),
      "*": (event) => event.scope satisfies string,
    },
  });
  await handler.replay({});
  const event = await verifyWebhook({} as Parameters<typeof verifyWebhook>[0], { secret: "s" });
  if (!("known" in event) && event.scope === "discussion.comment") event.comment.content satisfies string | undefined;
  const result = await oauthHandleRedirect({ redirectedUrl: await oauthLoginUrl({ clientId: "id" }) });
  const device = await oauthDeviceLogin({ clientId: "id", onCode: ({ userCode }) => userCode.length });
  new Hub({ token: tokenProvider(device.refreshToken ? device : result, { clientId: "id", onRefresh: ({ accessToken }) => accessToken }) });
  const kept = ring();
  const onCall = all(kept, ndjson((line) => line.length));
  const agent = new Hub({ policy: { groups: { repos: "full" } }, approvalKey: "k".repeat(32), onCall, approve: ({ sentence }) => sentence.length > 1 });
  agent.with({ policy: { groups: { repos: "read" } } }) satisfies Hub;
  await resume(agent, await approvePending("token", { key: "k".repeat(32) }), { key: "k".repeat(32) });
  (kept.records satisfies readonly CallRecord[]).length;
  const own: AgentTool = { name: "add", description: "Adds.", parameters: { type: "object" }, call: ({ a }) => a };
  const set = new Toolset([...(await tools({ hub: agent, groups: ["repos"] })), own], { maxResultLength: 1000 });
  (await set.callTool("add", "{}", { finishReason: "stop" })).text satisfies string;
  (await offerToPage(set)) satisfies boolean;
  for await (const step of runTools({ router, model: "a/b", messages: [], tools: set })) if (step.type === "result") step.result.isError satisfies boolean;
  (await runTools({ router, model: "a/b", messages: [], tools: set })).usage.cost satisfies number | undefined;
  return raw(info).novelty;
}
