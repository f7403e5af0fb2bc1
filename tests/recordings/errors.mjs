// What a recorded refusal has to become.

import assert from "node:assert/strict";

const KINDS = {
  400: "invalidInput",
  402: "paymentRequired",
  403: "forbidden",
  404: "notFound",
  409: "conflict",
  412: "preconditionFailed",
  422: "invalidInput",
  429: "rateLimited",
};

/** A check for `assert.rejects`. */
export function expectedError(call, { status, headers, body }) {
  const said = JSON.parse(isJson(body) ? body : "{}").error;
  const code = headers["x-error-code"] ?? said?.code ?? said?.type ?? (isJson(body) ? JSON.parse(body).error_type : undefined);
  const message = headers["x-error-message"] ?? said?.message ?? said ?? body;
  return (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.status, status);
    assert.equal(error.kind, kind(call, status, code, message));
    assert.equal(error.code, code);
    assert.ok(error.message.includes([message].flat().join("; ")), error.message);
    assert.equal(error.requestId, headers["x-request-id"]);
    assert.equal(error.endpoint, call.name.replace("Stream", ""));
    // What the server says of the parameters is all that is known.
    assert.ok(error.advice || error.kind === "invalidInput", "it says what to do");
    return true;
  };
}

/** To readers without a token the Hub answers 401 for what does not exist. */
function kind(call, status, code, message) {
  if (code === "GatedRepo") return "gated";
  if (status !== 401) return KINDS[status];
  return call.on === "hub" && message === "Invalid username or password." ? "notFound" : "unauthorized";
}

function isJson(body) {
  return (body ?? "").startsWith("{");
}
