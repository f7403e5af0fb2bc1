// What the forms are filled with, so that one click gives a result.

import { connection } from "./connection.js";

const SINK = "http://127.0.0.1:8787";

/** Examples for the real service, where the catalogue's own name things of the local Hub. */
const REAL = {
  "hub.modelInfo": { repo: "openai-community/gpt2" },
  "hub.datasetInfo": { repo: "stanfordnlp/imdb" },
  "hub.spaceInfo": { repo: "huggingface-projects/llama-2-7b-chat" },
  "hub.listCommits": { repo: "openai-community/gpt2" },
  "hub.listRefs": { repo: "openai-community/gpt2" },
  "hub.listFiles": { repo: "openai-community/gpt2" },
  "hub.listDiscussions": { repo: "openai-community/gpt2" },
  "hub.listCollections": { owner: "huggingface" },
  "router.chatCompletion": { model: "meta-llama/Llama-3.1-8B-Instruct:fastest" },
  "router.featureExtraction": { model: "sentence-transformers/all-MiniLM-L6-v2" },
  "router.textToImage": { model: "black-forest-labs/FLUX.1-schnell" },
};

/** Parameters that name something of the local Hub, which another service does not have. */
const LOCAL_NAMES = new Set(["repo", "fromRepo", "toRepo", "namespace", "owner", "item", "webhookId", "watched", "url", "num"]);

/** Values that the page sets, so that a response shows more. */
const SHOWING = { "router.chatCompletion": { stream_options: { include_usage: true } } };

export function exampleOf(endpoint, param) {
  const showing = SHOWING[endpoint.key]?.[param.name];
  if (showing !== undefined) return showing;
  if (param.example === null) return undefined;
  if (connection.mode === "local") return atLocalAddress(param.example);
  const real = REAL[endpoint.key]?.[param.name];
  if (real !== undefined) return real;
  return LOCAL_NAMES.has(param.name) ? undefined : param.example;
}

/** The local Hub's own address, whatever its port. */
function atLocalAddress(example) {
  return typeof example === "string" && example.startsWith(SINK) ? connection.hubUrl + example.slice(SINK.length) : example;
}
