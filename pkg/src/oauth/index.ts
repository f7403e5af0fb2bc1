/** Sign-in with Hugging Face: for pages by a redirect, for other programs by a code; and a token that stays fresh. @module hf-wasm/oauth */
export { type DeviceCode, type DeviceLoginOptions, oauthDeviceLogin } from "./device.js";
export { OAuthError, type OAuthOptions } from "./provider.js";
export {
  oauthHandleRedirect,
  oauthHandleRedirectIfPresent,
  type OAuthLoginOptions,
  oauthLoginUrl,
  type OAuthRedirectOptions,
  type OAuthStorage,
} from "./redirect.js";
export { type OAuthResult, oauthRefresh, type OAuthUserInfo, oauthUserInfo, tokenProvider, type TokenProviderOptions } from "./result.js";
