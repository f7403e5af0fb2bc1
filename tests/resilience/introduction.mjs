// What stands above the tables of docs/faults.md.

import { ATTEMPTS } from "./options.mjs";

export const INTRODUCTION = `# Faults

Every fault through every kind of call: what the client makes of it, and how many requests it sends. This page is
written by a run, \`npm run faults\`. \`npm test -- resilience\` runs the same cells, holds each to what is expected of it,
and to what this page shows.

Between client and emulator stands a proxy that speaks TCP (\`tests/resilience/breaker.mjs\`): it breaks the response to a
chosen request below HTTP, or leads the client astray. Statuses, limits, wrong bodies and late answers are rules of the
emulator ([faults](emulator.md#control)). A third server is the foreign origin, which keeps every byte that it is sent.
What a caller gives wrong, and a \`fetch\` of the caller's that answers oddly, \`tests/resilience/odd.mjs\` has.
Each cell has a proxy, a repository and a client of its own.

| column | call | request that is hit |
| --- | --- | --- |
| plain call | \`modelInfo\` | the only one |
| list, page 1 and 3 | \`listFiles\`, one item a page | the first, the third page |
| commit, with and without \`parentCommit\` | \`commit\` of a small file | the commit itself, after preupload |
| upload | \`commit\` of a large file | the \`PUT\` to the CDN; in the rows about addresses, the batch request before |
| upload, a part | \`commit\` of a file that goes up in three parts | the \`PUT\` of the second; in the rows about addresses, the batch request before |
| upload, its completion | the same | the \`POST\` that makes one file of the parts; likewise |
| download, at the Hub and at the CDN | \`downloadFile\` of a large file | what redirects; what is redirected to |
| range read | \`downloadFile\` with \`range\`, of a large file; in Node of 1.1 MB, which is read as it comes | the one to the CDN |
| snapshot | \`snapshotDownload\` of \`hf-wasm/node\`, in Chromium of \`hf-wasm/browser\` | the one to the CDN for the large file |
| chat, chat stream | \`chatCompletion\`, \`chatCompletionStream\` | the only one |

## What is expected

\`tests/resilience/expectations.mjs\` has the rules, written from what the client promises. With at most ${ATTEMPTS} attempts:

- 429 is tried again, and 503 that says when. Not if the wait would take too long.
- 408, 500, 502, 503, 504, a broken connection, and silence at the head or in the body are tried again where that does
  no harm: reads, uploads, commits with \`parentCommit\`. Not other commits, not chats, and no stream that has begun.
- An answer that makes no sense or is too long, any other status, and the end of the call's time are final.
- What the caller gives wrong is refused before anything is sent with it. Without a token the call is anonymous.

And of every cell:

- A write was carried out as often as the outcome says, and what it left is right; the emulator is asked past the proxy.
- Nothing takes longer than its limit, and the connection of an answer that is too long is closed.
- The token comes to no other origin (the CDN is one), and shows in no error, its causes, its JSON, no hook, nor in what
  Node's \`inspect\` prints of errors and clients. So it is with the caller's headers, and no redirect leads what a
  write carries to another origin.
- No cache gives a file that is not the Hub's, also after a snapshot that failed.
- A list gives all items before the page that fails, a stream the chunks that came. A plain call of the same client
  works before and after.

## How to read a cell

The outcome; after ×, how many requests of the kind that is hit came to the server. \`ok\` is the emulator's own
result, \`other\` one that another server made up or that is cut, \`thrown\` the reason of the caller's own abort; else it
is the error's \`kind\` and \`status\`. A dash: the fault does not exist for that operation. "Once": only the first request is hit; else
all are.
`;
