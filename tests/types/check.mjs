// Writes values as TypeScript literals of a declared type and lets the compiler judge them.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = path.join(root, "tests/out/types");

/** Type names that are no export of `replies.ts`. */
const BUILT_IN = /^(string|number|boolean|void|never|unknown)$/;

/**
 * Compiles `const x: Type = literal` for every `{ id, type, value }`, in the file `name`, and returns the compiler's
 * complaints. Top-level fields that the type does not declare are complaints too, but for those in `beyond`.
 */
export function complaints(name, values, beyond = []) {
  mkdirSync(out, { recursive: true });
  const types = [...new Set(values.map(({ type }) => type.replace(/<.*>$/, "").replace(/\[\]$/, "")))].filter(
    (type) => !BUILT_IN.test(type),
  );
  const file = path.join(out, `${name}.ts`);
  const head = [
    `import type { ${types.sort().join(", ")} } from "../../../pkg/src/replies.js";`,
    // What parts of a reply hold beyond their types is no complaint.
    "type Loose<T> = T extends string | number | boolean | null | undefined ? T : T extends (infer Item)[] ? Loose<Item>[] : T extends object ? { [K in keyof T]: Loose<T[K]> } & { [field: string]: unknown } : T;",
    "type Named<T> = keyof { [K in keyof T as string extends K ? never : K]: 1 };",
    "type Declared<T> = [Named<T>] extends [never] ? string : Named<T>;",
  ];
  const lines = values.flatMap(({ id, type, value }, index) => [
    `// ${id}`,
    `export const x${index}: Loose<${type}> = ${literal(value)};`,
    ...fields(value)
      .filter((field) => !beyond.includes(field))
      .map((field) => `${JSON.stringify(field)} satisfies Declared<${type}>;`),
  ]);
  writeFileSync(file, `${[...head, ...lines].join("\n")}\n`);
  return compile([file]);
}

/** Compiles TypeScript files under the strictest settings, declarations included, and returns what the compiler prints. */
export function compile(files, { module = "nodenext", resolution = "nodenext", lib = "es2022,dom,dom.iterable", types = "" } = {}) {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const options = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--noEmit",
    "--pretty",
    "false",
  ];
  const platform = ["--target", "es2022", "--lib", lib, "--types", types, "--skipLibCheck", "false"];
  platform.push("--module", module, "--moduleResolution", resolution);
  const child = spawnSync(process.execPath, [tsc, ...options, ...platform, ...files], { cwd: root, encoding: "utf8" });
  if (child.error) throw child.error;
  if (child.status !== 0 && !child.stdout) throw new Error(`tsc failed: ${child.stderr}`);
  return child.stdout;
}

/** JSON is a TypeScript literal but for two line separators and one key. */
function literal(value) {
  return JSON.stringify(value)
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
    .replaceAll('"__proto__"', '["__proto__"]');
}

function fields(value) {
  return value && typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [];
}
