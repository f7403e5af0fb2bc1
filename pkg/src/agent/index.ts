/** What an agent needs around the API: policies, approval, records, permissions. */
export { type ApprovalKey, type ApprovalStore, approvePending, type PendingApproval, readPending, resume } from "./approval.js";
export type { Budget, EndpointRule, Group, GroupMode, Policy, RepoPolicy } from "./policy.js";
export type { ApprovalAnswer, ApprovalRequest, CallRecord, Deferred } from "./record.js";
export { all, type LineTarget, ndjson, ring, type Sink, sessionTrace } from "./sinks.js";
