/** What a sign-in gives, and how it is kept fresh. */
import * as oauth from "oauth4webapi";
import { discover, type OAuthOptions, type Provider, asOAuthError } from "./provider.js";

export interface OAuthUserInfo {
  /** Stays when the user is renamed. */
  sub: string;
  name?: string;
  /** User name. */
  preferred_username?: string;
  email?: string;
  email_verified?: boolean;
  picture?: string;
  profile?: string;
  website?: string;
  isPro?: boolean;
  canPay?: boolean;
  orgs?: { sub: string; name: string; preferred_username: string; picture?: string; roleInOrg?: string }[];
}

/** Tokens, and whose they are. Plain data: it survives `JSON.stringify`, but for the date, which may come back as a string. */
export interface OAuthResult {
  accessToken: string;
  accessTokenExpiresAt: Date;
  /** Scopes that were granted, separated by blanks. */
  scope: string;
  refreshToken?: string;
  userInfo: OAuthUserInfo;
  /** What `oauthLoginUrl` was given. */
  state?: string;
}

export interface TokenProviderOptions extends OAuthOptions {
  /** Called with new tokens, to keep them: an old refresh token is of no use any more. The call waits for it. */
  onRefresh?: ((result: OAuthResult) => unknown) | undefined;
}

/** Milliseconds before the end at which a token is refreshed. */
const MARGIN = 60_000;

/** @internal The result of a token response, with the user's facts. */
export async function resultOf(provider: Provider, tokens: oauth.TokenEndpointResponse, asked = ""): Promise<OAuthResult> {
  const expected = oauth.getValidatedIdTokenClaims(tokens)?.sub;
  return { ...tokensOf(tokens, asked), userInfo: await userInfo(provider, tokens.access_token, expected) };
}

function tokensOf(tokens: oauth.TokenEndpointResponse, scope: string): Omit<OAuthResult, "userInfo"> {
  // Without a term the token is as good as new until the Hub refuses it.
  const seconds = tokens.expires_in ?? 8 * 3600;
  return {
    accessToken: tokens.access_token,
    accessTokenExpiresAt: new Date(Date.now() + seconds * 1000),
    scope: tokens.scope ?? scope,
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  };
}

async function userInfo({ server, client, options }: Provider, token: string, expected?: string): Promise<OAuthUserInfo> {
  return await asOAuthError(async () => {
    const response = await oauth.userInfoRequest(server, client, token, options);
    return (await oauth.processUserInfoResponse(server, client, expected ?? oauth.skipSubjectCheck, response)) as unknown as OAuthUserInfo;
  });
}

/** Whose token it is. */
export async function oauthUserInfo(accessToken: string, options: OAuthOptions): Promise<OAuthUserInfo> {
  return await userInfo(await discover(options), accessToken);
}

/** Asks for new tokens. The refresh token works once. */
export async function oauthRefresh(result: OAuthResult, options: OAuthOptions): Promise<OAuthResult> {
  const { refreshToken } = result;
  if (!refreshToken) throw new TypeError("refreshToken: is missing");
  const provider = await discover(options);
  const { server, client } = provider;
  const tokens = await asOAuthError(async () => {
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, provider.options);
    return await oauth.processRefreshTokenResponse(server, client, response);
  });
  return { ...result, ...tokensOf(tokens, result.scope) };
}

/**
 * A function for the option `token` of `Hub` and `InferenceRouter`. It refreshes the token shortly before its end, once for
 * all calls that wait; after a refresh that failed, the next call tries again.
 */
export function tokenProvider(result: OAuthResult, options: TokenProviderOptions): () => Promise<string> {
  let current = result;
  let refreshing: Promise<string> | undefined;
  const refresh = async () => {
    try {
      current = await oauthRefresh(current, options);
      await options.onRefresh?.(current);
      return current.accessToken;
    } finally {
      refreshing = undefined;
    }
  };
  return async () => {
    const rest = new Date(current.accessTokenExpiresAt).getTime() - Date.now();
    if (rest > MARGIN || !current.refreshToken) return current.accessToken;
    refreshing ??= refresh();
    return await refreshing;
  };
}
