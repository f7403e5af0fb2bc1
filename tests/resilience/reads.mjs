// The reads of the mix. What they give while everything breaks must be what they gave in peace.

import { collect } from "../runtimes/context.mjs";
import { one } from "./dice.mjs";

const models = ["acme/tiny-bert", "alice/playground"];
const all = (list) => collect(list);
const text = async (blob) => await (await blob).text();

/** Name, weight, the parameters to choose from, and the call. */
const table = [
  ["modelInfo", 2, models, (hub, repo) => hub.modelInfo({ repo })],
  ["modelTags", 0.1, [undefined], (hub) => hub.modelTags()],
  ["datasetTags", 0.3, [undefined], (hub) => hub.datasetTags()],
  ["listModels over pages", 0.5, [{ author: "acme", pageSize: 5 }], async (hub, given) => (await all(hub.listModels(given))).map(({ id }) => id)],
  ["listDatasets over pages", 1, [{ author: "acme", pageSize: 2 }], async (hub, given) => (await all(hub.listDatasets(given))).map(({ id }) => id)],
  ["listSpaces", 1, [{ author: "acme", pageSize: 3 }], async (hub, given) => (await hub.listSpaces(given)).items.map(({ id }) => id)],
  ["listCommits over pages", 4, [10, 7], (hub, limit) => all(hub.listCommits({ repo: models[0], limit }))],
  ["listRefs", 13, models, (hub, repo) => hub.listRefs({ repo, include_prs: true })],
  ["listFiles over pages", 6, [3, 50], (hub, limit) => all(hub.listFiles({ repo: models[0], recursive: true, limit }))],
  ["pathsInfo", 8, [["README.md"], ["config.json", "nothing"]], (hub, paths) => hub.pathsInfo({ repo: models[0], paths })],
  ["listDiscussions over pages", 2, ["all", "pull_request"], (hub, type) => all(hub.listDiscussions({ repo: models[0], type }))],
  ["whoAmI", 14, [undefined], (hub) => hub.whoAmI()],
  ["listCollections", 3, [{ owner: "acme", pageSize: 2 }], (hub, given) => all(hub.listCollections(given))],
  ["downloadFile", 12, ["README.md", "config.json"], (hub, path) => text(hub.downloadFile({ repo: models[0], path }))],
  ["downloadFile of a large file", 2, [{ start: 100, end: 900 }], (hub, range) => text(hub.downloadFile({ repo: models[0], path: "model.safetensors", range }))],
  ["router.listModels", 1, [undefined], (_, __, router) => router.listModels()],
];

/** The reads, which know from now on what they have to give. */
export async function readsOf(hub, router) {
  const expected = new Map();
  const key = (name, given) => `${name} ${JSON.stringify(given)}`;
  for (const [name, , choices, run] of table) {
    for (const given of choices) expected.set(key(name, given), JSON.stringify(await run(hub, given, router)));
  }
  return table.map(([name, weight, choices, run]) => ({
    name,
    weight,
    kinds: [],
    async run({ roll }) {
      const given = one(choices, roll);
      const got = JSON.stringify(await run(hub, given, router));
      if (got !== expected.get(key(name, given))) throw new Error(`${key(name, given)} gave ${got.slice(0, 200)}`);
    },
  }));
}
