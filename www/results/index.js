// Which view shows the result of which endpoint.

import { fill } from "../dom.js";
import { showChat, showWholeChat } from "./chat.js";
import { collectionItem, collectionView } from "./collections.js";
import { commitItem } from "./commits.js";
import { commentView, discussionItem, discussionView, mergedView, openedView, statusView } from "./discussions.js";
import { similarityView } from "./embeddings.js";
import { imageView } from "./image.js";
import { showPages } from "./pages.js";
import { commitView, createdView, deletedView, movedView, preuploadView, settingsView } from "./receipts.js";
import { refsView } from "./refs.js";
import { repoItem } from "./repo-item.js";
import { repoView } from "./repo-view.js";
import { routerModelsView } from "./router-models.js";
import { tagsView } from "./tags.js";
import { showTree } from "./tree.js";
import { usageView } from "./usage.js";
import { deletedHookView, hookView, hooksView } from "./webhooks.js";
import { userView, whoView } from "./who.js";

/** `view(value, context)` makes what is shown. */
const VIEWS = {
  "hub.modelInfo": { view: repoView },
  "hub.datasetInfo": { view: repoView },
  "hub.spaceInfo": { view: repoView },
  "hub.modelTags": { view: tagsView },
  "hub.datasetTags": { view: tagsView },
  "hub.createRepo": { view: createdView },
  "hub.deleteRepo": { view: deletedView },
  "hub.moveRepo": { view: movedView },
  "hub.updateRepoSettings": { view: settingsView },
  "hub.listRefs": { view: refsView },
  "hub.preupload": { view: preuploadView },
  "hub.commit": { view: commitView },
  "hub.createDiscussion": { view: openedView },
  "hub.commentDiscussion": { view: commentView },
  "hub.discussionInfo": { view: discussionView },
  "hub.changeDiscussionStatus": { view: statusView },
  "hub.mergePullRequest": { view: mergedView },
  "hub.whoAmI": { view: whoView },
  "hub.userOverview": { view: userView },
  "hub.createCollection": { view: collectionView },
  "hub.usage": { view: usageView },
  "hub.organizationUsage": { view: usageView },
  "hub.listWebhooks": { view: hooksView },
  "hub.createWebhook": { view: hookView },
  "hub.webhookInfo": { view: hookView },
  "hub.updateWebhook": { view: hookView },
  "hub.deleteWebhook": { view: deletedHookView },
  "router.listModels": { view: routerModelsView },
  "router.featureExtraction": { view: similarityView },
  "router.textToImage": { view: imageView },
};

const LISTS = {
  "hub.listModels": { item: repoItem, noun: "model" },
  "hub.listDatasets": { item: repoItem, noun: "dataset" },
  "hub.listSpaces": { item: repoItem, noun: "Space" },
  "hub.listCommits": { item: commitItem, noun: "commit" },
  "hub.listDiscussions": { item: discussionItem, noun: "discussion" },
  "hub.listCollections": { item: collectionItem, noun: "collection" },
};

/** Makes the call and shows the response; returns the line for the status. */
export async function showResult(context, signal) {
  const { endpoint, output, form, call, setRaw } = context;
  if (endpoint.key === "hub.listFiles") return showTree(context, signal);
  if (endpoint.reply === "pages") return showPages(context, LISTS[endpoint.key], signal);
  if (endpoint.reply === "events") return form.streams() ? showChat(context, signal) : showWholeChat(context, signal);
  const value = await call(endpoint.name, signal);
  setRaw(value);
  fill(output, VIEWS[endpoint.key].view(value, context));
  return "Done";
}
