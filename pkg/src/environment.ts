/** What a client takes from where it runs. */
import { redirect } from "#load";
import { VERSION } from "./generated/version.js";

/** Who asks, where a program may say so. In a browser it is the browser, and another word would cost a preflight. */
export function userAgent(): [name: string, value: string][] {
  if (redirect === "follow") return [];
  const origin = environment("HF_HUB_USER_AGENT_ORIGIN");
  return [["user-agent", `hf-wasm/${VERSION}${origin ? `; origin/${origin}` : ""}`]];
}

/** A variable of the environment, where there is one. Deno asks its user, so it is read only if that is granted. */
export function environment(name: string): string | undefined {
  try {
    return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}
