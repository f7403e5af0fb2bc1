/** Node, Deno and Bun hash by themselves. */
import type { Sha256 } from "../kernels.js";

export async function sha256(): Promise<Sha256> {
  return (await import("node:crypto")).createHash("sha256");
}
