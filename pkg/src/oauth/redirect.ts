/** Sign-in of a page: authorization code with PKCE. */
import * as oauth from "oauth4webapi";
import { discover, OAuthError, type OAuthOptions, asOAuthError } from "./provider.js";
import { type OAuthResult, resultOf } from "./result.js";

/** Where the page keeps what the way back is checked by; `sessionStorage` and `localStorage` are such. */
export interface OAuthStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface OAuthLoginOptions extends OAuthOptions {
  /** Separated by blanks. Default: `openid profile`. */
  scopes?: string | undefined;
  /** Page to come back to; registered with the app. Default: this page, without query and fragment. */
  redirectUrl?: string | undefined;
  /** Comes back in the result. */
  state?: string | undefined;
  /** Default: `sessionStorage`. */
  storage?: OAuthStorage | undefined;
}

export interface OAuthRedirectOptions {
  /** The URL that the person came back to. Default: that of this page. */
  redirectedUrl?: string | undefined;
  /** Default: `sessionStorage`. */
  storage?: OAuthStorage | undefined;
  /** Replaces the global `fetch`. */
  fetch?: OAuthOptions["fetch"];
}

/** What the way back is checked by. */
interface Kept {
  verifier: string;
  clientId: string;
  hubUrl?: string;
  redirectUrl: string;
  scopes: string;
  state?: string;
}

const KEY = "hf-wasm:oauth:";

/** The URL to send the person to. */
export async function oauthLoginUrl(options: OAuthLoginOptions): Promise<string> {
  const { clientId, hubUrl, scopes = "openid profile", redirectUrl = here(), state, storage = sessionStorage } = options;
  const { server } = await discover(options);
  if (!server.authorization_endpoint) throw new OAuthError("invalid_response", "The provider has no authorization_endpoint");
  const verifier = oauth.generateRandomCodeVerifier();
  const key = oauth.generateRandomState();
  const kept: Kept = { verifier, clientId, redirectUrl, scopes, ...(hubUrl !== undefined && { hubUrl }), ...(state !== undefined && { state }) };
  storage.setItem(KEY + key, JSON.stringify(kept));
  const url = new URL(server.authorization_endpoint);
  const query = {
    client_id: clientId,
    redirect_uri: redirectUrl,
    response_type: "code",
    scope: scopes,
    state: key,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** The tokens for the code that the person came back with. Works once: what was kept is gone, whatever comes of it. */
export async function oauthHandleRedirect(options: OAuthRedirectOptions = {}): Promise<OAuthResult> {
  const { redirectedUrl = location.href, storage = sessionStorage, fetch } = options;
  const url = new URL(redirectedUrl);
  const key = url.searchParams.get("state") ?? "";
  const text = key && storage.getItem(KEY + key);
  if (!text) throw new OAuthError("invalid_state", "This page did not ask for this sign-in, or it was handled before");
  storage.removeItem(KEY + key);
  const { verifier, clientId, hubUrl, redirectUrl, scopes, state } = JSON.parse(text) as Kept;
  const provider = await discover({ clientId, hubUrl, fetch });
  const { server, client } = provider;
  const tokens = await asOAuthError(async () => {
    const params = oauth.validateAuthResponse(server, client, url, key);
    const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, redirectUrl, verifier, provider.options);
    return await oauth.processAuthorizationCodeResponse(server, client, response);
  });
  return { ...(await resultOf(provider, tokens, scopes)), ...(state !== undefined && { state }) };
}

/** As `oauthHandleRedirect`, but `false` where nobody comes back from a sign-in that this page asked for. */
export async function oauthHandleRedirectIfPresent(options: OAuthRedirectOptions = {}): Promise<OAuthResult | false> {
  const { redirectedUrl = location.href, storage = sessionStorage } = options;
  const { searchParams } = new URL(redirectedUrl);
  const key = searchParams.get("state");
  const isBack = searchParams.has("code") || searchParams.has("error");
  if (!isBack || !key || storage.getItem(KEY + key) === null) return false;
  return await oauthHandleRedirect(options);
}

/** This page, without query and fragment. */
function here(): string {
  return location.origin + location.pathname;
}
