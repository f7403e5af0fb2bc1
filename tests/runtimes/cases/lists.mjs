// Lists, infos and tags of models, datasets and Spaces.

import { equal, match, ok } from "../assert.mjs";
import { collect } from "../context.mjs";

export const cases = [
  {
    name: "listModels finds by text and sorts",
    async run({ hub }) {
      const { items } = await hub().listModels({ search: "bert", sort: "downloads", limit: 10 });
      equal(items.length, 10);
      for (const { id } of items) match(id, /bert/i);
      const downloads = items.map((model) => model.downloads);
      equal(
        downloads,
        [...downloads].sort((a, b) => b - a),
      );
    },
  },
  {
    name: "listModels filters by every one of several tags",
    async run({ hub }) {
      const { items } = await hub().listModels({ filter: ["text-generation", "license:apache-2.0"], limit: 5 });
      ok(items.length > 0, "some models carry both");
      for (const { tags } of items)
        ok(tags.includes("text-generation") && tags.includes("license:apache-2.0"), tags.join());
    },
  },
  {
    name: "modelInfo describes a model at a revision",
    async run({ hub }) {
      const model = await hub().modelInfo({ repo: "acme/tiny-bert", revision: "v1.0", blobs: true });
      equal(model.id, "acme/tiny-bert");
      match(model.sha, /^[0-9a-f]{40}$/);
      const head = await hub().modelInfo({ repo: "acme/tiny-bert" });
      ok(head.sha !== model.sha, "the tag is older than the branch");
      ok(model.siblings.find(({ rfilename }) => rfilename === "README.md").size > 0, "blobs add the size");
    },
  },
  {
    name: "modelInfo returns exactly what expand names",
    async run({ hub }) {
      const model = await hub().modelInfo({ repo: "acme/tiny-bert", expand: ["likes", "downloads"] });
      equal(Object.keys(model).sort(), ["_id", "downloads", "id", "likes"]);
    },
  },
  {
    name: "modelInfo follows the redirect of an id without namespace",
    async run({ hub }) {
      equal((await hub().modelInfo({ repo: "gpt2" })).id, "openai-community/gpt2");
    },
  },
  {
    name: "modelTags lists the tags of one type and of all",
    async run({ hub }) {
      const one = await hub().modelTags({ type: "pipeline_tag" });
      equal(Object.keys(one), ["pipeline_tag"]);
      ok(one.pipeline_tag.some(({ id }) => id === "text-generation"));
      ok(Object.keys(await hub().modelTags()).length > 3);
    },
  },
  {
    name: "datasets are listed, described and tagged",
    async run({ hub }) {
      const { items } = await hub().listDatasets({ sort: "likes", limit: 3 });
      equal(items.length, 3);
      const dataset = await hub().datasetInfo({ repo: "acme/reviews", expand: ["description", "sha"] });
      equal(dataset.id, "acme/reviews");
      ok((await hub().datasetTags({ type: "task_categories" })).task_categories.length > 0);
    },
  },
  {
    name: "Spaces are listed and described",
    async run({ hub }) {
      const { items } = await hub().listSpaces({ full: true, limit: 3 });
      equal(items.length, 3);
      const space = await hub().spaceInfo({ repo: "acme/demo" });
      equal([space.id, space.sdk, space.runtime.stage], ["acme/demo", "gradio", "RUNNING"]);
    },
  },
  {
    name: "a private repository is seen with the token only",
    async run({ hub, tokens }) {
      const found = (token) =>
        hub({ token })
          .listDatasets({ search: "private-notes" })
          .then(({ items }) => items.map(({ id }) => id));
      equal(await found(tokens.write), ["alice/private-notes"]);
      equal(await found(""), []);
      equal(await found(tokens.bob), []);
    },
  },
  {
    name: "a list goes on over pages, without a gap or a double",
    async run({ hub }) {
      const pages = [];
      const client = hub({ onResponse: ({ url }) => pages.push(url) });
      const ids = (await collect(client.listModels({ pageSize: 100, sort: "id" }), 250)).map(({ id }) => id);
      equal(ids.length, 250);
      equal(new Set(ids).size, 250);
      equal(pages.length, 3);
    },
  },
  {
    name: "a list ends",
    async run({ hub }) {
      const all = await collect(hub().listSpaces({ pageSize: 40 }));
      ok(all.length >= 98, `${all.length} Spaces`);
    },
  },
];
