// What the result of each panel must show on a fresh emulator, by the examples that the forms are filled with.

import assert from "node:assert/strict";

/** The text of the result holds all of these. */
const says = (...texts) => async ({ output }) => {
  const shown = await output.innerText();
  for (const text of texts) assert.ok(text instanceof RegExp ? text.test(shown) : shown.includes(text), `${text} is not in: ${shown.slice(0, 600)}`);
};

/** A list of that many items, each with a name; the texts are in it. */
const lists = (number, ...texts) => async (view) => {
  assert.equal(await view.output.locator(".list > li").count(), number);
  await says(...texts)(view);
};

export const EXPECTATIONS = {
  "hub.listModels": async (view) => {
    await lists(20, "bert", "20 models")(view);
    const names = await view.output.locator(".item-title").allInnerTexts();
    assert.ok(names.every((name) => name.toLowerCase().includes("bert")), `all are found by "bert": ${names}`);
    const downloads = await view.output.locator(".item-numbers span:first-child").allInnerTexts();
    assert.equal(downloads.length, 20);
  },
  "hub.modelInfo": says("acme/tiny-bert", "fill-mask", "mit", "Files", "files"),
  "hub.modelTags": says("pipeline_tag", "Text Generation", "Fill Mask"),
  "hub.listDatasets": async (view) => {
    const names = await view.output.locator(".item-title").allInnerTexts();
    assert.ok(names.length > 1 && names.every((name) => name.includes("reviews")), names.join());
    assert.ok(names.includes("acme/reviews"));
  },
  "hub.datasetInfo": says("acme/reviews", "Short product reviews", "task_categories:text-classification"),
  "hub.datasetTags": says("task_categories", "Text Classification"),
  "hub.listSpaces": lists(20, "gradio"),
  "hub.spaceInfo": says("acme/demo", "RUNNING", "cpu-basic", "gradio"),
  "hub.createRepo": says("Created alice/my-first-model", "/alice/my-first-model", "private"),
  "hub.deleteRepo": says("Deleted alice/throwaway"),
  "hub.moveRepo": says("alice/old-name", "alice/new-name", "redirects"),
  "hub.updateRepoSettings": says("Settings of alice/playground", "gated", "auto"),
  "hub.listCommits": async (view) => {
    await lists(10, "alice", "10 of 25 commits")(view);
    for (const oid of await view.output.locator(".oid").allInnerTexts()) assert.match(oid, /^[0-9a-f]{8}$/);
  },
  "hub.listRefs": async (view) => {
    await says("main", "dev", "refs/tags/v1.0", "refs/pr/")(view);
    assert.equal(await view.output.locator(".type").count(), 4);
  },
  "hub.listFiles": async (view) => {
    await says("onnx", "README.md", "LFS", "model.safetensors")(view);
    assert.ok((await view.output.locator(".tree details li").count()) > 0, "the folder holds its files");
  },
  "hub.preupload": async ({ output }) => {
    assert.deepEqual(await output.locator("tbody .badge").allInnerTexts(), ["large file", "inline"]);
  },
  "hub.commit": says("Add a greeting", /[0-9a-f]{40}/, "hello.txt"),
  "hub.listDiscussions": lists(50, "50 of 58 discussions", "open", "closed"),
  "hub.createDiscussion": says("Discussion #59 is open", "How was this trained?"),
  "hub.commentDiscussion": says("alice", "Thanks, that helps!", "#1 of acme/tiny-bert"),
  "hub.discussionInfo": says("Add a usage example #3", "pull request", "refs/heads/main", "added the commit", "+from transformers"),
  "hub.changeDiscussionStatus": says("#1 of acme/tiny-bert is closed"),
  "hub.mergePullRequest": says("Pull request #3 of acme/tiny-bert is merged"),
  "router.chatCompletion": async ({ output }) => {
    const bubbles = await output.locator(".bubble").allInnerTexts();
    assert.equal(bubbles.length, 2);
    assert.match(bubbles[0], /What is a tensor/);
    assert.match(bubbles[1], /emulator\/echo.*What is a tensor/s);
    assert.match(await output.innerText(), /finish reason: stop/);
  },
  "router.listModels": says("emulator/echo", "Provider", "$", "tokens/s", "tools"),
  "router.featureExtraction": async ({ output }) => {
    const cells = (await output.locator(".heat tbody td").allInnerTexts()).map(Number);
    assert.equal(cells.length, 9);
    assert.deepEqual([cells[0], cells[4], cells[8]], [1, 1, 1]);
    assert.ok(cells[1] > cells[2] + 0.2, `the cats are alike, the stocks are not: ${cells}`);
    assert.equal(await output.locator(".strip svg path").count(), 3);
  },
  "router.textToImage": async ({ output, page }) => {
    await page.waitForFunction(() => document.querySelector(".picture img")?.complete);
    const shape = await output.locator("img").evaluate((image) => [image.naturalWidth, image.naturalHeight]);
    assert.deepEqual(shape, [384, 256]);
    await says("a calm sea at dusk", "384 × 256", "image/png")({ output });
  },
  "hub.whoAmI": says("Alice Doe", "@alice", "write", "Acme"),
  "hub.userOverview": says("Alice Doe", "@alice", "Discussions", "Acme"),
  "hub.listCollections": async (view) => {
    await says("alice", "upvote")(view);
    assert.ok((await view.output.locator(".collection").count()) > 1);
  },
  "hub.createCollection": says("Created the collection", "alice/good-small-models-", "acme/tiny-bert"),
  // Which of the two depends on whether forms of the router ran before; page-behaviour.test.mjs has a session's cost.
  "hub.usage": says(/no session called a model|page-[\da-f-]{36}/),
  "hub.organizationUsage": says("In this period, no session called a model."),
  "hub.listWebhooks": says("2 webhooks", "6390e855e30d9209411de93b", "webhook-sink"),
  "hub.createWebhook": says("The webhook is registered", "user alice", "repo, discussion", "set"),
  "hub.webhookInfo": says("6390e855e30d9209411de93b", "webhook-sink"),
  "hub.updateWebhook": says("The webhook is changed", "6390e855e30d9209411de93b"),
  "hub.deleteWebhook": says("The webhook is deleted", "6390e855e30d9209411de93c"),
};
