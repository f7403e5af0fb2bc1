// The one suite: every case, and with them those that look into the built package.

import { cases as panics } from "./cases/panics.mjs";
import { cases as everywhere, group } from "./everywhere.mjs";

export { endpoints } from "./everywhere.mjs";

export const cases = [...everywhere, ...group("panics", panics)];
