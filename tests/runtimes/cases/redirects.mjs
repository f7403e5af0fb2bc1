// What goes along where a server redirects to another origin: nothing of the caller's. Browsers follow by themselves.

import { equal, ok, rejects } from "../assert.mjs";

const repo = "acme/tiny-bert";
const path = `/api/models/${repo}`;
const ELSEWHERE = "/elsewhere/x";
/** The emulator notes the value of this header, wherever it comes. */
const headers = { "x-hf-bill-to": "secret-of-the-caller" };

/** The origin of the emulator's files, which is another than the Hub's. */
async function filesOrigin(hub, repo) {
  const objects = [{ oid: "e".repeat(64), size: 12 }];
  const batch = await hub().lfsBatch({ repo, operation: "upload", transfers: ["basic"], objects });
  return new URL(batch.objects[0].actions.upload.href).origin;
}

export const cases = [
  {
    name: "a read is not led from https down to http, nor to what is no address of a server",
    async run({ hub }) {
      for (const location of ["http://hub.example/x", "http://cdn.example/x", "blob:https://hub.example/1-2", "data:text/plain,x"]) {
        const asked = [];
        const fetch = async (url) => {
          asked.push(url);
          return new Response(null, { status: 302, headers: { location } });
        };
        await rejects(hub({ endpoint: "https://hub.example", fetch }).modelInfo({ repo }), { kind: "protocol" });
        equal(asked.length, 1, location);
      }
    },
  },
  {
    name: "a read is led to another origin without token and headers of the caller",
    async run({ hub, withFault, received }) {
      // What is there redirects to the second origin.
      const location = `/${repo}/resolve/main/model.safetensors`;
      for (const status of [302, 307]) {
        const requests = await withFault({ method: "GET", path, status, headers: { location } }, () =>
          received(() => rejects(hub({ headers }).modelInfo({ repo }), { kind: "protocol" })),
        );
        ok(requests.some((request) => request.path === path && request.billTo === headers["x-hf-bill-to"]), "home");
        const led = requests.filter((request) => !request.path.startsWith("/api/") && !request.path.includes("/resolve/"));
        ok(led.length > 0, "it was followed");
        for (const { authorization, billTo } of led) equal([authorization, billTo], [false, null]);
      }
    },
  },
  {
    name: "a write is not led to another origin at all",
    async run({ hub, router, withFault, received, fresh }) {
      const mine = fresh("astray");
      await hub().createRepo({ repo: mine });
      const location = `${await filesOrigin(hub, mine)}${ELSEWHERE}`;
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "a secret" }] };
      for (const status of [302, 307, 308]) {
        const calls = {
          "/api/repos/create": () => hub().createRepo({ repo: fresh("never") }),
          "/api/repos/delete": () => hub({ headers }).deleteRepo({ repo: mine }),
          "/router/v1/chat/completions": () => router().chatCompletion(chat),
        };
        for (const [path, call] of Object.entries(calls)) {
          const requests = await withFault({ path, status, headers: { location } }, () =>
            received(() => rejects(call(), { kind: "protocol" })),
          );
          equal(requests.filter((request) => request.path === ELSEWHERE).length, 0, `${status} ${path}`);
        }
      }
      await hub().deleteRepo({ repo: mine });
    },
  },
  {
    name: "a file of a private repository comes from where the Hub redirects to, with headers of the caller and without",
    async run({ hub, received, fresh }) {
      const mine = fresh("private");
      await hub().createRepo({ repo: mine, private: true });
      const operations = [
        { operation: "addOrUpdate", path: "a.txt", content: "small" },
        { operation: "addOrUpdate", path: "b.bin", content: new Uint8Array(3000).fill(7) },
      ];
      await hub().commit({ repo: mine, title: "Add", operations });
      for (const client of [hub(), hub({ headers })]) {
        const requests = await received(async () => {
          equal(await (await client.downloadFile({ repo: mine, path: "a.txt" })).text(), "small");
          equal((await client.downloadFile({ repo: mine, path: "b.bin" })).size, 3000);
          equal(await client.fileExists({ repo: mine, path: "b.bin" }), true);
        });
        const away = requests.filter(({ path }) => !path.includes("/resolve") && !path.startsWith("/api/"));
        ok(away.length > 0, "the redirect was followed");
        for (const { authorization, billTo } of away) equal([authorization, billTo], [false, null]);
      }
      await hub().deleteRepo({ repo: mine });
    },
  },
];

