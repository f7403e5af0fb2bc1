/** What an agent needs around the API: policies, approval, records, permissions; the endpoints as tools for models, and the loop. @module hf-wasm/agent */
export type { Access, AccessEntity } from "./access.js";
export { type ApprovalKey, type ApprovalStore, approvePending, type PendingApproval, readPending, resume } from "./approval.js";
export { type Catalogue, type CatalogueEndpoint, type ToolsOptions, tools } from "./endpoint-tools.js";
export type { AgentsTool, AiTool, ChatTool, McpTool, ResponsesTool, StandardSchema } from "./forms.js";
export type { Budget, EndpointRule, Group, GroupMode, Policy, RepoPolicy } from "./policy.js";
export type { ApprovalAnswer, ApprovalRequest, CallRecord, Deferred } from "./record.js";
export { type RunEnd, type RunOptions, type RunOutcome, type RunStep, type RunUsage, runTools, type ToolRun } from "./run.js";
export { all, type LineTarget, ndjson, ring, type Sink, sessionTrace } from "./sinks.js";
export { type AgentTool, type JsonSchema, type ToolAnnotations, type ToolCallOptions, type ToolResult, Toolset, type ToolsetOptions } from "./toolset.js";
export { offerToPage } from "./web-mcp.js";
