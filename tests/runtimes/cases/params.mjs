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
  ["hub", "modelInfo", ["acme/x"], "params"],
  ["hub", "createRepo", { repo, sdk: "gradio" }, "sdk"],
  ["hub", "createRepo", { repo, exist_ok: true }, "exist_ok"],
  ["hub", "createRepo", { repo, existOk: "yes" }, "existOk"],
  ["hub", "createRepo", { repo: "alice/x.git" }, "repo"],
  ["router", "chatCompletion", { model: "m", messages: [], stream: 1 }, "stream"],
  ["hub", "createRepo", { repo, privat: true }, "privat"],
  ["hub", "createRepo", { repo: "alice/a--b" }, "repo"],
  ["hub", "moveRepo", { fromRepo: "alice/a", toRepo: "alice/a--b" }, "toRepo"],
  ["hub", "listModels", { search: "a\ud800" }, "search"],
  ["hub", "listModels", { filter: ["a", "\udc00b"] }, "filter"],
  ["hub", "downloadFile", { repo, path: "a\ud800.txt" }, "path"],
  ["hub", "createDiscussion", { repo, title: "a\ud800b", description: "x" }, "title"],
  ["hub", "commit", { repo, title: "\ud800", operations }, "title"],
  ["hub", "commit", { repo, title: "T", operations: [{ ...operations[0], path: "\ud800" }] }, "operations[0].path"],
  ["hub", "commit", { repo, title: "T", operations: [{ ...operations[0], content: "\udfff" }] }, "operations[0].content"],
  ["hub", "commit", { repo, title: "T", operations: [{ operation: "rename", path: "a", from: "\ud800" }] }, "operations[0].from"],
  ["hub", "createRepo", { repo, files: [{ path: "a", content: "\udc00" }] }, "files"],
  ["hub", "createRepo", { repo, novelty: { deep: { "\\\ud800": 1 } } }, "novelty"],
  ["hub", "createRepo", { repo, "new\ud800": 1 }, "new\ufffd"],
  ["hub", "listModels", { "new\ud800": "x" }, "new\ufffd"],
  ["router", "chatCompletion", { model: "m", messages: [{ role: "user", content: "a\ud83d" }] }, "messages"],
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
  ["router", "chatCompletion", { model: "m", messages: [], temperature: "hot" }, "temperature"],
  ["router", "featureExtraction", { model: "a/b", inputs: 7 }, "inputs"],
  ["router", "textToImage", { model: "a/b" }, "inputs"],
];

export const cases = [
  {
    name: "characters beyond 16 bits, and the replacement character itself, pass",
    async run({ hub, fresh }) {
      const [client, name] = [hub(), fresh("unicode")];
      await client.createRepo({ repo: name });
      const title = "Add \u{1f917} and \ufffd";
      const path = "\u{1f917}\ufffd.txt";
      await client.commit({ repo: name, title, operations: [{ operation: "addOrUpdate", path, content: title }] });
      equal(await (await client.downloadFile({ repo: name, path })).text(), title);
      equal((await client.listCommits({ repo: name, limit: 1 })).items[0].title, title);
      await client.deleteRepo({ repo: name });
    },
  },
  {
    name: "what exists can be read, whatever new names may be",
    async run({ hub }) {
      const asked = [];
      let sent;
      const fetch = async (url, { body }) => {
        asked.push(url);
        sent = body && JSON.parse(body);
        return Response.json({ id: "a--b/c--d" });
      };
      const client = hub({ endpoint: "https://hub.example", fetch });
      await client.modelInfo({ repo: "a--b/c--d" });
      await client.createRepo({ repo: "a--b/new" });
      equal(asked, ["https://hub.example/api/models/a--b/c--d", "https://hub.example/api/repos/create"]);
      equal(sent, { organization: "a--b", name: "new", type: "model" });
      await client.moveRepo({ fromRepo: "a--b/c--d", toRepo: "a--b/new" });
      asked.length = 0;
      for (const call of [
        () => client.createRepo({ repo: "a--b/new--er" }),
        () => client.createRepo({ repo: { type: "dataset", name: "ab/new--er" } }),
        () => client.moveRepo({ fromRepo: "a--b/c--d", toRepo: "ab/new--er" }),
      ]) {
        const { message, field } = await rejects(call(), { kind: "invalidInput" });
        ok(["repo", "toRepo"].includes(field) && message.includes('must not hold "--"'), message);
      }
      equal(asked, []);
    },
  },
  {
    name: "a repository that exists already may be a success; one that is being made is waited for",
    async run({ hub, fresh }) {
      const [client, name] = [hub(), fresh("exists")];
      const { url } = await client.createRepo({ repo: name, existOk: true });
      const again = await client.createRepo({ repo: name, existOk: true });
      equal([again.url, again.name], [url, name]);
      await rejects(client.createRepo({ repo: name }), { kind: "conflict" });
      await rejects(client.createRepo({ repo: name, existOk: false }), { kind: "conflict" });
      await client.deleteRepo({ repo: name });
      const sent = [];
      const fetch = async (_, init) => {
        sent.push(JSON.parse(init.body));
        if (sent.length > 1) return Response.json({ url: "https://hub.example/a/b" });
        return Response.json({ error: "Cannot create repo: another conflicting operation is in progress" }, { status: 409 });
      };
      await hub({ endpoint: "https://hub.example", fetch, retry: true }).createRepo({ repo: "a/b", existOk: true });
      equal([sent.length, "existOk" in sent[0]], [2, false]);
      const answers = (body) => hub({ endpoint: "https://hub.example", fetch: async () => Response.json(body, { status: 409 }) });
      const existing = answers({ error: "You already created this dataset repo", url: "https://hub.example/datasets/me/x" });
      equal(await existing.createRepo({ repo: "datasets/x", existOk: true }), { url: "https://hub.example/datasets/me/x", name: "me/x" });
      const busy = answers({ error: "Operation in progress" });
      const refused = await rejects(busy.createRepo({ repo: "a/b", existOk: true }, { retry: false }), { kind: "conflict" });
      equal(refused.message, "createRepo a/b: Operation in progress (409)");
    },
  },
  {
    name: "an endpoint that serves one model needs no name of it, the router does",
    async run({ InferenceRouter }) {
      const asked = [];
      const fetch = async (url) => {
        asked.push(url);
        return Response.json({ choices: [] });
      };
      const messages = [{ role: "user", content: "x" }];
      for (const endpoint of ["https://x.endpoints.example", "https://x.endpoints.example/v1", "https://x.endpoints.example/v1/"]) {
        await new InferenceRouter({ endpoint, fetch, token: "hf_x" }).chatCompletion({ messages });
        equal(asked.at(-1), "https://x.endpoints.example/v1/chat/completions");
      }
      const router = new InferenceRouter({ fetch, token: "hf_x" });
      await rejects(router.chatCompletion({ messages }), { kind: "invalidInput", field: "model" });
    },
  },
  {
    name: "a repository of another type is refused with the method to call",
    async run({ hub }) {
      const client = hub();
      const calls = [
        [() => client.modelInfo({ repo: { type: "dataset", name: "acme/x" } }), "names a dataset, where a model is needed: call datasetInfo"],
        [() => client.modelInfo({ repo: "spaces/acme/x" }), "names a space, where a model is needed: call spaceInfo"],
        [() => client.datasetInfo({ repo: "models/acme/x" }), "names a model, where a dataset is needed: call modelInfo"],
        [() => client.spaceInfo({ repo: { type: "model", name: "acme/x" } }), "names a model, where a space is needed: call modelInfo"],
        [() => client.modelInfo({ repo: "kernels/acme/x" }), "names a kernel, where a model is needed"],
      ];
      for (const [call, problem] of calls) {
        const { message } = await rejects(call(), { kind: "invalidInput", field: "repo" });
        ok(message.endsWith(`"repo" ${problem}`), message);
      }
    },
  },
  {
    name: "more paths than one request takes are refused before it is sent",
    async run({ hub }) {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return Response.json([]);
      };
      const paths = (count) => Array.from({ length: count }, (_, at) => `${at}`);
      const client = hub({ fetch });
      equal(await client.pathsInfo({ repo, paths: paths(1000) }), []);
      const error = await rejects(client.pathsInfo({ repo, paths: paths(1001) }), { kind: "invalidInput", field: "paths" });
      ok(error.message.includes("more than 1000"), error.message);
      equal(asked, 1);
    },
  },
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
    name: "headers of the caller arrive, whatever their names",
    async run({ hub }) {
      let sent;
      const fetch = async (_, { headers }) => {
        sent = headers;
        return Response.json({ id: "x" });
      };
      // In an object, `__proto__` would be no member but its prototype.
      const headers = [["__proto__", "a"], ["constructor", "b"], ["X-Case", "c: d"], ["x-case", "e: f"], ["x-empty", ""]];
      await hub({ fetch, headers }).modelInfo({ repo: "acme/x" });
      const own = Object.entries(sent).filter(([name]) => !["authorization", "accept", "user-agent"].includes(name));
      equal(own, [["__proto__", "a"], ["constructor", "b"], ["x-case", "e: f"], ["x-empty", ""]]);
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
      // What looks like an escaped surrogate is none.
      const novelty = { deep: [1, "\\ud800", "\ud83d\ude00\ufffd"] };
      await router({ fetch }).chatCompletion({ model: "a/b", messages: [], novelty });
      equal(sent, { model: "a/b", messages: [], novelty });
    },
  },
];
