/** Sign-in of a program without a browser of its own: the device flow. */
import * as oauth from "oauth4webapi";
import { pause } from "../abort.js";
import { discover, OAuthError, type OAuthOptions, type Provider, asOAuthError } from "./provider.js";
import { type OAuthResult, resultOf } from "./result.js";
import type { AbortSignal } from "../types/platform.js";

/** What to show to the person. */
export interface DeviceCode {
  /** To type on the page, or to compare with what it shows. */
  userCode: string;
  /** The page to open. */
  verificationUri: string;
  /** The same with the code in it. */
  verificationUriComplete?: string;
  expiresAt: Date;
}

export interface DeviceLoginOptions extends OAuthOptions {
  /** Separated by blanks. Default: `openid profile`. */
  scopes?: string | undefined;
  /** Shows the code to the person. */
  onCode: (code: DeviceCode) => unknown;
  /** Ends the wait; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Asks for a code, shows it, and waits until the person has agreed. */
export async function oauthDeviceLogin(options: DeviceLoginOptions): Promise<OAuthResult> {
  const { scopes = "openid profile", onCode } = options;
  const signal = options.signal as globalThis.AbortSignal | undefined;
  const provider = await discover(options, signal);
  const { server, client } = provider;
  const device = await asOAuthError(async () => {
    const response = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: scopes }, { ...provider.options, ...(signal && { signal }) });
    return await oauth.processDeviceAuthorizationResponse(server, client, response);
  });
  const end = Date.now() + device.expires_in * 1000;
  await onCode({
    userCode: device.user_code,
    verificationUri: device.verification_uri,
    ...(device.verification_uri_complete && { verificationUriComplete: device.verification_uri_complete }),
    expiresAt: new Date(end),
  });
  // Five seconds is what the standard says where the provider says nothing.
  let interval = (device.interval ?? 5) * 1000;
  while (Date.now() < end) {
    await pause(interval, signal);
    const tokens = await poll(provider, device.device_code, signal);
    if (tokens === "slow_down") interval += 5000;
    else if (tokens !== "authorization_pending") return await resultOf(provider, tokens, scopes);
  }
  throw new OAuthError("expired_token", "Nobody agreed in time");
}

/** The tokens, or why to go on waiting. */
async function poll({ server, client, options }: Provider, code: string, signal: globalThis.AbortSignal | undefined) {
  try {
    return await asOAuthError(async () => {
      const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code, { ...options, ...(signal && { signal }) });
      return await oauth.processDeviceCodeResponse(server, client, response);
    });
  } catch (error) {
    if (error instanceof OAuthError && (error.code === "authorization_pending" || error.code === "slow_down")) return error.code;
    throw error;
  }
}
