// What the compiler accepts and refuses of the built package, as its users meet it. Never run: `methods.test.mjs`
// compiles it.

import {
  type ChatCompletionChunk,
  type CommitResult,
  GatedError,
  HfError,
  Hub,
  type HubFile,
  InferenceRouter,
  type ModelInfo,
  type Page,
  raw,
} from "hf-wasm";

export async function reads(hub: Hub): Promise<void> {
  for await (const model of hub.listModels({ search: "bert", sort: "a sort of tomorrow", expand: ["likes"] })) {
    model satisfies ModelInfo;
  }
  (await hub.listModels()) satisfies Page<ModelInfo>;
  for await (const page of hub.listCommits({ repo: { type: "dataset", name: "a/b" } }).pages())
    page.items satisfies unknown[];
  (await hub.listWebhooks()).at(0)?.watched satisfies unknown;
  (await hub.downloadFile({ repo: "a/b", path: "c", range: { start: 0 } })) satisfies HubFile;
  const gone: Promise<void> = hub.deleteRepo({ repo: "a/b" });
  await gone;
  // @ts-expect-error a limit in words
  hub.listModels({ limit: "ten" });
  // @ts-expect-error a name that no row has
  hub.listModels({ serach: "bert" });
  // @ts-expect-error which model?
  hub.modelInfo({});
  // @ts-expect-error a direction that does not exist
  hub.listModels({ direction: "up" });
  // @ts-expect-error a method that does not exist
  hub.listKernels();
}

export async function writes(hub: Hub): Promise<CommitResult> {
  // @ts-expect-error no title
  await hub.commit({ repo: "a/b", operations: [] });
  // @ts-expect-error a visibility that does not exist
  await hub.createRepo({ repo: "a/b", visibility: "secret" });
  // @ts-expect-error what does it watch?
  await hub.createWebhook({ domains: ["repo"], url: "https://example.org" });
  const operations = [{ operation: "delete", path: "a" }] as const;
  return await hub.commit(
    { repo: "a/b", title: "T", operations },
    { onProgress: ({ loaded }) => loaded satisfies number },
  );
}

export async function talks(router: InferenceRouter): Promise<string> {
  const messages = [{ role: "user", content: "Hi" }] as const;
  for await (const chunk of router.chatCompletionStream({ model: "a/b:fastest", messages }))
    chunk satisfies ChatCompletionChunk;
  const { choices } = await router.chatCompletion({ model: "a/b", messages, temperature: undefined });
  // @ts-expect-error no messages
  await router.chatCompletion({ model: "a/b" });
  // @ts-expect-error the content may be absent
  choices[0]?.message.content satisfies string;
  return choices[0]?.message.content ?? "";
}

export async function asks(router: InferenceRouter): Promise<void> {
  const messages = [{ role: "user", content: "Hi" }] as const;
  const provider = { top_k: 40, min_p: 0.05, chat_template_kwargs: { enable_thinking: false }, novelty: [1] };
  await router.chatCompletion({ model: "a/b", messages, ...provider });
  router.chatCompletionStream({ model: "a/b", messages, top_k: 40, novelty: [1] });
  // @ts-expect-error a known parameter of another type
  await router.chatCompletion({ model: "a/b", messages, top_k: "forty" });
  // @ts-expect-error the other method streams
  await router.chatCompletion({ model: "a/b", messages, stream: true });
}

export async function embeds(router: InferenceRouter, inputs: string | string[]): Promise<number | undefined> {
  const vector = await router.featureExtraction({ model: "a/b", inputs: "one" });
  const vectors = await router.featureExtraction({ model: "a/b", inputs: ["one", "two"] });
  const tokens = await router.featureExtraction<number[][]>({ model: "a/b", inputs: ["one", "two"] });
  tokens satisfies number[][][];
  const oneOrSeveral = await router.featureExtraction({ model: "a/b", inputs });
  oneOrSeveral satisfies number[] | number[][];
  // @ts-expect-error one text has one vector
  vector[0]?.length;
  // @ts-expect-error a typo in a parameter
  await router.featureExtraction({ model: "a/b", inputs: "one", normalise: true });
  return vector.reduce((sum, number) => sum + number, 0) + (vectors[0]?.reduce((sum, number) => sum + number, 0) ?? 0);
}

export async function discusses(hub: Hub): Promise<string[]> {
  const { events, changes } = await hub.discussionInfo({ repo: "a/b", num: 1, diff: true });
  changes?.mergeCommitId satisfies string | undefined;
  // @ts-expect-error a status that cannot be set
  await hub.changeDiscussionStatus({ repo: "a/b", num: 1, status: "merged" });
  const merged: Promise<void> = hub.mergePullRequest({ repo: "a/b", num: 1 });
  await merged;
  return events.map((event) => (event.type === "comment" ? event.data.latest.raw : event.id));
}

export async function undeclared(hub: Hub): Promise<unknown> {
  const info = await hub.modelInfo({ repo: "a/b" });
  // @ts-expect-error a typo
  info.downlods;
  return raw(info).downlods;
}

export function errors(error: unknown): string | undefined {
  if (error instanceof GatedError) return error.kind;
  // @ts-expect-error a kind that does not exist
  if (error instanceof HfError && error.kind === "sad") return undefined;
  return error instanceof HfError ? error.advice : undefined;
}

new Hub({ token: async () => undefined, fetch: globalThis.fetch, retry: { attempts: 2 }, timeout: 1000 });
// @ts-expect-error an option that does not exist
new Hub({ accessToken: "hf_x" });
// @ts-expect-error a token that is none
new InferenceRouter({ token: 7 });
