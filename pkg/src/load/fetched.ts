/** Where tools leave the files that move the code: beside a cache of prepared packages, and around a bundle. */
const ELSEWHERE = ["../../hf-wasm/dist/", "dist/", "../dist/"];

/** A page is not shown where a redirect leads. Browsers follow it, and drop the token on the way to another origin. */
export const redirect = "follow";

/** Instantiates the wasm at `url`, or where `name` lies in relation to `base` when something else is there. */
export async function fetched(name: string, url: URL, base: string, imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  try {
    return await instantiated(url, imports);
  } catch (problem) {
    for (const place of ELSEWHERE) {
      try {
        return await instantiated(new URL(place + name, base), imports);
      } catch {
        // The first problem is the one to tell.
      }
    }
    throw problem;
  }
}

async function instantiated(url: URL, imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  // Streams of any other type are refused, even if the bytes are right.
  const streams = response.headers.get("content-type")?.toLowerCase() === "application/wasm";
  const source = streams
    ? WebAssembly.instantiateStreaming(response, imports)
    : WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return (await source).instance.exports;
}
