// The pages of the documentation, which is served beside this page: name, title, and what it is about.

export const DOCS = [
  ["start", "Get started", "install, first call, runtimes"],
  ["options", "Options", "token, endpoint, timeouts, headers"],
  ["errors", "Errors", "classes, advice, what to catch"],
  ["rate-limits", "Retries and rate limits", "buckets, windows, waits, shared limits"],
  ["lists", "Lists", "pages, limit, pageSize, for await"],
  ["files", "Files", "download, upload, cache, folders"],
  ["commits", "Commits", "operations, pull requests, large files"],
  ["discussions", "Discussions", "open, comment, close, merge"],
  ["webhooks", "Webhooks", "handler, secret, events"],
  ["chat", "Chat and streams", "messages, tools, images, usage"],
  ["agents", "Tools and agents", "policy, approval, records, MCP"],
  ["sign-in", "Sign-in", "OAuth, device codes"],
  ["testing", "Testing", "the local Hub in tests"],
  ["security", "Security", "what the package promises about tokens"],
  ["from-hub", "Moving over from @huggingface/hub", "migration"],
  ["from-inference", "Moving over from @huggingface/inference", "migration"],
  ["from-openai", "Moving over from openai", "migration"],
  ["ENDPOINTS", "All endpoints", "parameters, permissions, buckets, events"],
];
