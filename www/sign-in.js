// Sign-in on the local Hub: the person leaves for the Hub's page, decides there what this page may do, and comes back
// with a code, for which the page gets a token (authorization code with PKCE).

import { connect, connection, onChange, owner, useToken } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const CLIENT = "hf-wasm demo page";
const SCOPES = "openid profile read-repos write-repos manage-repos write-discussions read-collections write-collections inference-api webhooks read-billing";

/** What became of the last sign-in, where it failed. */
let problem = "";

/** Takes up a sign-in that the person comes back from; tells whether there was one. */
export async function finishSignIn() {
  const redirectedUrl = location.href;
  const { searchParams } = new URL(redirectedUrl);
  if (!searchParams.has("state") || !(searchParams.has("code") || searchParams.has("error"))) return false;
  // The code is nobody's business, and works once.
  history.replaceState(null, "", location.pathname);
  try {
    const { oauthHandleRedirect, tokenProvider } = await import("../pkg/dist/oauth/index.js");
    const result = await oauthHandleRedirect({ redirectedUrl });
    problem = "";
    useToken(tokenProvider(result, { clientId: CLIENT, hubUrl: connection.hubUrl }), result.userInfo.preferred_username);
    if (result.state?.startsWith("#")) location.replace(result.state);
  } catch (error) {
    problem = `You are not signed in: ${error.message}.`;
  }
  return true;
}

/** `{ element, show }` of the part of the settings in which a person signs in and out; `onSignedOut` is called after the latter. */
export function createSignIn(onSignedOut) {
  const element = h("fieldset.stack", { id: "sign-in" });
  const show = (leaving = false) => {
    element.hidden = connection.mode !== "local" || connection.local === null;
    fill(element, h("legend", {}, "Sign-in"), owner() === "" ? anonymous(leaving) : signedIn());
  };

  function anonymous(leaving) {
    const text = h("p.field-error", { role: "alert", hidden: problem === "" }, problem);
    const button = h("button.button", { type: "button", "aria-describedby": "sign-in-hint", "aria-disabled": leaving ? "true" : null, autofocus: problem !== "" }, icon("person"), leaving ? "Leaving for the Hub’s page" : "Sign in with the local Hub");
    button.addEventListener("click", () => leaving || void leave());
    return [text, h("p.hint", { id: "sign-in-hint" }, "You decide on the Hub’s own page what this page may do, and come back."), h("div.row", {}, button)];
  }

  function signedIn() {
    const button = h("button.button", { type: "button", autofocus: true }, "Sign out");
    button.addEventListener("click", async () => {
      await connect("local");
      onSignedOut();
      element.querySelector("button").focus();
    });
    return [h("p", { role: "status" }, "Signed in as ", h("strong", {}, owner()), ". Calls are made with what you have allowed."), h("div.row", {}, button)];
  }

  async function leave() {
    problem = "";
    show(true);
    try {
      const { oauthLoginUrl } = await import("../pkg/dist/oauth/index.js");
      location.assign(await oauthLoginUrl({ clientId: CLIENT, hubUrl: connection.hubUrl, scopes: SCOPES, state: location.hash }));
    } catch (error) {
      problem = `The Hub’s page cannot be reached: ${error.message}.`;
      show();
      element.querySelector("button").focus();
    }
  }

  onChange(() => show());
  return { element, show: () => show() };
}
