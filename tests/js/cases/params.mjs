// Bad parameters fail before any request, naming the field; what a body may hold is the API's to judge.

import { equal, ok, rejects } from "../assert.mjs";

const repo = "alice/playground";
const operations = [{ operation: "addOrUpdate", path: "a", content: "A" }];

/** Class, method, parameters, and the field that is wrong. */
const wrong = [
  ["hub", "listModels", { limit: "ten" }, "limit"],
  ["hub", "listModels", { limit: 1.5 }, "limit"],
  ["hub", "listModels", { limit: 0 }, "limit"],
  ["hub", "listModels", { pageSize: -1 }, "pageSize"],
  ["hub", "listFiles", "acme/tiny-bert", "params"],
  ["hub", "listModels", 7, "params"],
  ["hub", "createRepo", { repo, privat: true }, "privat"],
  ["hub", "createRepo", { repo, type: "dataset" }, "type"],
  ["hub", "createDiscussion", { repo, title: "Title", description: "x", repoType: "space" }, "repoType"],
  ["hub", "commentDiscussion", { repo, discussionNum: 1, comment: "x" }, "discussionNum"],
  ["router", "chatCompletion", { model: "m", prompt: "x" }, "prompt"],
  ["router", "chatCompletion", { model: "m", message: "x" }, "message"],
  ["hub", "modelInfo", { repo: "datasets/acme/reviews" }, "repo"],
  ["hub", "datasetInfo", { repo: { type: "model", name: "acme/x" } }, "repo"],
  ["hub", "listModels", { serach: "bert" }, "serach"],
  ["hub", "listModels", { full: "yes" }, "full"],
  ["hub", "modelInfo", {}, "repo"],
  ["hub", "modelInfo", { repo: 7 }, "repo"],
  ["hub", "modelInfo", { repo: "a/../b" }, "repo"],
  ["hub", "modelInfo", { repo: "" }, "repo"],
  ["hub", "listRefs", { repo: { type: "bucket", name: "a/b" } }, "repo"],
  ["hub", "listFiles", { repo, path: "../secret" }, "path"],
  ["hub", "downloadFile", { repo, path: "a/./b" }, "path"],
  ["hub", "downloadFile", { repo, path: "a", range: { start: 5, end: 5 } }, "range"],
  ["hub", "listCommits", { repo, revision: ".." }, "revision"],
  ["hub", "createRepo", { repo, visibility: "secret" }, "visibility"],
  ["hub", "listDiscussions", { repo, type: "all", status: "sleeping" }, "status"],
  ["hub", "commentDiscussion", { repo, num: "one", comment: "x" }, "num"],
  ["hub", "createWebhook", { domains: ["repo"] }, "watched"],
  ["hub", "commit", { repo, operations }, "title"],
  ["hub", "commit", { repo, title: "T", operations: [{ operation: "edit", path: "a" }] }, "operations[0].operation"],
  [
    "hub",
    "commit",
    { repo, title: "T", operations: [{ operation: "addOrUpdate", path: "a", content: 7 }] },
    "operations[0].content",
  ],
  [
    "hub",
    "commit",
    { repo, title: "T", operations: [...operations, { operation: "rename", path: "b" }] },
    "operations[1].from",
  ],
  ["router", "chatCompletion", { model: "emulator/echo" }, "messages"],
  ["router", "chatCompletion", { messages: [] }, "model"],
  ["router", "chatCompletion", { model: "m", messages: [], temperature: "hot" }, "temperature"],
  ["router", "featureExtraction", { model: "a/b", inputs: 7 }, "inputs"],
  ["router", "textToImage", { model: "a/b" }, "inputs"],
];

export const cases = [
  {
    name: "wrong parameters are refused before any request, by name",
    async run(context) {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return new Response("{}");
      };
      for (const [kind, method, params, field] of wrong) {
        const call = (async () => await context[kind]({ fetch })[method](params))();
        const error = await rejects(call, { kind: "invalidInput" }).catch((problem) => {
          throw new Error(`${method}(${JSON.stringify(params)}): ${problem.message}`);
        });
        equal(error.field, field, `${method}(${JSON.stringify(params)})`);
        ok(error.message.includes(field), error.message);
        ok(error instanceof context.InvalidInputError && error.status === undefined);
      }
      equal(asked, 0);
    },
  },
  {
    name: "wrong options are refused, by name",
    async run({ hub }) {
      await rejects(hub({ endpoint: "ftp://hub" }).whoAmI(), { field: "endpoint" });
      await rejects(hub({ timeout: -1 }).whoAmI(), { field: "timeout" });
      await rejects(hub({ headers: { "x-a": "a\nb" } }).whoAmI(), { field: "headers.x-a" });
      await rejects(hub({ token: "with space" }).whoAmI(), { field: "token" });
      await rejects(hub().whoAmI({ retry: "often" }), { field: "retry" });
    },
  },
  {
    name: "a field that no row knows reaches the API in a body",
    async run({ router }) {
      let sent;
      const fetch = async (_, init) => {
        sent = JSON.parse(init.body);
        return Response.json({ choices: [] });
      };
      await router({ fetch }).chatCompletion({ model: "a/b", messages: [], novelty: { deep: [1] } });
      equal(sent, { model: "a/b", messages: [], novelty: { deep: [1] } });
    },
  },
];
