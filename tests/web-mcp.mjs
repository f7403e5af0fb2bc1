// What a browser's agent sees of a page: its WebMCP tools, by the browser's own list. Older versions of Chromium have the
// list for tests alone (`navigator.modelContextTesting`), newer ones for pages, where Playwright asks for it.

/** Flags of Chromium. */
export const FLAGS = ["--enable-features=WebMCP,WebMCPTesting"];

/** `[{ name, inputSchema }]`. */
export async function listTools(page) {
  if (!(await isOlder(page))) return await page.webmcp.tools();
  const tools = await page.evaluate(() => navigator.modelContextTesting.listTools().map(({ name, inputSchema }) => ({ name, inputSchema })));
  return tools.map(({ name, inputSchema }) => ({ name, inputSchema: typeof inputSchema === "string" ? JSON.parse(inputSchema) : inputSchema }));
}

export async function callTool(page, name, input) {
  if (!(await isOlder(page))) return await page.webmcp.callTool(name, input);
  return await page.evaluate(([name, input]) => navigator.modelContextTesting.executeTool(name, input), [name, JSON.stringify(input)]);
}

function isOlder(page) {
  return page.evaluate(() => {
    const { modelContext } = document.modelContext ? document : navigator;
    return modelContext?.getTools === undefined && "modelContextTesting" in navigator;
  });
}
