/** The catalogue as a module, which `cargo xtask gen` writes into the package. */
import type { Catalogue } from "./endpoint-tools.js";

declare const catalogue: Catalogue;
export default catalogue;
