// What the scripts print: headings, steps, and prerequisites that a person must bring.

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A heading of a longer part. */
export function heading(text) {
  console.log(`\n${paint("1", `== ${text}`)}`);
}

/** One line about what happens now, or what was found. */
export function say(text) {
  console.log(`${paint("36", "·")} ${text}`);
}

/** A prerequisite that these scripts do not install, with the command that brings it. */
export class Missing extends Error {
  constructor(what, ...commands) {
    super(`${what}\n${commands.map((command) => `    ${command}`).join("\n")}`);
    this.name = "Missing";
  }
}

/** Runs a script's main function; a failure ends the process with one readable message. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    const known = error instanceof Missing || error.name === "CommandFailed";
    console.error(`\n${paint("31", "error:")} ${known ? error.message : (error.stack ?? error)}`);
    process.exitCode = 1;
  }
}
