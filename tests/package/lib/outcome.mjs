// What a cell brings back, and what is asked of it.

/** The outcome in what a program printed. */
export function outcomeIn(text) {
  const line = /^\s*OUTCOME (.*)$/m.exec(text)?.[1];
  if (!line) throw new Error(`no outcome was printed\n${text}`);
  return JSON.parse(line);
}

/** Throws unless every case passed and each endpoint answered; gives what the table shows. */
export function judge({ ran, failed, answered, endpoints }) {
  const unseen = endpoints.filter((endpoint) => !answered.includes(endpoint));
  if (failed.length > 0) throw new Error(`${failed.length} of ${ran} cases failed\n${failed.join("\n")}`);
  if (unseen.length > 0) throw new Error(`never answered: ${unseen}`);
  return `${answered.length} endpoints, ${ran} cases`;
}
