// The site of these pages: `npm run docs` builds it into .cache/docs, `npm start` serves it below /docs/.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));
const root = path.dirname(path.resolve(docs));
const cache = path.join(root, ".cache");

const { repository } = JSON.parse(readFileSync(path.join(root, "pkg/package.json"), "utf8"));
const sidebarOfApi = path.join(docs, "api/typedoc-sidebar.json");

/** Files of the repository's root that are pages, by including them. */
const INCLUDED = { "CHANGELOG.md": "changes.md", "SECURITY.md": "security.md", "CONTRIBUTING.md": "contributing.md" };

const page = (text, name) => ({ text, link: `/${name}` });

export default defineConfig({
  title: "hf-wasm",
  description: "The Hugging Face Hub API and the inference router for Node, Deno, Bun, workers and browsers",
  lang: "en",
  base: "/docs/",
  outDir: process.env.DOCS_OUT ?? path.join(cache, "docs"),
  cacheDir: path.join(cache, "vitepress"),
  srcExclude: ["package.json"],
  // Pages would load it inline, which their policy would have to allow by its hash.
  metaChunk: true,
  head: [["link", { rel: "icon", href: "/docs/icon.svg", type: "image/svg+xml" }]],
  buildEnd: ({ outDir }) => copyFileSync(path.join(root, "www/icon.svg"), path.join(outDir, "icon.svg")),
  themeConfig: {
    // Faults are a table of hundreds of lines, which would be found for every word.
    search: { provider: "local", options: { _render: (text, env, md) => (env.relativePath === "faults.md" ? "" : md.render(text, env)) } },
    outline: [2, 3],
    docFooter: { prev: "Previous", next: "Next" },
    nav: [
      page("Guide", "start"),
      page("Endpoints", "ENDPOINTS"),
      { text: "API", items: [page("Hub", "api/hf-wasm/classes/Hub"), page("InferenceRouter", "api/hf-wasm/classes/InferenceRouter"), page("HfError", "api/hf-wasm/classes/HfError"), page("All entries", "api/")] },
      page("Changes", "changes"),
      // Served beside the site by `npm start`.
      { text: "Demo", link: "pathname:///www/", target: "_self" },
    ],
    sidebar: [
      { text: "Guide", items: [page("Get started", "start"), page("Options", "options"), page("Errors", "errors"), page("Retries and rate limits", "rate-limits")] },
      { text: "The Hub", items: [page("Lists", "lists"), page("Files", "files"), page("Commits", "commits"), page("Discussions", "discussions"), page("Webhooks", "webhooks")] },
      { text: "Models and agents", items: [page("Chat and streams", "chat"), page("Tools and agents", "agents"), page("Sign-in", "sign-in")] },
      { text: "Test and deploy", items: [page("Testing", "testing"), page("The local Hub", "emulator"), page("Runtimes and bundlers", "runtimes"), page("Security", "security")] },
      { text: "Moving over", items: [page("@huggingface/hub", "from-hub"), page("@huggingface/inference", "from-inference"), page("openai", "from-openai")] },
      { text: "Reference", items: [page("Endpoints", "ENDPOINTS"), page("Faults", "faults"), page("Changes", "changes")] },
      { text: "How it is built", collapsed: true, items: [page("Contributing", "contributing"), page("Architecture", "architecture"), page("Decisions", "decisions")] },
      { text: "API", collapsed: true, items: existsSync(sidebarOfApi) ? JSON.parse(readFileSync(sidebarOfApi, "utf8")) : [] },
    ],
  },
  markdown: { anchor: { slugify: slug }, config: (md) => md.core.ruler.push("links-out", linksOut) },
  transformHtml: (html) => html.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="${policy(html)}">`),
});

/** As GitHub makes anchors of headings: a link works there and here. */
function slug(heading) {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

/** Leads links to other files of the repository to their pages, or to the repository; where it is not known, the text stays. */
function linksOut({ tokens, env }) {
  const here = path.posix.dirname(env.relativePath);
  const folder = Object.values(INCLUDED).includes(env.relativePath) ? "." : path.posix.join("docs", here);
  for (const { children } of tokens) {
    let open;
    for (const token of children ?? []) {
      if (token.type === "link_open" && /^[^:#/][^:]*$/.test(token.attrGet("href"))) {
        const [file, ...anchor] = token.attrGet("href").split("#");
        const named = path.posix.join(folder, file);
        const to = linkTo(named, here);
        if (to) token.attrSet("href", [to, ...anchor].join("#"));
        else open = Object.assign(token, { tag: "span", attrs: [["title", named]] });
      } else if (token.type === "link_close" && open) {
        token.tag = "span";
        open = undefined;
      }
    }
  }
}

/** Where a file of the repository is on the site, or else in the repository, if that has an address. */
function linkTo(file, here) {
  const page = file.startsWith("docs/") ? file.slice("docs/".length) : INCLUDED[file];
  if (page) return `./${path.posix.relative(here, page)}`;
  return repository && `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/main/${file}`;
}

/** What a page may load: its own files, and the scripts that are written in it. The local Hub sends this as a header, too. */
function policy(html) {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  return `default-src 'self'; script-src 'self' ${scripts.join(" ")}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'`;
}
