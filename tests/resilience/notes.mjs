// The footnotes of docs/faults.md, by what they are about: every cell that differs for a reason has one.

export const NOTES = {
  file:
    "Any bytes may be a file: what comes with 200, and ends as HTTP says, is taken for it.",
  unread:
    "The body of a redirect is not read, so that nothing in it can fail.",
  verify:
    "The answer to an upload says nothing. The Hub is asked afterwards whether it has the file; it has not.",
  completed:
    "The first attempt was carried out, and the second refused, since its parts are no more: the Hub is asked, and has the " +
    "file.",
  untagged:
    "A part is named by its `ETag` when the upload is completed. Without one, the upload fails.",
  goesOn:
    "What came of a file of more than 1 MiB is kept: the rest is asked for, in as many attempts.",
  anotherPart:
    "What says that it is another part may have come from a cache on the way: the part is asked for once more.",
  unhashed:
    "Nothing says what hash a part of a file has.",
  once:
    "The first attempt was carried out, and `parentCommit` refused the second: the client looks at the branch and finds " +
    "its own commit, which exists once.",
  expired:
    "The address of an upload may have expired: the Hub is asked for another, twice.",
  browserRedirect:
    "A browser does not show where a redirect leads, so a write or a chat is not sent after it, even within the origin.",
  browserAgain:
    "A browser does not show where a redirect leads. A read that carries headers of the caller's stops there, and is sent " +
    "once more without them.",
  browserSize:
    "The redirect to a file tells how large it is. A browser does not show that, and other bytes are taken for the file.",
  browserShort:
    "What comes with 200 is taken for the whole file, of which the part is cut out; this one ends before the part begins.",
  browserHash:
    "The redirect to a file tells its SHA-256, too. A browser does not show that.",
  browserCompressed:
    "Chromium takes no part that is compressed.",
  browserCircle:
    "A browser follows 20 redirects, and then says no more than that the request failed.",
  browserResumes:
    "Chromium's cache keeps the first part of a file, and asks for the rest: with one request more, to see whether " +
    "the file is the same, unless the address at the CDN has changed by then.",
  browserHides:
    "The Hub does not let a page see `Retry-After`: to it, this is a 429 or 503 like any other.",
  browserResends:
    "On a connection that was used before, Chromium itself sends a request once more, whatever its method. " +
    "The client called `fetch` once.",
  browserTwice:
    "So the work is done twice. No client can prevent that over HTTP/1.1; for commits, `parentCommit` does.",
};
