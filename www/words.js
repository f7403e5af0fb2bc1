// What an endpoint needs and how it may fail, in plain English.

const PERMISSIONS = {
  "repo.content.read": "read the contents of repositories",
  "repo.write": "write to repositories",
  "repo.delete": "delete repositories",
  "discussion.write": "open and comment on discussions",
  "inference.serverless.write": "call inference providers",
  "collection.read": "read collections",
  "collection.write": "write collections",
  "user.webhooks.read": "read webhooks",
  "user.webhooks.write": "write webhooks",
  "user.billing.read": "read your billing",
  "org.billing.read": "read the billing of organizations",
};

export function accessOf({ access, permission }) {
  if (access === "open") return permission === null ? "no token needed" : "no token needed for what is public";
  return access === "token" ? "any token" : "a token that may write";
}

export function permissionOf({ permission }) {
  return permission === null ? undefined : `${PERMISSIONS[permission] ?? permission} (${permission})`;
}

/** Without what only concerns the package's lists. */
export function summaryOf({ summary }) {
  return summary.replace("; nothing is sent until the first page is asked for", "");
}

/** `[[class, when], …]` of the errors that this endpoint is likely to meet. */
export function errorsOf({ access, params, name, host, key }) {
  const hasRepo = params.some((param) => param.control === "repo");
  return [
    ["InvalidInputError", params.length > 0 ? "a parameter is wrong; field names it" : undefined],
    ["UnauthorizedError", access === "open" ? undefined : "there is no token, or it is not valid"],
    ["ForbiddenError", access === "write" ? "the token may not do this" : undefined],
    ["GatedError", hasRepo && access === "open" ? "the conditions of the repository were not accepted" : undefined],
    ["NotFoundError", hasRepo || /Info|Webhook|Overview/.test(name) ? "it does not exist, or the token may not see it" : undefined],
    ["ConflictError", /^(create|move)/.test(name) ? "it exists already" : undefined],
    ["PreconditionFailedError", name === "commit" ? "the branch has moved since parentCommit" : undefined],
    ["PaymentRequiredError", host === "router" && key !== "router.listModels" ? "credits are used up" : undefined],
    ["RateLimitedError", "a limit was hit for longer than the call may wait"],
    ["ServerError, NetworkError, TimeoutError", "the service failed, did not respond, or was too slow"],
  ].filter(([, when]) => when !== undefined);
}
