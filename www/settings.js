// The dialog in which service and token are chosen.

import { connect, connection, isToken, useToken } from "./connection.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { resetButton } from "./reset.js";
import { createSignIn } from "./sign-in.js";

export function createSettings() {
  const body = h("div.stack");
  const dialog = h(
    "dialog.dialog",
    { "aria-labelledby": "settings-title", id: "settings" },
    h("form.stack", { method: "dialog" },
      h("div.row", {}, h("h2.grow", { id: "settings-title" }, "Connection"), h("button.icon-button", { value: "close", "aria-label": "Close" }, icon("close"))),
      body,
      h("div.row.end", {}, h("button.button.primary", { value: "close" }, "Done"))),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);

  const signIn = createSignIn(() => show());
  const show = () => {
    signIn.show();
    fill(body, services(show), signIn.element, token(), connection.mode === "local" ? h("div.row", {}, resetButton()) : null);
  };
  // What was typed is gone with the dialog.
  dialog.addEventListener("close", () => fill(body));
  return {
    open() {
      show();
      dialog.showModal();
    },
  };
}

function services(show) {
  const option = (mode, title, text) => {
    const radio = h("input", { type: "radio", name: "service", value: mode, checked: connection.mode === mode });
    radio.addEventListener("change", async () => {
      if (mode === "custom") await connect("custom", { hub: connection.hubUrl, router: connection.routerUrl });
      else await connect(mode);
      show();
      document.querySelector(`#settings input[value=${mode}]`).focus();
    });
    return h("label.option", {}, radio, h("span", {}, h("strong", {}, title), h("span.muted", {}, text)));
  };
  return h(
    "fieldset.stack",
    {},
    h("legend", {}, "Service"),
    option("local", "Local Hub", connection.local === null ? "not running; npm start brings it up" : connection.local.hub),
    option("real", "huggingface.co", "the real service and its inference router"),
    option("custom", "Another address", "any Hub and router that speak the same API"),
    connection.mode === "custom" ? addresses() : null,
  );
}

function addresses() {
  const input = (label, value) => {
    const box = h("input.input", { type: "url", value, required: true, spellcheck: "false", "aria-label": label });
    return [box, h("label.field", {}, h("span.label", {}, label), box)];
  };
  const [hub, hubField] = input("Hub", connection.hubUrl);
  const [router, routerField] = input("Router", connection.routerUrl);
  const take = () => {
    if (hub.validity.valid && router.validity.valid) void connect("custom", { hub: trim(hub.value), router: trim(router.value) });
  };
  hub.addEventListener("change", take);
  router.addEventListener("change", take);
  return h("div.stack", {}, hubField, routerField);
}

function trim(address) {
  return address.replace(/\/+$/, "");
}

function token() {
  const own = h("input.input", { type: "password", id: "own-token", autocomplete: "off", spellcheck: "false", placeholder: "hf_…" });
  own.addEventListener("change", () => {
    for (const box of own.closest("fieldset").querySelectorAll("[name=token]")) box.checked = false;
    useToken(own.value);
  });
  const ready = connection.mode === "local" ? connection.tokens : [];
  const radio = (text, title, note) => {
    const box = h("input", { type: "radio", name: "token", checked: isToken(text) });
    box.addEventListener("change", () => useToken(text));
    return h("label.option.slim", {}, box, h("span", {}, h("strong", {}, title), h("span.muted", {}, note)));
  };
  return h(
    "fieldset.stack",
    {},
    h("legend", {}, "Token"),
    radio("", "None", "public data only"),
    ready.map((one) => radio(one.token, `${one.user}, ${one.role}`, one.expired ? "expired" : "ready-made")),
    h("label.field", { for: "own-token" }, h("span.label", {}, "Another token"), own),
    h("p.hint", {}, "It stays in this page’s memory: not in storage, not in the address, not in the code shown. Reloading forgets it."),
  );
}
