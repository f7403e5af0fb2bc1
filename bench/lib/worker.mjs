// The worker of the bench, for one client, which takes the place of `#client`.

import { client } from "#client";

export default {
  /** `/info?times=100&origin=…`: makes so many calls, one after the other, and answers when they are done. */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const one = client(searchParams.get("origin"));
    for (let left = Number(searchParams.get("times")); left > 0; left--) {
      if (pathname === "/stream") await one.stream("bench/packed", () => {});
      else if (pathname === "/list") await one.list(1000, () => {});
      else await one[pathname.slice(1)]();
    }
    return new Response("done");
  },
};
