// webpack by its own interface, with the few words of its program that the fixtures use. (The program is a package of
// its own, which asks for a newer Node.)

import { parseArgs, promisify } from "node:util";

import webpack from "webpack";

const { values } = parseArgs({ options: { mode: { type: "string" }, entry: { type: "string" }, target: { type: "string" } } });
const stats = await promisify(webpack)({ context: process.cwd(), target: "web", ...values });
console.log(stats.toString());
process.exitCode = stats.hasErrors() || stats.hasWarnings() ? 1 : 0;
