// What the scripts print: headings, steps, and prerequisites that a person must bring.

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Takes the line of progress away, before anything else is written. */
const clear = process.stdout.isTTY ? "\r\u001b[2K" : "";

/** A heading of a longer part. */
export function heading(text) {
  console.log(`${clear}\n${paint("1", `== ${text}`)}`);
}

/** One line about what was found or done. */
export function say(text) {
  console.log(`${clear}${paint("36", "·")} ${text}`);
}

/** The line of progress: in a terminal it is written over the last one. */
export function line(text) {
  if (process.stdout.isTTY) process.stdout.write(clear + paint("2", text.slice(0, (process.stdout.columns || 80) - 1)));
  else if (text) console.log(`  ${text}`);
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
    console.error(`${clear}\n${paint("31", "error:")} ${known ? error.message : (error.stack ?? error)}`);
    process.exitCode = 1;
  }
}
