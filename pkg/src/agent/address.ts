/** What an address of the API asks for: the endpoints that it may be of. */
import { HUB, ROUTER, type Row } from "../generated/rows.js";

const NAME = "[\\w.-]+";
const ID = `(?:${NAME}/)?${NAME}`;
const KINDS = "models|datasets|spaces|kernels";
/** Where the Hub redirects downloads to. */
const CACHED = `GET /api/resolve-cache/{repo}/{oid}/{path}`;
const OID = "[0-9a-f]{40}";

/** An endpoint, its method, and how its paths look; the repository is the group `repo`, or below `kind`. */
type Pattern = [name: string, method: string, path: RegExp, kind: string];
const compiled = new Map<boolean, Pattern[]>();

/** Lines of an endpoint and, where it is about one, a repository: `listFiles models/acme/x`. No line: it is none's. */
export function asked(router: boolean, endpoint: string, method: string, url: string): string[] {
  const base = endpoint.replace(/\/+$/, "");
  const [path = ""] = (url.startsWith(`${base}/`) ? url.slice(base.length) : new URL(url).pathname).split(/[?#]/);
  return patterns(router).flatMap(([name, own, shape, kind]) => {
    const found = own === (method === "HEAD" ? "GET" : method) && shape.exec(path);
    if (!found) return [];
    const repo = found.groups?.["repo"];
    // The router's models are no repositories of the Hub to a policy.
    if (!repo || router) return [name];
    return [`${name} ${kind || (RegExp(`^(${KINDS})/`).test(repo) ? "" : "models/")}${repo}`];
  });
}

function patterns(router: boolean): Pattern[] {
  const known = compiled.get(router);
  if (known) return known;
  const rows = Object.entries(router ? ROUTER : HUB).map(([name, row]: [string, Row]) => [name, row[4]] as const);
  if (!router) rows.push(["downloadFile", CACHED]);
  const made = rows.map(([name, address]): Pattern => {
    const [method = "", path = ""] = address.split(" ");
    const kind = /^\/api\/(\w+\/)\{repo\}/.exec(path)?.[1] ?? "";
    const typed = kind ? ID : `(?:(?:${KINDS})/)${path.startsWith("/api/") ? "" : "?"}${ID}`;
    const shape = path
      .replaceAll(".", "\\.")
      .replace(/\[(.*)\]/, "(?:$1)?")
      .replace(/\{(\w+)\}/g, (_, param: string) => (param === "repo" || param === "model" ? `(?<repo>${typed})` : param === "path" ? ".*" : param === "oid" ? OID : "[^/]+"));
    return [name, method, RegExp(`^${shape}$`), kind === "resolve-cache/" ? "" : kind];
  });
  compiled.set(router, made);
  return made;
}
