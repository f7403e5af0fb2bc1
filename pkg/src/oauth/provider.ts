/** The side of the provider: where it is, and what goes wrong with it. */
import * as oauth from "oauth4webapi";
import type { ClientOptions } from "../client.js";

/** What every step needs to know. Names as in `@huggingface/hub`. */
export interface OAuthOptions {
  /** Id of the OAuth app, or the URL of its client metadata. */
  clientId: string;
  /** Default: `https://huggingface.co`. */
  hubUrl?: string | undefined;
  /** Replaces the global `fetch`. */
  fetch?: ClientOptions["fetch"];
}

/** A sign-in that failed. It holds no code and no token. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  constructor(
    /** As OAuth has it, such as `access_denied`, `invalid_grant` or `expired_token`; `invalid_state`, or `invalid_response`. */
    readonly code: string,
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** @internal The provider with what its requests need. */
export interface Provider {
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  options: { [oauth.customFetch]: (url: string, options: object) => Promise<Response>; [oauth.allowInsecureRequests]: boolean };
}

/** @internal Reads the provider's discovery document. Without TLS only a provider on this machine is asked. */
export async function discover({ clientId, hubUrl = "https://huggingface.co", fetch }: OAuthOptions, signal?: AbortSignal): Promise<Provider> {
  const issuer = new URL(hubUrl);
  const options = {
    [oauth.customFetch]: (url: string, init: object) => (fetch ? fetch(url, init) : globalThis.fetch(url, init)) as Promise<Response>,
    [oauth.allowInsecureRequests]: /^(localhost|(.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(issuer.hostname),
  };
  const server = await asOAuthError(async () => {
    const response = await oauth.discoveryRequest(issuer, { ...options, ...(signal && { signal }) });
    return await oauth.processDiscoveryResponse(issuer, response);
  });
  return { server, client: { client_id: clientId }, options };
}

/** @internal Makes an `OAuthError` of what went wrong; what was sent and received stays behind. */
export async function asOAuthError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
      const status = "status" in error ? (error.status as number) : undefined;
      throw new OAuthError(error.error, error.error_description ?? error.error, status);
    }
    if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
      throw new OAuthError("invalid_response", error.message);
    }
    throw error;
  }
}
