// A model works on a task with the package's tools, under a policy that the person sets with switches.

import { connection, governed } from "../connection.js";
import { copyButton } from "../copy.js";
import { fill, h, uniqueId } from "../dom.js";
import { errorCard } from "../errors.js";
import { many } from "../format.js";
import { code, jsonText } from "../highlight.js";
import { createTabs } from "../tabs.js";
import { createTask } from "../task.js";
import { askForApproval } from "./approval.js";
import { agentCode } from "./code.js";
import { createEvents } from "./events.js";
import { exampleRun } from "./examples.js";
import { createRunForm } from "./form.js";
import { createSteps } from "./steps.js";

const ENDS = {
  answered: "Answered",
  length: "The answer was cut off",
  filtered: "The answer was filtered",
  turns: "Stopped at the cap on turns",
};

export function createAgentPanel(services) {
  const steps = createSteps();
  const empty = h("p.empty", {}, "Run the task to see each step that the agent takes.");
  const output = h("div.output", {}, empty, steps.element);
  const [records, messages, source] = [h("div.code-box"), h("div.code-box"), h("div.code-box")];
  // Only the local Hub has a place of its own that webhooks can reach.
  const events = connection.mode === "local" ? createEvents() : null;
  const pages = [["Steps", output], ["Records", records], ["Messages", messages], ["Events", events?.element], ["Code", source]].filter(([, page]) => page !== undefined);
  const tabs = createTabs("The run", pages);
  const form = createRunForm(exampleRun(), { onRun: (given) => void run(given), onChange: showSource });
  const task = createTask("Stop", form, services);

  function showSource() {
    const text = () => agentCode(form.read());
    fill(source, copyButton(text), code(text()));
  }

  function showJson(box, value) {
    fill(box, copyButton(() => jsonText(value)), code(jsonText(value)));
  }

  async function run(given) {
    if (task.isRunning()) return;
    tabs.show("Steps");
    steps.clear();
    empty.hidden = connection.problem === null;
    if (connection.problem !== null) {
      fill(empty, connection.problem);
      return;
    }
    response.scrollIntoView({ block: "nearest" });
    const taken = [];
    await task.run((signal) => work(given, taken, signal), (error) => steps.fail(errorCard(error)));
    showJson(records, taken);
  }

  async function work({ policy, routerUrl, ...given }, taken, signal) {
    const { InferenceRouter, runTools, tools } = await import("./library.js");
    const { hub, router } = governed({
      policy,
      approve: (request) => askForApproval(steps.question, request, signal),
      onCall(record) {
        taken.push(record);
        steps.record(record);
      },
    });
    // The model itself is the person's choice; the policy is for what it does.
    const own = routerUrl === connection.routerUrl ? connection.router : new InferenceRouter({ endpoint: routerUrl, token: null });
    const under = runTools({ ...given, router: own, tools: await tools({ hub, router }), signal });
    try {
      let end;
      for await (const step of under) {
        steps.take(step);
        if (step.type === "end") end = step;
      }
      return `${ENDS[end.reason] ?? "Ended"} after ${many(end.usage.turns, "turn")} and ${many(taken.length, "call")}${end.usage.totalTokens > 0 ? `, ${many(end.usage.totalTokens, "token")}` : ""}`;
    } finally {
      showJson(messages, under.messages);
    }
  }

  function leave() {
    task.cancel();
    events?.leave();
  }

  for (const box of [records, messages]) fill(box, h("p.empty", {}, "Nothing yet."));
  showSource();
  const id = uniqueId("agent");
  const response = h("section.response", { "aria-label": "The run" }, h("div.response-head", {}, tabs.list, task.status, task.stop), task.bar, task.waiting, pages.map(([, page]) => page));
  const element = h(
    "article.panel.agent",
    { "aria-labelledby": id },
    h("header.panel-head", {},
      h("h1", { id, tabindex: "-1" }, "Agent"),
      h("p.summary", {}, "A model works on a task with the endpoints as its tools. You set what it may do; each call is checked before anything is sent, and told in plain English.")),
    h("section.request", { "aria-label": "Task and policy" }, form.element),
    response,
  );
  return { element, refresh: showSource, leave };
}
