/** WebMCP: a page offers its tools to the agent of the browser. */
import type { AbortSignal } from "../types/platform.js";
import { mcpTool } from "./forms.js";
import type { Toolset } from "./toolset.js";

interface ModelContext {
  registerTool(tool: object, options?: { signal: AbortSignal }): unknown;
  unregisterTool?(name: string): void;
}

/**
 * Offers tools to the browser's agent, where the browser has WebMCP (`document.modelContext`), until the signal aborts.
 *
 * @returns Whether they are offered: false where the browser has no WebMCP.
 */
export async function offerToPage(tools: Toolset, { signal = new AbortController().signal }: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
  const { document, navigator } = globalThis as { document?: { modelContext?: ModelContext }; navigator?: { modelContext?: ModelContext } };
  // Earlier versions had it on `navigator`.
  const context = document?.modelContext ?? navigator?.modelContext;
  if (!context || signal.aborted) return false;
  for (const tool of tools) {
    const { name, title, description, inputSchema, annotations } = mcpTool(tool);
    const execute = async (input: unknown) => {
      const { text, isError } = await tools.callTool(name, input, { signal });
      return { content: [{ type: "text", text }], isError };
    };
    // What people write on the Hub is not to be trusted.
    const hints = { readOnlyHint: annotations.readOnlyHint, untrustedContentHint: true };
    await context.registerTool({ name, title, description, inputSchema, annotations: hints, execute }, { signal });
    // Browsers that know no signal unregister by name.
    if (context.unregisterTool) signal.addEventListener("abort", () => context.unregisterTool?.(name), { once: true });
  }
  return true;
}
