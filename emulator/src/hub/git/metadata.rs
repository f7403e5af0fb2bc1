//! Metadata of a row that follows the files of the main branch: the README's header and `config.json`.

use git2::{Oid, Repository};
use serde_json::{Value, json};

use super::tree;
use crate::hub::error::Error;
use crate::hub::repo::{Repo, RepoKind};
use crate::hub::{Hub, card};
use crate::json::{at, set};

/// Updates the row after the main branch has moved.
pub fn follow(hub: &Hub, repo: &Repo, git: &Repository, old: Option<Oid>, new: Oid) -> Result<(), Error> {
    let text: String = hub.db().query_row("select meta from repos where id = ?", [&repo.id], |row| row.get(0))?;
    let mut meta: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
    let before = meta.clone();
    let read = |commit: Oid, path: &str| content(git, commit, path);
    let changed = |path: &str| {
        let (was, is) = (old.and_then(|old| read(old, path)), read(new, path));
        (was != is).then_some((was, is))
    };
    if let Some((was, is)) = changed("README.md") {
        let header = |readme: Option<String>| readme.and_then(|text| card::read(&text).ok().flatten());
        meta = card::refresh(&meta, header(was).as_ref(), header(is).as_ref());
    }
    if repo.kind == RepoKind::Model
        && let Some((_, is)) = changed("config.json")
        && let Some(config) = is.and_then(|text| serde_json::from_str::<Value>(&text).ok()).filter(Value::is_object)
    {
        let keys = ["architectures", "model_type", "quantization_config"];
        let shown = keys.into_iter().filter_map(|key| Some((key.to_owned(), config.get(key)?.clone())));
        set(&mut meta, "config", Value::Object(shown.collect()));
    }
    if repo.kind == RepoKind::Space
        && at(&meta, "runtime.stage") == "NO_APP_FILE"
        && app(&meta).any(|path| read(new, path).is_some())
    {
        set(&mut meta, "runtime.stage", "RUNNING");
        let hardware = at(&meta, "runtime.hardware.requested").clone();
        set(&mut meta, "runtime.hardware.current", hardware);
    }
    if meta != before {
        hub.db().execute("update repos set meta = ? where id = ?", [&meta.to_string(), &repo.id])?;
    }
    Ok(())
}

/// Files of which one makes a Space run.
fn app(meta: &Value) -> impl Iterator<Item = &str> {
    let named = at(meta, "cardData.app_file").as_str();
    let usual = match at(meta, "sdk").as_str() {
        Some("docker") => "Dockerfile",
        Some("static") => "index.html",
        _ => "app.py",
    };
    named.into_iter().chain([usual])
}

fn content(git: &Repository, commit: Oid, path: &str) -> Option<String> {
    let root = git.find_commit(commit).ok()?.tree().ok()?;
    let blob = git.find_blob(tree::find(&root, path)?.oid).ok()?;
    Some(String::from_utf8_lossy(blob.content()).into_owned())
}
