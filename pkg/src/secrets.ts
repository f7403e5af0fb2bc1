/** What a call sends that nobody else may see, and how it is kept out of everything that the call reports. */

const HIDDEN = "[hidden]";
/** Shorter values are words such as `none`, which dummy tokens are made of: to hide them would spoil the message. */
const SHORTEST = 8;
const TOKEN = "hf_";
/** Of a base64 text, this much is recognized. */
const SHORTEST_ENCODED = 6;
/** Longest message; it is cut after the secrets were hidden, since a part of one would not be recognized. */
const LONGEST = 1000;

/** Names of headers, and of a query's parameters, whose values are secrets. */
const SECRET_HEADER = /^(proxy-)?authorization$|cookie$|(key|token|secret|password|signature)$/i;
const SECRET_PARAMETER = /(signature|sig|key|token|secret|password|credential|policy|key-pair-id|accesskeyid)$/i;
/** A parameter with a right of its own in a text, as a signed URL has it. */
const SIGNED = /([\w-]{0,40}(?:signature|sig|token|secret|password|credential|key-pair-id|accesskeyid|api[_-]?key))=[^&#\s"'<>()[\]{}\\]+/gi;
/** Names of parameters whose values are secrets: `token`, `webhook_secret`, `accessToken`, `secrets`; not `max_tokens`. */
export const SECRET_NAME = /(^|[_-])([sS]ecrets?|[tT]oken|[pP]asswords?)$|[a-z](Secrets?|Token|Passwords?)$/;
/** What may be base64, in either alphabet, also within a query. */
const RUN = /(?:[\w+/-]|%2[bf])+(?:=|%3d)*/gi;
/** User and password of a URL. */
const USER = /:\/\/[^\s/@"'<>]{1,200}@/g;

/** What a request carries. */
interface Carried {
  /** The query of a URL that is not the API's own: it may be a right in itself. */
  query: string;
  headers: Record<string, string>;
}

export class Secrets {
  /** What was sent since something was last redacted. */
  #sent: Carried[] = [];
  readonly #known = new Set<string>();
  /** What to look for; undefined where it must be made anew. */
  #forms: Forms | undefined;
  /** Those of what this is a part of, which does not learn its own. */
  readonly #wider: Secrets | undefined;
  /** The client whose call this is. */
  readonly #client: object | undefined;

  constructor(wider?: Secrets, client?: object) {
    this.#wider = wider;
    this.#client = client;
  }

  /** Notes what a request carries. */
  sent(url: string, headers: Record<string, string>, sameOrigin: boolean): void {
    this.#sent.push({ query: sameOrigin ? "" : url.slice(url.indexOf("?") + 1 || url.length), headers });
  }

  /** Notes the secrets among the parameters that a body is made of: a text, a list of `{ key, value }`, or texts by name. */
  stated(params: object): void {
    for (const [name, value] of Object.entries(params) as [string, unknown][]) {
      if (SECRET_NAME.test(name)) {
        for (const item of [value, ...Object.values(Object(value) as object)] as ({ value?: unknown } | null)[]) {
          const text = item?.value ?? item;
          if (typeof text === "string") this.#add(text);
        }
      } else if (typeof value === "object" && value !== null && !Array.isArray(value)) this.stated(value);
    }
  }

  /** A text without secrets. */
  redact(text: string): string {
    for (const carried of this.#sent.splice(0)) this.#learn(carried);
    if (this.#known.size > 0) this.#forms ??= formsFor([...this.#known], this.#client);
    if (this.#wider) text = this.#wider.redact(text);
    const { plain, encoded } = this.#forms ?? NOTHING;
    const holds = (code: string) => encoded.some((part) => code.includes(part));
    const out = text.replace(plain, HIDDEN).replace(RUN, (run) => (holds(urlSafe(run)) ? HIDDEN : run));
    return out.replace(SIGNED, `$1=${HIDDEN}`).replace(USER, `://${HIDDEN}@`);
  }

  /** A copy of plain data without secrets, and with no message that is too long. */
  redacted<T>(value: T): T {
    if (typeof value === "string") return this.redact(value) as T;
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (Array.isArray(value)) return value.map((item) => this.redacted(item)) as T;
    const entries = Object.entries(value).map(([name, property]) => {
      const redacted = this.redacted(property);
      return [name, name === "message" && typeof redacted === "string" ? head(redacted) : redacted];
    });
    return Object.fromEntries(entries) as T;
  }

  #learn({ query, headers }: Carried): void {
    for (const [name, value] of Object.entries(headers)) {
      if (!SECRET_HEADER.test(name)) continue;
      // A scheme before it, or several cookies in one header.
      for (const part of [value, ...value.split(/[\s;,]+/)]) {
        this.#add(part);
        this.#add(part.slice(part.indexOf("=") + 1));
      }
    }
    this.#add(query);
    for (const [name, value] of new URLSearchParams(query)) if (SECRET_PARAMETER.test(name)) this.#add(value);
  }

  #add(value: string): void {
    if (this.#known.has(value) || !(value.length >= SHORTEST || value.startsWith(TOKEN))) return;
    this.#known.add(value);
    this.#forms = undefined;
  }
}

interface Forms {
  plain: RegExp;
  encoded: string[];
}

const NOTHING: Forms = { plain: /(?!)/g, encoded: [] };
/** What a client's last call looked for: the next call mostly has the same secrets, and compiling takes longer than a call. */
const last = new WeakMap<object, { of: string; forms: Forms }>();

function formsFor(secrets: string[], client: object | undefined): Forms {
  const of = JSON.stringify(secrets);
  const before = client && last.get(client);
  if (before?.of === of) return before.forms;
  const made = { of, forms: forms(secrets) };
  if (client) last.set(client, made);
  return made.forms;
}

/** As they are or escaped for a URL, the longest first, and what is the same of each wherever in a base64 text it stands. */
function forms(secrets: string[]): Forms {
  const plain = secrets.sort((one, other) => other.length - one.length).map((secret) => [...secret].map(escapable).join(""));
  return { plain: new RegExp(plain.join("|"), "gi"), encoded: secrets.flatMap(encoded) };
}

/** Matches a character, and its escape, which may be escaped once more. */
function escapable(char: string): string {
  const code = char < "\x80" ? `%${char.charCodeAt(0).toString(16).padStart(2, "0")}` : encodeURIComponent(char);
  return `(?:${char.replace(/\W/, "\\$&")}|${code.replaceAll("%", "%(?:25)?")})`;
}

/** In base64 it looks different after one, two or three other bytes; what its neighbours share with it is left out. */
function encoded(secret: string): string[] {
  const codes = ["", "a", "ab"].map((before) => {
    const code = urlSafe(btoa(before + secret.replace(/[^\0-\xff]/g, "?")).replaceAll("=", ""));
    return code.slice([0, 2, 3][before.length], (before.length + secret.length) % 3 ? -1 : undefined);
  });
  return codes.filter((code) => code.length >= SHORTEST_ENCODED);
}

/** A base64 text in the alphabet for URLs. */
function urlSafe(code: string): string {
  return code.replace(/\+|%2b/gi, "-").replace(/\/|%2f/gi, "_");
}

/** The beginning of a message, not cut within a character, and the status at its end. */
function head(text: string): string {
  if (text.length <= LONGEST) return text;
  const status = / \(\d{3}\)$/.exec(text)?.[0] ?? "";
  return text.slice(0, LONGEST - status.length).replace(/[\ud800-\udbff]$/, "") + status;
}
