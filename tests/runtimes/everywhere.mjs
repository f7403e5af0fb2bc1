// The cases that need nothing but what the package exports: they run wherever JavaScript runs, also bundled.
// None needs another's traces.

import { cases as budgets } from "./cases/budgets.mjs";
import { cases as answers } from "./cases/answers.mjs";
import { cases as bounds } from "./cases/bounds.mjs";
import { cases as cancel } from "./cases/cancel.mjs";
import { cases as changes } from "./cases/changes.mjs";
import { cases as clients } from "./cases/clients.mjs";
import { cases as commits } from "./cases/commits.mjs";
import { cases as downloads } from "./cases/downloads.mjs";
import { cases as errors } from "./cases/errors.mjs";
import { cases as files } from "./cases/files.mjs";
import { cases as inference } from "./cases/inference.mjs";
import { cases as largeFiles } from "./cases/large-files.mjs";
import { cases as lists } from "./cases/lists.mjs";
import { cases as options } from "./cases/options.mjs";
import { cases as pages } from "./cases/pages.mjs";
import { cases as panics } from "./cases/panics.mjs";
import { cases as params } from "./cases/params.mjs";
import { cases as parts } from "./cases/parts.mjs";
import { cases as people } from "./cases/people.mjs";
import { cases as policies } from "./cases/policies.mjs";
import { cases as races } from "./cases/races.mjs";
import { cases as redirects } from "./cases/redirects.mjs";
import { cases as repos } from "./cases/repos.mjs";
import { cases as secrets } from "./cases/secrets.mjs";
import { cases as signals } from "./cases/signals.mjs";
import { cases as splits } from "./cases/splits.mjs";
import { cases as standins } from "./cases/standins.mjs";
import { cases as uploads } from "./cases/uploads.mjs";

export const cases = [
  ...group("lists", lists),
  ...group("pages", pages),
  ...group("repositories", repos),
  ...group("commits", commits),
  ...group("changes", changes),
  ...group("uploads", uploads),
  ...group("parts", parts),
  ...group("splits", splits),
  ...group("large files", largeFiles),
  ...group("races", races),
  ...group("downloads", downloads),
  ...group("files", files),
  ...group("people", people),
  ...group("inference", inference),
  ...group("answers", answers),
  ...group("errors", errors),
  ...group("cancel", cancel),
  ...group("signals", signals),
  ...group("bounds", bounds),
  ...group("parameters", params),
  ...group("options", options),
  ...group("clients", clients),
  ...group("secrets", secrets),
  ...group("policies", policies),
  ...group("budgets", budgets),
  ...group("redirects", redirects),
  ...group("stand-ins", standins),
  ...group("panics", panics),
];

/** The endpoints that have to answer with success while the cases run. */
export const endpoints = [
  "hub.listModels",
  "hub.modelInfo",
  "hub.modelTags",
  "hub.listDatasets",
  "hub.datasetInfo",
  "hub.datasetTags",
  "hub.listSpaces",
  "hub.spaceInfo",
  "hub.createRepo",
  "hub.deleteRepo",
  "hub.moveRepo",
  "hub.updateRepoSettings",
  "hub.listCommits",
  "hub.listRefs",
  "hub.listFiles",
  "hub.preupload",
  "hub.commit",
  "hub.listDiscussions",
  "hub.createDiscussion",
  "hub.commentDiscussion",
  "hub.discussionInfo",
  "hub.changeDiscussionStatus",
  "hub.mergePullRequest",
  "router.chatCompletion",
  "router.listModels",
  "router.featureExtraction",
  "router.textToImage",
  "hub.whoAmI",
  "hub.userOverview",
  "hub.listCollections",
  "hub.createCollection",
  "hub.usage",
  "hub.organizationUsage",
  "hub.listWebhooks",
  "hub.createWebhook",
  "hub.webhookInfo",
  "hub.updateWebhook",
  "hub.deleteWebhook",
];

/** A group of cases, each with the group's title in its name. */
export function group(title, list) {
  return list.map(({ name, run }) => ({ name: `${title}: ${name}`, run }));
}
