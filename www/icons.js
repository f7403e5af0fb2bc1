// Small line drawings, 16 by 16.

const SPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  play: "M5 3.5v9l7.5-4.5z",
  stop: "M4.5 4.5h7v7h-7z",
  copy: "M5.5 5.5h8v8h-8z M3 10.5h-.5v-8h8V3",
  check: "M3 8.5l3.5 3.5L13 4.5",
  down: "M8 2.5v7.5 M4.5 7L8 10.5 11.5 7 M3 13.5h10",
  heart: "M8 13S2.5 9.8 2.5 6.2A2.8 2.8 0 0 1 8 5.2a2.8 2.8 0 0 1 5.5 1C13.5 9.800 8 13 8 13z",
  folder: "M2 4.500h4.200l1.500 1.500H14v7H2z",
  file: "M4 2h5l3 3v9H4z M9 2v3h3",
  branch: "M5 3.500v9 M5 9.500c4 0 6-1 6-4.500 M5 3.500a.5.5 0 1 0 0-.1 M11 5a.5.5 0 1 0 0-.1 M5 13a.5.5 0 1 0 0-.1",
  tag: "M2.500 2.500h5.500l5.500 5.500-5.500 5.500L2.500 8z M5.300 5.300v.05",
  lock: "M4 7.500h8v6H4z M5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2",
  talk: "M2.500 3h11v8H7.500L4.500 13.500V11h-2z",
  sliders: "M2.500 5h6 M11.500 5h2 M2.500 11h2 M7.500 11h6 M8.500 3.300v3.400 M4.500 9.300v3.400",
  sun: "M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z M8 1.500v1 M8 13.500v1 M1.500 8h1 M13.500 8h1 M3.400 3.400l.7.7 M11.900 11.900l.7.7 M3.400 12.600l.7-.7 M11.900 4.100l.7-.7",
  moon: "M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z",
  menu: "M2.500 4.500h11 M2.500 8h11 M2.500 11.500h11",
  chevron: "M6 3.500L10.500 8 6 12.500",
  close: "M4 4l8 8 M12 4l-8 8",
  reset: "M3 8a5 5 0 1 0 1.700-3.700 M3 2.500v2.800h2.800",
  cube: "M8 2l5.500 3v6L8 14l-5.500-3V5z M2.500 5L8 8l5.500-3 M8 8v6",
  table: "M2.500 3h11v10h-11z M2.500 6.500h11 M2.500 10h11 M7 3v10",
  window: "M2 3h12v10H2z M2 6h12",
  spark: "M8 2l1.600 4.400L14 8l-4.400 1.600L8 14l-1.600-4.400L2 8l4.400-1.600z",
  person: "M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8z M2.800 13.500c.6-2.500 2.700-3.700 5.200-3.700s4.600 1.200 5.200 3.700",
  agent: "M3 6h10v7H3z M8 6V3.300 M8 3a.5.5 0 1 0 0-.1 M6 9v1 M10 9v1",
  hook: "M5 2.500v6a3 3 0 1 0 6 0V7 M8.800 9L11 6.500 13.200 9",
  warn: "M8 2.500l6 10.500H2z M8 6.500v3 M8 11.200v.05",
};

export function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  for (const [key, value] of [["viewBox", "0 0 16 16"], ["class", "icon"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
