// What an agent did, step by step in plain English: what it thinks and says, and the record of each call.

import { add, fill, h } from "../dom.js";
import { duration } from "../format.js";
import { icon } from "../icons.js";

const FACES = {
  allowed: { icon: "check", look: "good" },
  approved: { icon: "person", look: "good" },
  denied: { icon: "lock", look: "bad" },
  declined: { icon: "lock", look: "bad" },
  refused: { icon: "warn", look: "warn" },
  failed: { icon: "warn", look: "bad" },
  stopped: { icon: "stop", look: "warn" },
};

/** `{ element, take, record, ask }`: `take` shows a step of a run, `record` the record of a call. */
export function createSteps() {
  const list = h("ol.steps", { role: "log", "aria-label": "Steps of the agent", tabindex: "0" });
  const question = h("div", { "aria-live": "assertive" });
  /** What the model is saying. */
  let saying = { turn: 0 };

  /** Adds to the list, and shows its end to whoever has not scrolled away from it. */
  function put(part, place = list) {
    const following = list.getBoundingClientRect().bottom < innerHeight + 80;
    place.append(part);
    if (following) list.lastChild.scrollIntoView({ block: "nearest" });
  }

  function say({ type, turn, text }) {
    if (saying.turn !== turn || saying.type !== type) {
      saying = { turn, type, text: h("span.pre") };
      put(h(`li.step.${type === "text" ? "says" : "thinks"}`, {}, h("span.round", {}, icon(type === "text" ? "agent" : "spark")), h("p", {}, h("span.visually-hidden", {}, type === "text" ? "It says: " : "It thinks: "), saying.text)));
    }
    put(text, saying.text);
  }

  function show(word, sentence, facts) {
    const face = FACES[word];
    put(h(`li.step.${face.look}`, {}, h(`span.round.${face.look}`, {}, icon(face.icon)), h("div", {}, h("p", {}, sentence), h("p.item-meta", {}, h(`span.badge.${face.look}`, {}, word), facts.filter(Boolean).map((fact) => h("span", {}, fact))))));
  }

  return {
    element: [list, question],
    question,
    clear() {
      fill(list);
      fill(question);
      saying = { turn: 0 };
    },
    take(step) {
      if (step.type === "text" || step.type === "reasoning") say(step);
      // What came to no call has no record.
      if (step.type === "result" && step.result.isError && step.result.error === undefined) show("refused", reason(step.result.text), []);
    },
    record(record) {
      const word = record.outcome === "failed" ? "failed" : record.outcome === "aborted" ? "stopped" : record.decision;
      show(word, `${record.sentence}.`, [record.endpoint, record.requests > 0 ? duration(record.duration) : "nothing was sent", record.rule && !record.sentence.includes(record.rule) && `rule ${record.rule}`]);
    },
    fail: (card) => add(question, [card]),
  };
}

/** Why a tool was not called, in one line. A list of all tools would be too long. */
function reason(text) {
  if (text.startsWith("There is no tool")) return `${text.split(". There are:")[0]}: what the policy always denies is not offered.`;
  const [line, ...problems] = text.split("\n");
  return problems.length === 0 ? line : `${line} ${problems.map((problem) => problem.replace(/^- /, "")).join("; ")}.`;
}
