// A request as a command of curl. The token is a variable of the shell.

/** Headers that curl sends itself, or that mean nothing to it. */
const LEFT_OUT = new Set(["accept-encoding", "content-length", "user-agent", "x-requested-with"]);

export function curlOf({ method, url, headers, body }) {
  const lines = [`curl ${quoted(url)}`];
  if (method !== "GET" && !(method === "POST" && body !== undefined)) lines.push(`-X ${method}`);
  for (const [name, value] of headers) {
    if (LEFT_OUT.has(name) || value === "*/*") continue;
    if (name === "authorization") lines.push('-H "Authorization: Bearer $HF_TOKEN"');
    else lines.push(`-H ${quoted(`${headerName(name)}: ${value}`)}`);
  }
  if (body !== undefined) lines.push(`--data-binary ${quoted(pretty(body))}`);
  return lines.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function headerName(name) {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** JSON over lines, so that it can be read; what is longer than that stays as it is. */
function pretty(body) {
  if (body.length > 4000) return body;
  try {
    const text = JSON.stringify(JSON.parse(body), null, 2);
    return text.length < 60 ? body : text;
  } catch {
    return body;
  }
}
