import { SECRET_NAME, type Secrets } from "../secrets.js";

/** Parameters as a person may see them. */
export function shown(params: Record<string, unknown>, secrets: Secrets): Record<string, unknown> {
  const hide = (name: string, value: unknown): unknown => {
    if (SECRET_NAME.test(name)) return typeof value === "object" && value !== null && Array.isArray(value) ? value.map(() => "[hidden]") : "[hidden]";
    if (typeof value === "string") return secrets.redact(value);
    if (Array.isArray(value)) return value.map((item) => hide("", item));
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob) return value;
    return Object.fromEntries(Object.entries(value).map(([key, property]) => [key, hide(key, property)]));
  };
  return hide("", params) as Record<string, unknown>;
}
