// Says when the device is offline. The local Hub needs no network.

import { connection, onChange } from "./connection.js";
import { fill } from "./dom.js";
import { icon } from "./icons.js";

export function watchNetwork(element) {
  const show = () => {
    const isOffline = !navigator.onLine && connection.mode !== "local";
    element.hidden = !isOffline;
    fill(element, isOffline ? [icon("warn"), "You are offline. Calls fail until the connection is back; the forms keep what you type."] : null);
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  onChange(show);
  show();
}
