// Two clients commit to one branch at once, each on the head that it has read: one gets through, the other gets a 412.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const ROUNDS = 8;
const FILE = "list.txt";

/** A repository with a file that clients add lines to. */
async function withList({ hub, fresh }, task) {
  const [client, repo] = [hub(), fresh("race")];
  await client.createRepo({ repo });
  const operations = [{ operation: "addOrUpdate", path: FILE, content: "start" }];
  await client.commit({ repo, title: "start", operations });
  try {
    await task(client, repo);
  } finally {
    await client.deleteRepo({ repo });
  }
}

/** What a change is made on: the head of the branch, and the file as it stands there. */
async function look(client, repo) {
  const parentCommit = (await client.listRefs({ repo })).branches[0].targetCommit;
  const text = await (await client.downloadFile({ repo, path: FILE, revision: parentCommit })).text();
  return { parentCommit, text };
}

/** Adds a line to what was seen. */
function append(client, repo, line, { parentCommit, text }) {
  const operations = [{ operation: "addOrUpdate", path: FILE, content: `${text}\n${line}` }];
  return client.commit({ repo, title: line, parentCommit, operations });
}

const history = async (client, repo) => (await collect(client.listCommits({ repo }))).map(({ title }) => title);

/** The file holds each line once, and so does the history. */
async function nothingLost(client, repo, lines) {
  const { text } = await look(client, repo);
  equal(text.split("\n").sort(), ["start", ...lines].sort(), "the lines of the file");
  const titles = (await history(client, repo)).filter((title) => title === "start" || lines.includes(title));
  equal(titles.sort(), ["start", ...lines].sort(), "the commits");
}

/**
 * Adds a line, as a program does that must not lose it: after a 412 it looks whether its own commit is there, whose
 * answer may have been lost, and if not goes on from the new head. Gives each error, and whether the commit was there.
 */
async function insist(client, repo, line) {
  const errors = [];
  for (let attempt = 0; attempt < 40; attempt++) {
    try {
      await append(client, repo, line, await look(client, repo));
      return errors;
    } catch (error) {
      const there = (await history(client, repo)).includes(line);
      errors.push({ error, there });
      if (there) return errors;
    }
  }
  throw new Error(`${line} did not get through: ${errors.at(-1).error}`);
}

export const cases = [
  {
    name: "of two commits on the same head one is made, and the other fails with 412",
    run: (context) =>
      withList(context, async (client, repo) => {
        const lines = [];
        for (let round = 0; round < ROUNDS; round++) {
          const seen = await look(client, repo);
          const mine = [`round ${round}, one`, `round ${round}, two`];
          const clients = [context.hub(), context.hub()];
          const results = await Promise.allSettled(clients.map((each, at) => append(each, repo, mine[at], seen)));
          const [lost] = results.filter(({ status }) => status === "rejected");
          equal(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
          await rejects(Promise.reject(lost.reason), { kind: "preconditionFailed", status: 412, endpoint: "commit" });
          lines.push(mine[results.findIndex(({ status }) => status === "fulfilled")]);
        }
        await nothingLost(client, repo, lines);
      }),
  },
  {
    name: "two clients that insist lose nothing, also where answers are lost",
    run: (context) =>
      withList(context, async (client, repo) => {
        const lines = { one: [], two: [] };
        const errors = [];
        let lost = 0;
        const worker = async (name) => {
          const own = context.hub({ retry: { attempts: 12, maxDelay: 5 }, onRetry: () => lost++ });
          for (let round = 0; round < ROUNDS; round++) {
            const line = `${name} ${round}`;
            errors.push(...(await insist(own, repo, line)));
            lines[name].push(line);
          }
        };
        const path = `${repo}/commit/main`;
        const faults = [
          { path, status: 500, after: true, probability: 0.3, seed: 5 },
          { path, status: 500, probability: 0.1, seed: 6 },
        ];
        await context.withFault(faults, () => Promise.all(["one", "two"].map(worker)));
        equal([...new Set(errors.map(({ error }) => error.kind))], ["preconditionFailed"], "what reached the program");
        for (const { error, there } of errors) {
          ok(error.attempts > 1 || !there, "a 412 of the first attempt means that nothing was committed");
          match(error.advice, error.attempts > 1 ? /lost.*may have made this commit/ : /on top of its new head/);
        }
        ok(lost > 0, "some answers were lost");
        ok(errors.some(({ there }) => !there), "some commits came late");
        await nothingLost(client, repo, [...lines.one, ...lines.two]);
      }),
  },
  {
    name: "a commit whose response was lost is found at the head of the branch",
    run: (context) =>
      withList(context, async (client, repo) => {
        const own = context.hub({ retry: { attempts: 3, maxDelay: 5 } });
        const large = new Uint8Array(6000).fill(7);
        const write = (path, content) => ({ operation: "addOrUpdate", path, content });
        await client.commit({ repo, title: "Before", operations: ["a.txt", "d/x", "d/y", "e/x"].map((path) => write(path, path)) });
        const head = async () => (await client.listCommits({ repo })).items[0];
        const lost = { path: `${repo}/commit/main`, status: 500, after: true, count: 1 };
        for (const operations of [
          [write("new.txt", "new"), write("w.safetensors", large), write("d/x", "d/x")],
          [{ operation: "rename", from: "a.txt", path: "b.txt" }, { operation: "copy", from: "d/x", path: "c.txt" }],
          [{ operation: "rename", from: "w.safetensors", path: "v.safetensors" }, { operation: "delete", path: "e/" }],
          [{ operation: "delete", path: "d" }, write("d/z", "z")],
          [{ operation: "delete", path: "b.txt" }],
        ]) {
          const given = { repo, title: "Lost", parentCommit: (await head()).id, operations };
          const { commitOid, commitUrl, success } = await context.withFault(lost, () => own.commit(given));
          const { id, title } = await head();
          equal([commitOid, title, success], [id, "Lost", true]);
          equal(commitUrl, `${context.endpoint}/${repo}/commit/${id}`);
        }
      }),
  },
  {
    name: "what somebody else has committed is not taken for a commit whose response was lost",
    run: (context) =>
      withList(context, async (client, repo) => {
        const write = (path, content) => ({ operation: "addOrUpdate", path, content });
        await client.commit({ repo, title: "Before", operations: [write("d/x", "x"), write("b", "b"), write("c", "c")] });
        for (const [others, ours] of [
          [[write("new.txt", "another")], [write("new.txt", "new")]],
          [[write("other.txt", "o")], [{ operation: "delete", path: "d/" }]],
          [[write("other.txt", "p")], [{ operation: "delete", path: "d" }]],
          [[write("other.txt", "q")], [{ operation: "delete", path: "b" }]],
          [[write("n", "b")], [{ operation: "rename", from: "b", path: "n" }]],
          [[write("m", "b")], [{ operation: "copy", from: "c", path: "m" }]],
        ]) {
          const parentCommit = (await client.listCommits({ repo })).items[0].id;
          let meddled = false;
          // Ours fails before it is carried out, and before it is sent again somebody else commits.
          const fetch = async (url, init) => {
            if (!url.endsWith("/commit/main") || meddled) return globalThis.fetch(url, init);
            meddled = true;
            await client.commit({ repo, title: "Another", operations: others });
            return Response.json({ error: "late" }, { status: 500 });
          };
          const own = context.hub({ fetch, retry: { attempts: 3, maxDelay: 5 } });
          const error = await rejects(own.commit({ repo, title: "Ours", parentCommit, operations: ours }), { kind: "preconditionFailed", status: 412 });
          match(error.advice, /may have made this commit/);
        }
      }),
  },
];
