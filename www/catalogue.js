// The generated catalogue, with the addresses that this page gives to groups and endpoints.

import { groups } from "./catalogue.gen.js";

const FACES = {
  models: { icon: "cube", text: "Find models, read their metadata, list their tags." },
  datasets: { icon: "table", text: "Find datasets, read their metadata, list their tags." },
  spaces: { icon: "window", text: "Find apps and see how they run." },
  repository: { icon: "branch", text: "Create, move and delete; browse files, refs and commits; commit." },
  discussions: { icon: "talk", text: "Read, open and answer discussions and pull requests." },
  inference: { icon: "spark", text: "Chat, embed and draw through the router." },
  account: { icon: "person", text: "Who the token is, and its collections." },
  webhooks: { icon: "hook", text: "Be told when something changes." },
};

/** `{ slug, title, icon, text, endpoints: [{ key, hash, … }] }` of each group. */
export const sections = groups.map(({ title, endpoints }) => {
  const slug = title.toLowerCase().split(" ")[0];
  const rows = endpoints.map((row) => ({ ...row, section: slug, key: `${row.host}.${row.name}`, hash: `#${slug}/${row.name}` }));
  return { slug, title, ...FACES[slug], endpoints: rows };
});

export const endpoints = sections.flatMap((section) => section.endpoints);

/** The endpoint of a hash such as `#models/listModels`; of `#models` its first; else undefined. */
export function endpointAt(hash) {
  const [slug, name] = hash.replace(/^#/, "").split("/");
  const section = sections.find((candidate) => candidate.slug === slug);
  if (section === undefined) return undefined;
  if (name === undefined) return section.endpoints[0];
  return section.endpoints.find((row) => row.name === name);
}

export function endpointOf(key) {
  return endpoints.find((row) => row.key === key);
}
