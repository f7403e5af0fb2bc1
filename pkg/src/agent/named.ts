/** Repositories that parameters name beside the call's own: what a webhook watches, a collection holds, a Space mounts. */

const INFO: Record<string, string> = { model: "modelInfo", dataset: "datasetInfo", space: "spaceInfo" };
/** Parameters that are the call's own repository, as a string or an object. */
const OWN = ["repo", "fromRepo", "toRepo"];
const DEEPEST = 8;

/** Lines of an endpoint and a repository on which it would be called: `modelInfo models/acme/x`. */
export function namedIn(value: unknown, depth = 0): string[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || depth > DEEPEST) return [];
  const { type, name, id, source, spaceId } = value as Record<string, unknown>;
  const lines = Object.entries(value).flatMap(([key, property]) => (depth === 0 && OWN.includes(key) ? [] : namedIn(property, depth + 1)));
  if (depth > 0 && typeof type === "string") {
    if (typeof source === "string") lines.push(...on(type, source, "listFiles"));
    for (const named of [name, id]) if (typeof named === "string") lines.push(...on(type, named, undefined));
  }
  if (typeof spaceId === "string") lines.push(...on("space", spaceId, "listFiles"));
  return lines;
}

/** What is mounted is read whole; of what is watched or collected, what describes it. */
function on(type: string, name: string, endpoint: string | undefined): string[] {
  const kind = type.toLowerCase();
  // All that there is of a user or an organization.
  if (kind === "user" || kind === "org") return Object.entries(INFO).map(([each, info]) => `${info} ${each}s/${name}/*`);
  const info = endpoint ?? (Object.hasOwn(INFO, kind) ? INFO[kind] : undefined);
  return info ? [`${info} ${kind}s/${name.replace(/^\/+/, "")}`] : [];
}
