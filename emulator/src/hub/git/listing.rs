//! Repositories that stand in lists alone until somebody reads their files: what those are follows from the row.

use serde_json::Value;

use super::objects::{self, Author, GIT_ATTRIBUTES, Object};
use crate::hub::error::Error;
use crate::hub::lfs::Pointer;
use crate::hub::repo::{Repo, RepoKind};
use crate::hub::{card, gguf};

/// The commit that such a repository will have, computed without a disk. It depends on kind, namespace, name,
/// `created_at` and `meta`.
pub fn listing_sha(repo: &Repo) -> Result<String, Error> {
    Ok(sealed(repo)?.last().map(|commit| commit.oid.to_string()).unwrap_or_default())
}

pub(super) fn sealed(repo: &Repo) -> Result<Vec<Object>, Error> {
    let author = Author { name: &repo.namespace, time_ms: repo.created_at };
    objects::seal(&listing_files(repo), author, "initial commit")
}

/// Path and content of its files.
pub fn listing_files(repo: &Repo) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(".gitattributes", GIT_ATTRIBUTES.to_owned()), ("README.md", readme(repo))];
    match repo.kind {
        RepoKind::Model | RepoKind::Kernel => {
            if let Some(config) = repo.meta.get("config").filter(|config| config.is_object()) {
                files.push(("config.json", pretty(config)));
            }
        }
        RepoKind::Dataset => files.push(("data/train.jsonl", rows(repo))),
        RepoKind::Space => files.push(app(repo)),
    }
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let large = large_files(repo).into_iter().map(|(path, content)| (path, Pointer::of(&content).text().into_bytes()));
    files.chain(large).collect()
}

/// Path and content of those of its files that git holds a pointer of.
pub(super) fn large_files(repo: &Repo) -> Vec<(String, Vec<u8>)> {
    let Some(facts) = repo.meta.get("gguf") else { return Vec::new() };
    let architecture = facts.get("architecture").and_then(Value::as_str).unwrap_or_default();
    let content = gguf::metadata(&[("general.architecture", architecture), ("general.name", &repo.name)]);
    vec![(format!("{}.gguf", repo.name), content)]
}

fn readme(repo: &Repo) -> String {
    let head = repo.meta.get("cardData").map(card::write).unwrap_or_default();
    let what = match repo.meta.get("pipeline_tag").and_then(Value::as_str) {
        Some(task) => format!("A {} for {}.", repo.kind.as_str(), task.replace('-', " ")),
        None => format!("A {} by {}.", repo.kind.as_str(), repo.namespace),
    };
    format!("{head}# {}\n\n{what}\n", repo.name)
}

fn rows(repo: &Repo) -> String {
    (0..8).map(|row| format!("{{\"id\": {row}, \"text\": \"row {row} of {}\"}}\n", repo.name)).collect()
}

fn app(repo: &Repo) -> (&'static str, String) {
    match repo.meta.get("sdk").and_then(Value::as_str) {
        Some("docker") => ("Dockerfile", "FROM python:3.12-slim\nCMD [\"python\", \"-m\", \"http.server\", \"7860\"]\n".to_owned()),
        Some("static") => ("index.html", format!("<!doctype html>\n<title>{0}</title>\n<h1>{0}</h1>\n", repo.name)),
        _ => (
            "app.py",
            "import gradio as gr\n\ngr.Interface(fn=lambda name: f\"Hello {name}!\", inputs=\"text\", outputs=\"text\").launch()\n"
                .to_owned(),
        ),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
