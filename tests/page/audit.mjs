// Audits that run inside the page.

/** Controls without an accessible name, and ids that stand twice. */
export function findUnnamed() {
  const labelled = (element) => {
    const ids = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const texts = [element.getAttribute("aria-label"), ...ids.map((id) => document.getElementById(id)?.innerText), ...[...(element.labels ?? [])].map((label) => label.innerText)];
    if (["BUTTON", "A", "SUMMARY"].includes(element.tagName)) texts.push(element.innerText);
    return texts.some((text) => text?.trim());
  };
  const unnamed = [...document.querySelectorAll("a, button, summary, input, select, textarea, [role=radiogroup], [role=group], [role=tabpanel], section, nav, meter")]
    .filter((element) => element.checkVisibility?.() !== false)
    .filter((element) => !labelled(element))
    .map((element) => element.outerHTML.slice(0, 120));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return [...unnamed, ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`)];
}

/** Visible texts whose contrast with what is behind them is below 4.5 (3 for large ones). */
export function lowContrast() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color, under) => {
    canvas.clearRect(0, 0, 1, 1);
    if (under) {
      canvas.fillStyle = under;
      canvas.fillRect(0, 0, 1, 1);
    }
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (rgba(color)[3] === 255) return color;
    }
    return "white";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = new Map();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("datalist, option, script, [aria-disabled=true]")) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [one, other] = [luminance(rgba(style.color, back)), luminance(rgba(back))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const large = Number.parseFloat(style.fontSize) >= 24 || (Number.parseFloat(style.fontSize) >= 18.6 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) low.set(`${element.tagName}.${element.className}`, `${ratio.toFixed(2)} ${node.data.trim().slice(0, 30)}`);
  }
  return [...low];
}
