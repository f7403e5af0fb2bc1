/** Arguments against a JSON Schema, in words for a model. Loaded with the first call of a tool. */
import { type OutputUnit, type ValidationResult, Validator } from "@cfworker/json-schema";

import type { JsonSchema } from "./toolset.js";

/** Problems reported at most. */
const MOST = 10;

/** Keywords that only say that something within is wrong, and the schema `false`, which `additionalProperties` reports. */
const WRAPPERS = ["properties", "patternProperties", "items", "prefixItems", "$ref", "$dynamicRef", "anyOf", "oneOf", "allOf", "if", "false"];

const validators = new WeakMap<JsonSchema, Validator>();

/** What is wrong with arguments: `operations[0].path is missing`. */
export function problemsOf(schema: JsonSchema, args: unknown): string[] {
  const { valid, errors } = checked(schema, args);
  if (valid) return [];
  const lines = new Map<string, Set<string>>();
  for (const error of ofMeant(errors).filter((error) => !isWrapper(error, errors))) {
    const [at, text] = worded(error);
    lines.set(at, (lines.get(at) ?? new Set()).add(text));
  }
  const problems = [...lines].map(([at, texts]) => `${at || "the arguments"} ${[...texts].join(", or ").replaceAll("or must be ", "or ")}`);
  return problems.length > MOST ? [...problems.slice(0, MOST), `and ${problems.length - MOST} more problems`] : problems;
}

/** A schema may have a pattern of another language, or a reference to nothing. */
function checked(schema: JsonSchema, args: unknown): ValidationResult {
  try {
    let validator = validators.get(schema);
    if (!validator) {
      validator = new Validator(schema, "2020-12", false);
      validators.set(schema, validator);
    }
    return validator.validate(args);
  } catch (error) {
    throw new TypeError(`the arguments cannot be checked against the tool's schema: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The errors without those of alternatives that were not meant. An alternative that says what it is by a `const` was
 * meant where that fits; where none fits, only that is reported.
 */
function ofMeant(errors: OutputUnit[]): OutputUnit[] {
  let left = errors;
  for (const { keyword, keywordLocation, instanceLocation } of errors) {
    if (keyword !== "oneOf" && keyword !== "anyOf") continue;
    const isWithin = (error: OutputUnit) => error.keywordLocation.startsWith(`${keywordLocation}/`) && `${error.instanceLocation}/`.startsWith(`${instanceLocation}/`);
    const branchOf = (error: OutputUnit) => error.keywordLocation.slice(keywordLocation.length + 1).split("/", 1)[0];
    const within = left.filter(isWithin);
    const excluded = within.filter((error) => error.keyword === "const").map(branchOf);
    if (excluded.length === 0) continue;
    const isMeant = within.some((error) => !excluded.includes(branchOf(error)));
    left = left.filter((error) => !within.includes(error) || (isMeant ? !excluded.includes(branchOf(error)) : error.keyword === "const"));
  }
  return left;
}

function isWrapper({ keyword, instanceLocation, error }: OutputUnit, all: OutputUnit[]): boolean {
  if (keyword !== "additionalProperties") return WRAPPERS.includes(keyword);
  const at = `${instanceLocation}/${encoded(quoted(error))}`;
  return !all.some((other) => other.keyword === "false" && other.instanceLocation === at);
}

/** Where an error is, and what it is. */
function worded({ keyword, instanceLocation, error }: OutputUnit): [at: string, text: string] {
  const at = instanceLocation.split("/").slice(1).map(decoded).reduce(property, "");
  if (keyword === "required") return [property(at, quoted(error)), "is missing"];
  if (keyword === "additionalProperties") return [property(at, quoted(error)), "is not known"];
  const expected = /^Instance does not match (?:any of )?(.*)\.$/s.exec(error)?.[1] ?? "";
  if (keyword === "const") return [at, `must be ${expected}`];
  if (keyword === "enum") return [at, `must be one of ${expected.slice(1, -1).replaceAll('","', '", "')}`];
  if (keyword === "type") return [at, `must be of type ${error.split("Expected ")[1]?.replaceAll('"', "").replace(/\.$/, "").replaceAll(", ", " or ")}`];
  return [at, `is wrong: ${error.replace(/\.$/, "")}`];
}

/** `operations[0].path` */
function property(at: string, name: string): string {
  if (/^\d+$/.test(name)) return `${at}[${name}]`;
  return at ? `${at}.${name}` : name;
}

function quoted(text: string): string {
  return /"(.*)"/s.exec(text)?.[1] ?? "";
}

/** A part of a JSON pointer. */
function encoded(name: string): string {
  return encodeURI(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function decoded(part: string): string {
  try {
    return decodeURI(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return part;
  }
}
