// Others judge the router class: llmock refuses, fails and breaks streams, and looks at how the client takes it.
// It sees requests only. That a client noticed a broken stream it learns by the repetition, and that is the program's
// to make: half the response has been given to it already. So the tests of streams hold both, what the iterator throws
// and, with a program that asks anew, the verdict.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { HfError } from "hf-wasm";

import { chat, many, passes, startJudge, tally } from "./judge.mjs";

const judges = [];
after(() => judges.map((judge) => judge.stop()));

async function judged(...flags) {
  const judge = await startJudge(...flags);
  judges.push(judge);
  return judge;
}

const message = (answer) => answer.choices[0].message.content;
const status = ({ reason }) => {
  assert.ok(reason instanceof HfError, String(reason));
  return reason.status;
};

/** Every call has an end, and every request that the judge received is one that the client told of. */
async function accounted(judge, client, results, requests) {
  requests ??= await judge.requests();
  assert.equal(client.sent.answered, requests.length, "as many answers as requests");
  const failed = results.filter(({ status }) => status === "rejected");
  const refused = requests.filter(({ status }) => status >= 400).length;
  assert.equal(refused, client.sent.retried + failed.length, "each refusal was repeated or told to the caller");
  for (const [number, result] of results.entries()) {
    if (result.status === "fulfilled") assert.match(message(result.value), new RegExp(`Call ${number}:`));
  }
  return { requests, failed };
}

test("--rpm: the client waits as long as it is told, and everything is answered", async () => {
  const judge = await judged("--rpm", "120");
  // Sixteen calls share two answers a second: on a busy machine one of them may be refused more often than it is by default
  // sent.
  const client = judge.client({ retry: { attempts: 20 } });
  const results = await many(130, 16, (number) => client.chatCompletion(chat(number)));
  const { requests, failed } = await accounted(judge, client, results);
  assert.deepEqual(failed.map(status), []);
  assert.ok(requests.some(({ fault }) => fault === "ratelimit:requests"), "the limit was hit");
  await passes(judge);
});

/** Status, and whether a chat that it refused is sent again: only where the response says that nothing was done. */
const STATUSES = [
  [429, true],
  [503, true],
  [500, false],
  [502, false],
  [504, false],
  [408, false],
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [422, false],
];

for (const [code, repeats] of STATUSES) {
  test(`--error-rate ${code}: a chat is ${repeats ? "" : "not "}sent again`, async () => {
    const judge = await judged("--error-rate", `${code}=0.25`);
    const client = judge.client();
    const results = await many(40, 8, (number) => client.chatCompletion(chat(number)));
    const { requests, failed } = await accounted(judge, client, results);
    assert.ok(requests.some(({ fault }) => fault === `chaos:${code}`));
    assert.deepEqual(new Set(failed.map(status)), new Set(failed.length ? [code] : []));
    if (repeats) assert.ok(failed.length < 3 && client.sent.retried > 0, `${failed.length} of 40 failed five times`);
    else assert.equal(client.sent.retried, 0);
    // A warning, no error: a chat that may have been carried out, and paid for, is the program's to repeat.
    const lone = repeats || code < 408 || code === 422 ? {} : { gave_up: failed.length };
    await passes(judge, lone);
  });
}

test("--error-rate: reading is repeated after each failure that may pass", async () => {
  const rates = [429, 500, 502, 503].flatMap((code) => ["--error-rate", `${code}=0.1`]);
  const judge = await judged(...rates);
  const client = judge.client({ retry: { attempts: 8, maxDelay: 200 } });
  const results = await many(30, 1, () => client.listModels());
  assert.deepEqual(tally(results.map(({ status }) => status)), { fulfilled: 30 });
  const requests = await judge.requests();
  assert.equal(requests.length, 30 + client.sent.retried);
  assert.deepEqual(tally(requests.map(({ status }) => status))[200], 30);
  await passes(judge);
});

/** The kind of fault, and what the iterator throws. */
const STREAM_FAULTS = [
  ["disconnect", ["network"]],
  ["truncate", ["protocol"]],
  ["malformed", ["protocol"]],
  ["stall", ["timeout"]],
];

for (const [fault, kinds] of STREAM_FAULTS) {
  test(`--stream-fault ${fault}: the iterator throws each time, and a program that asks anew gets all`, async () => {
    const judge = await judged("--stream-fault", `${fault}=0.25`, "--stream-stall-seconds", "2", "--stream-chunk-delay-ms", "5");
    const client = judge.client({ timeout: { idle: 800 } });
    const thrown = [];
    const results = await many(60, 8, (number) => insist(client, number, thrown));
    assert.deepEqual(results.filter(({ status }) => status === "rejected"), []);
    assert.deepEqual(new Set(thrown.map(({ kind }) => kind)), new Set(kinds));
    const requests = await judge.requests();
    const spoiled = requests.filter((request) => request.fault?.startsWith(`stream:${fault}`));
    assert.ok(spoiled.length > 5, `${spoiled.length} streams were spoiled`);
    assert.equal(spoiled.length, thrown.length, "each spoiled stream threw");
    assert.equal(requests.length, 60 + thrown.length);
    for (const [number, { value }] of results.entries()) assert.ok(value.endsWith(whole(number)), value);
    await passes(judge);
  });
}

test("all of it at once", async () => {
  const rates = ["429=0.05", "500=0.05", "503=0.05"].flatMap((rate) => ["--error-rate", rate]);
  const faults = STREAM_FAULTS.flatMap(([fault]) => ["--stream-fault", `${fault}=0.05`]);
  const judge = await judged("--rpm", "600", "--stream-stall-seconds", "2", "--stream-chunk-delay-ms", "5", ...rates, ...faults);
  const client = judge.client({ timeout: { idle: 800 } });
  const thrown = [];
  const results = await many(120, 16, (number) => insist(client, number, thrown));
  assert.deepEqual(tally(results.map(({ status }) => status)), { fulfilled: 120 });
  for (const [number, { value }] of results.entries()) assert.ok(value.endsWith(whole(number)), value);
  for (const { kind } of thrown) assert.match(kind, /^(network|protocol|timeout|server)$/);
  await passes(judge);
});

/** Asks for a stream until one comes whole, as a program would to which half an answer is none. */
async function insist(client, number, thrown) {
  for (let attempt = 1; ; attempt++) {
    let text = "";
    try {
      for await (const chunk of client.chatCompletionStream(chat(number))) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    } catch (error) {
      if (!(error instanceof HfError) || attempt === 10) throw error;
      assert.ok(!text.endsWith(whole(number)), "what was thrown away was not whole");
      thrown.push(error);
      await new Promise((resolve) => setTimeout(resolve, error.retryAfter ?? 60 * 2 ** attempt));
    }
  }
}

const whole = (number) => chat(number).messages[0].content;
