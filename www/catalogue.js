// The package's catalogue, with the URLs that this page gives to groups and endpoints, and the form control of each
// parameter, which its JSON Schema decides.

import catalogue from "../pkg/dist/catalogue.json" with { type: "json" };

const FACES = {
  models: { icon: "cube", text: "Find models, read their metadata, list their tags." },
  datasets: { icon: "table", text: "Find datasets, read their metadata, list their tags." },
  spaces: { icon: "window", text: "Find apps and see how they run." },
  repository: { icon: "branch", text: "Create, move and delete; browse files, refs and commits; commit." },
  discussions: { icon: "talk", text: "Open, read, answer, close and merge." },
  inference: { icon: "spark", text: "Chat, embed and draw through the router." },
  account: { icon: "person", text: "Whose token this is, and collections." },
  webhooks: { icon: "hook", text: "Get notified when something changes." },
};

/** `{ slug, name, title, icon, text, endpoints: [{ key, hash, … }] }` of each group. */
export const sections = catalogue.groups.map(({ name, title, endpoints }) => {
  const slug = title.toLowerCase().split(" ")[0];
  const rows = endpoints.filter(({ core }) => core).map((row) => ({ ...row, params: paramsOf(row.parameters), section: slug, key: `${row.host}.${row.name}`, hash: `#${slug}/${row.name}` }));
  return { slug, name, title, ...FACES[slug], endpoints: rows };
});

export const endpoints = sections.flatMap((section) => section.endpoints);

/** The endpoint of a hash such as `#models/listModels`; of `#models` its first; else undefined. */
export function endpointAt(hash) {
  const [slug, name] = hash.replace(/^#/, "").split("?")[0].split("/");
  const section = sections.find((candidate) => candidate.slug === slug);
  if (section === undefined) return undefined;
  if (name === undefined) return section.endpoints[0];
  return section.endpoints.find((row) => row.name === name);
}

export function endpointOf(key) {
  return endpoints.find((row) => row.key === key);
}

/** `{ name, control, values, required, doc, example }` of each parameter of a schema. */
function paramsOf({ properties, required }) {
  return Object.entries(properties).map(([name, schema]) => {
    const [example = null] = schema.examples ?? [];
    return { name, ...controlOf(schema, name), required: required.includes(name), doc: schema.description, example };
  });
}

/**
 * The form control of a schema: `text`, `texts`, `flag`, `number`, `choice`, `known`, `choices`, `repo`, `model`,
 * `operations`, `messages`, `watched` or `json`; and the values that it offers.
 */
function controlOf(schema, name) {
  const { type, anyOf, items } = schema;
  const offered = (anyOf ?? items?.anyOf)?.find((one) => one.enum)?.enum;
  if (schema.enum) return { control: "choice", values: schema.enum };
  if (type === "string") return { control: name === "model" ? "model" : "text" };
  if (type === "boolean") return { control: "flag" };
  if (type === "integer" || type === "number") return { control: "number" };
  if (type === "array" && offered) return { control: "choices", values: offered };
  if (anyOf && offered) return { control: "known", values: offered };
  if (anyOf) return { control: "texts" };
  if (schema.$ref === "#/$defs/RepoDesignation") return { control: "repo" };
  const editor = { CommitOperation: "operations", ChatMessage: "messages", WebhookWatched: "watched" }[items?.$ref?.replace("#/$defs/", "")];
  if (editor !== undefined) return { control: editor };
  return { control: "json" };
}
