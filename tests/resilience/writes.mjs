// The writes and the chats of the mix. Everything that is created has a name of its own, by which the audit finds it.

import { bytes } from "../runtimes/context.mjs";
import { one } from "./dice.mjs";

/** What may become of a call that is not repeated because it may have been carried out. */
const LOST = ["server", "network"];
const add = (path, content) => ({ operation: "addOrUpdate", path, content });

/** `repos`: a repository for each worker; `talk`: one with an open discussion. */
export function writesOf({ hub, router, ledger, repos, talk, shared, endpoint }) {
  const heads = new Map();
  const head = async (repo) => (await hub.listRefs({ repo })).branches[0].targetCommit;

  /** Only the worker writes there: a 412 can only mean that an attempt with a lost answer made the commit. */
  async function commit({ number, worker, roll }) {
    const repo = repos[worker];
    const large = roll() < 0.05;
    const operations = [large ? add(`w${number}.safetensors`, bytes(20_000, number)) : add(`f${number % 9}.txt`, `Call ${number}`)];
    if (!heads.has(repo)) heads.set(repo, await head(repo));
    const given = { repo, title: `Call ${number}`, parentCommit: heads.get(repo), operations };
    heads.delete(repo);
    try {
      const { commitOid } = await ledger.creates("commit", given.title, () => hub.commit(given));
      heads.set(repo, commitOid);
    } catch (error) {
      if (error.kind === "preconditionFailed") ledger.settle("commit", given.title, "made");
      throw error;
    }
  }

  async function commitShared({ number }) {
    const title = `Call ${number}`;
    await ledger.creates("commit", title, () => hub.commit({ repo: shared, title, operations: [add(`f${number}.txt`, title)] }));
  }

  async function webhook({ number }) {
    const url = `${endpoint}/_emulator/webhook-sink?call=${number}`;
    const watched = [{ type: "user", name: "bob" }];
    await ledger.creates("webhook", url, () => hub.createWebhook({ watched, domains: ["repo"], url }));
  }

  async function discussion({ number, roll }) {
    const given = { repo: one(repos, roll), title: `Call ${number}`, description: "To be found again." };
    await ledger.creates("discussion", given.title, () => hub.createDiscussion(given));
  }

  async function comment({ number }) {
    const comment = `Call ${number}`;
    await ledger.creates("comment", comment, () => hub.commentDiscussion({ repo: talk, num: 1, comment }));
  }

  async function collection({ number }) {
    const title = `Call ${number}`;
    await ledger.creates("collection", title, () => hub.createCollection({ title, namespace: "alice" }));
  }

  async function repository({ number, roll }) {
    const repo = `alice/load-call-${number}`;
    const files = [{ path: "notes.txt", content: "aGVsbG8=", encoding: "base64" }];
    await ledger.creates("repository", repo, () => hub.createRepo({ repo, ...(roll() < 0.5 && { files }) }));
  }

  const chat = (number) => ({ model: "emulator/echo", messages: [{ role: "user", content: `Repeat: ${said(number)}` }] });
  const said = (number) => `this is call ${number} of many, and nothing but it`;

  async function whole({ number }) {
    const { choices } = await router.chatCompletion(chat(number));
    if (choices[0].message.content !== said(number)) throw new Error(`got the response ${choices[0].message.content}`);
  }

  async function stream({ number, roll }) {
    const enough = roll() < 0.1 ? 3 : Infinity;
    let text = "";
    let chunks = 0;
    for await (const chunk of router.chatCompletionStream(chat(number))) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (!said(number).startsWith(text)) throw new Error(`the stream said ${text}`);
      if (++chunks === enough) return;
    }
    if (text !== said(number)) throw new Error(`the stream ended with ${text}`);
  }

  const vector = ({ number }) => router.featureExtraction({ model: "emulator/hash-embedding", inputs: `Call ${number}` });
  const settings = ({ worker, roll }) => hub.updateRepoSettings({ repo: repos[worker], gated: one(["auto", false], roll) });

  return [
    { name: "commit on its parent", weight: 8, kinds: ["preconditionFailed"], run: commit },
    { name: "commit to a shared branch", weight: 2, kinds: LOST, run: commitShared },
    { name: "createRepo", weight: 2, kinds: LOST, run: repository },
    { name: "createDiscussion", weight: 5, kinds: LOST, run: discussion },
    { name: "commentDiscussion", weight: 4, kinds: LOST, run: comment },
    { name: "createCollection", weight: 4, kinds: LOST, run: collection },
    { name: "createWebhook", weight: 2, kinds: LOST, run: webhook },
    { name: "updateRepoSettings", weight: 2, kinds: [], run: settings },
    { name: "chatCompletion", weight: 12, kinds: LOST, run: whole },
    { name: "chatCompletionStream", weight: 8, kinds: LOST, run: stream },
    { name: "featureExtraction", weight: 3, kinds: LOST, run: vector },
  ];
}
