/** Browsers and bundlers: the asset beside this file. */
/** A page is not shown where a redirect leads. Browsers follow it, and drop the token on the way to another origin. */
export const redirect = "follow";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  const response = await fetch(new URL("../core_bg.wasm", import.meta.url));
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  const source = streams
    ? WebAssembly.instantiateStreaming(response, imports)
    : WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return (await source).instance.exports;
}
