// Endpoints as tools for models, by the entry `hf-wasm/agent`: the schemas and what validates by them load with the first.

import addresses from "../addresses.mjs";
import { Hub } from "hf-wasm";
import { tools } from "hf-wasm/agent";

import { equal, match } from "./assert.mjs";

async function run() {
  const hub = new Hub({ endpoint: addresses.endpoint, token: addresses.tokens.write });
  const set = await tools({ hub, policy: { groups: { account: "read", repos: "full" }, repos: { "acme/*": "read" } } });
  equal((await set.callTool("hub_whoAmI", "{}")).value.name, "alice");
  match((await set.callTool("hub_userOverview", { user: "alice" })).text, /username is missing\n- user is not known/);
  match((await set.callTool("hub_createRepo", { repo: "acme/by-a-model" })).text, /does not allow/);
  equal(set.get("hub_listModels"), undefined);
}

/** Cases beside the suite's own, for fixtures that can import the entry. */
export const agents = [{ name: "agents: tools are checked, called and held to a policy", run }];
