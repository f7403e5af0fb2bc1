// Runs before the first paint, written into the page by the build. The address of a call paints its name, and not the
// overview. The rest of the style does not hold up the paint, and `styled` says when it is there; whether this address is
// that of a local Hub is asked while the modules are on their way, and `index` is the response.

{
  const styles = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "page.css" });
  globalThis.styled = new Promise((resolve) => {
    styles.onload = styles.onerror = resolve;
  });
  document.head.append(styles);
  globalThis.index = fetch("/_emulator", { headers: { "x-emulator-control": "1", accept: "application/json" } });
  globalThis.index.catch(() => {});

  const [, group, name] = /^#(\w+)(?:\/(\w+))?/.exec(location.hash) ?? [];
  if (group !== undefined) {
    document.getElementById("hero").hidden = true;
    const arriving = document.getElementById("arriving");
    arriving.hidden = false;
    arriving.querySelector(".title-name").textContent = name ?? "";
    arriving.querySelector(".host").textContent = name === undefined ? "" : group === "inference" ? "router." : "hub.";
  }
}
