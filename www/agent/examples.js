// What the panel begins with: a task, what it allows, and the script that the local Hub's model follows.

import { connection } from "../connection.js";

const OWN = "alice/bert-notes";
const NOTE = [{ operation: "addOrUpdate", path: "NOTES.md", content: "# BERT models\n\nTwo of them are small enough for a phone.\n" }];

/** Five calls: one of them denied, one that a person is asked about. */
const SCRIPT = [
  { reasoning: "First, I see which models there are.", calls: [{ name: "hub_listModels", arguments: { search: "bert", limit: 3 } }] },
  { text: "I will put the note where people look for it.", calls: [{ name: "hub_commit", arguments: { repo: "acme/tiny-bert", title: "Add a note", operations: NOTE } }] },
  { text: "That is not mine to change, so I keep it in a repository of my own.", calls: [{ name: "hub_createRepo", arguments: { repo: OWN, private: true } }] },
  { calls: [{ name: "hub_commit", arguments: { repo: OWN, title: "Add a note", operations: NOTE } }] },
  { text: "Now I delete it again.", calls: [{ name: "hub_deleteRepo", arguments: { repo: OWN } }] },
  { text: "I wrote the note into a repository of my own. The steps above show the rest." },
];

const TASK = "Write a note on the BERT models into acme/tiny-bert. If you may not, keep it in a repository of your own, and delete that repository at the end.";

export function exampleRun() {
  if (connection.mode === "local") return { model: "emulator/scripted", task: TASK, script: SCRIPT, groups: LOCAL, within: "*/alice/*" };
  return { model: "meta-llama/Llama-3.1-8B-Instruct", task: "Which three BERT models are downloaded most, and what are they for?", script: SCRIPT, groups: LOOKING, within: "" };
}

const LOOKING = { models: "read", datasets: "read", spaces: "read", repos: "read", discussions: "read", account: "read" };
const LOCAL = { ...LOOKING, repos: "full" };

/** Whether a model follows a script. */
export function followsScript(model) {
  return /^emulator\/scripted(:|$)/.test(model);
}

/** What a model is told before its task. */
export const BEFORE = [{ role: "system", content: "You work on the Hugging Face Hub with the tools you are given. Do the task, then say in short what you did. Where a call is denied, do not try it again." }];

/** The conversation that a run begins with; `script` and `before` are JSON. What is not, is not sent. */
export function messagesOf({ model, task, script, before }) {
  const first = followsScript(model) ? [{ role: "system", content: `\`\`\`json\n${script}\n\`\`\`` }] : parsed(before);
  return [...first, { role: "user", content: task }];
}

function parsed(text) {
  try {
    const messages = JSON.parse(text);
    return Array.isArray(messages) ? messages : [];
  } catch {
    return [];
  }
}
