//! Tells for each file whether it is committed inline or uploaded as a large file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use git2::{Repository, Tree};
use hf_wasm::endpoints::repos as rows;
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::git::{self, tree};
use crate::hub::patterns::{self, Patterns};
use crate::json::set;

/// Most files of one request.
const FILES: usize = 1000;
/// Larger files are never inline.
const INLINE: u64 = 10_000_000;
/// Larger files are inline only when they are text.
const BINARY_INLINE: u64 = 1_000_000;

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &rows::PREUPLOAD, handler: handler!(preupload) }]
}

struct Asked<'a> {
    path: &'a str,
    size: u64,
    sample: Vec<u8>,
}

async fn preupload(call: Call) -> response::Result {
    let body = call.json()?;
    let asked = asked(&body)?;
    let git = git::open(&call.hub, call.repo()?)?;
    let commit = git::revision(&git, call.revision())?;
    let root = git.find_commit(commit)?.tree()?;
    let given = |key: &str, path: &str| match body.get(key).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => text_of(&git, &root, path),
    };
    let large = patterns::large(&given("gitAttributes", ".gitattributes"));
    let ignored = Patterns::new(given("gitIgnore", ".gitignore").lines());
    let mut files = Vec::new();
    for file in &asked {
        let mode = if is_large(file, &large) { "lfs" } else { "regular" };
        let mut response =
            json!({ "path": file.path, "uploadMode": mode, "shouldIgnore": ignored.match_below(file.path) });
        if let Some(oid) = present(&git, &root, file.path)? {
            set(&mut response, "oid", oid);
        }
        files.push(response);
    }
    Ok(ApiResponse::json(&json!({ "files": files, "commitOid": commit.to_string() })))
}

fn asked(body: &Value) -> Result<Vec<Asked<'_>>, ApiError> {
    let invalid = |text: &str| ApiError::new(422, format!("Invalid input: {text}"));
    let files = body.get("files").and_then(Value::as_array).ok_or_else(|| invalid("files, expected array"))?;
    if files.len() > FILES {
        return Err(invalid("files, expected at most 1000"));
    }
    let read = |file: &Value| {
        let text = |key: &str| file.get(key).and_then(Value::as_str);
        let sample = text("sample").and_then(|sample| STANDARD.decode(sample).ok());
        Some((text("path").is_some_and(|path| !path.is_empty()), file.get("size")?.as_u64()?, sample?))
    };
    let mut asked = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let Some((true, size, sample)) = read(file) else {
            return Err(invalid(&format!("files[{at}], expected path, size and a sample in base64")));
        };
        asked.push(Asked { path: file.get("path").and_then(Value::as_str).unwrap_or_default(), size, sample });
    }
    Ok(asked)
}

fn is_large(file: &Asked<'_>, large: &Patterns) -> bool {
    if file.size == 0 {
        return false;
    }
    let is_text = match std::str::from_utf8(&file.sample) {
        Ok(_) => true,
        // The sample may end within a letter.
        Err(error) => error.error_len().is_none(),
    } && !file.sample.contains(&0);
    file.size > INLINE || large.matches(file.path) || (!is_text && file.size > BINARY_INLINE)
}

fn text_of(git: &Repository, root: &Tree<'_>, path: &str) -> String {
    let blob = tree::find(root, path).and_then(|item| git.find_blob(item.oid).ok());
    blob.map(|blob| String::from_utf8_lossy(blob.content()).into_owned()).unwrap_or_default()
}

/// Id of the file that is there now: sha256 of a large one, else that of its blob.
fn present(git: &Repository, root: &Tree<'_>, path: &str) -> Result<Option<String>, ApiError> {
    let Some(item) = tree::find(root, path).filter(|item| !item.is_folder) else { return Ok(None) };
    let pointer = tree::content(git, item.oid)?.pointer;
    Ok(Some(pointer.map_or_else(|| item.oid.to_string(), |pointer| pointer.oid)))
}
