// A nightly job that reports new models of a task. It keeps nothing itself: reports are files in a dataset of yours, and
// latest.json there says where to go on. A night that was missed is made up for; a second run of a night adds nothing.
//
// Run it:  HF_TOKEN=… node nightly.mjs you/new-models text-generation
// By night: nightly.yml, a workflow for GitHub's Actions, or any other scheduler.

import { Hub, NotFoundError } from "hf-wasm";

const [name, task = "text-generation"] = process.argv.slice(2);
if (!name) throw new Error("usage: node nightly.mjs <your dataset> [task]");
const repo = { type: "dataset", name };
const hub = new Hub();
await hub.createRepo({ repo, private: true, existOk: true });

const since = (await latest()) ?? new Date(Date.now() - 24 * 3600_000).toISOString();
const models = [];
// Newest first: the first one that is known ends the list, and with it the request for another page.
for await (const model of hub.listModels({ pipeline_tag: task, sort: "createdAt", limit: 2000 })) {
  if (model.createdAt <= since) break;
  models.push(model);
}
console.log(`${models.length} new models since ${since}`);
if (models.length > 0) {
  const until = models[0].createdAt;
  const lines = models.map(({ id, createdAt }) => `| [${id}](https://huggingface.co/${id}) | ${createdAt} |`);
  const report = [`# ${models.length} new models for ${task}`, "", "| model | created |", "|---|---|", ...lines, ""].join("\n");
  const files = [
    { path: `reports/${until.slice(0, 10)}.md`, content: report },
    { path: "latest.json", content: JSON.stringify({ until }) },
  ];
  await hub.uploadFiles({ repo, files, commitTitle: `${models.length} new models` });
}

/** When the newest model that was reported was created. */
async function latest() {
  try {
    const file = await hub.downloadFile({ repo, path: "latest.json" });
    return JSON.parse(await file.text()).until;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined; // no report yet
    throw error;
  }
}
