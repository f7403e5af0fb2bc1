//! What a commit request holds: lines of `{"key", "value"}`, or one JSON object.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::http::error::ApiError;
use crate::hub::git::Operation;
use crate::hub::lfs;

#[derive(Debug, Default)]
pub struct CommitBody {
    pub summary: String,
    pub description: String,
    pub parent: Option<String>,
    pub operations: Vec<Operation>,
}

/// Reads the lines form.
pub fn lines(bytes: &[u8]) -> Result<CommitBody, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ApiError::bad_request("The body must be UTF-8"))?;
    let mut body: Option<CommitBody> = None;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let entry: Value = serde_json::from_str(line)
            .map_err(|error| ApiError::bad_request(format!("Invalid JSON in line {}: {error}", at + 1)))?;
        let key = entry.get("key").and_then(Value::as_str).unwrap_or_default();
        let value = entry.get("value").unwrap_or(&Value::Null);
        match (key, &mut body) {
            ("header", None) => body = Some(header(value)?),
            ("header", Some(_)) => return Err(ApiError::bad_request("There can be only one header")),
            (_, None) => return Err(ApiError::bad_request("The first line must be the header")),
            (key, Some(body)) => operations(key, value, &mut body.operations)?,
        }
    }
    body.ok_or_else(|| ApiError::bad_request("The header is missing"))
}

/// Reads the form of one object. It has no order: deletions come first, so that a file can take the place of a folder.
pub fn object(value: &Value) -> Result<CommitBody, ApiError> {
    let mut body = header(value)?;
    for (list, key) in [
        ("deletedEntries", "deletedEntry"),
        ("deletedFiles", "deletedFile"),
        ("deletedFolders", "deletedFolder"),
        ("files", "file"),
        ("lfsFiles", "lfsFile"),
    ] {
        for entry in value.get(list).and_then(Value::as_array).into_iter().flatten() {
            operations(key, entry, &mut body.operations)?;
        }
    }
    Ok(body)
}

fn header(value: &Value) -> Result<CommitBody, ApiError> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let summary = text("summary").map(str::trim).filter(|summary| !summary.is_empty());
    Ok(CommitBody {
        summary: summary.ok_or_else(|| ApiError::bad_request("\"summary\" is required"))?.to_owned(),
        description: text("description").unwrap_or_default().to_owned(),
        parent: text("parentCommit").map(str::to_owned),
        operations: Vec::new(),
    })
}

fn operations(key: &str, value: &Value, into: &mut Vec<Operation>) -> Result<(), ApiError> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let path = text("path").ok_or_else(|| ApiError::bad_request(format!("{key}: \"path\" is required")))?.to_owned();
    let old = text("oldPath").map(str::to_owned);
    match key {
        "deletedFile" | "deletedEntry" => into.push(Operation::Delete { path }),
        "deletedFolder" => into.push(Operation::DeleteFolder { path }),
        "file" => match (text("content"), old) {
            (Some(content), old) => {
                let content = decode(&path, content, text("encoding"))?;
                into.push(renamed(old, Operation::File { path, content }));
            }
            (None, Some(from)) => into.push(Operation::Rename { from, path }),
            (None, None) => return Err(ApiError::bad_request(format!("file: \"content\" is required for {path}"))),
        },
        "lfsFile" => match (text("oid"), old) {
            (Some(oid), old) => {
                let oid = oid.strip_prefix("sha256:").unwrap_or(oid).to_owned();
                if !lfs::is_oid(&oid) || text("algo").is_some_and(|algo| algo != "sha256") {
                    return Err(ApiError::bad_request(format!("lfsFile: \"oid\" of {path} must be a sha256")));
                }
                let size = value.get("size").and_then(Value::as_u64);
                into.push(renamed(old, Operation::Lfs { path, oid, size }));
            }
            (None, Some(from)) => into.push(Operation::Rename { from, path }),
            (None, None) => return Err(ApiError::bad_request(format!("lfsFile: \"oid\" is required for {path}"))),
        },
        _ => return Err(ApiError::bad_request(format!("Invalid key: {key}"))),
    }
    Ok(())
}

fn renamed(old: Option<String>, write: Operation) -> Operation {
    match old {
        Some(from) => Operation::RenameTo { from, write: Box::new(write) },
        None => write,
    }
}

fn decode(path: &str, content: &str, encoding: Option<&str>) -> Result<Vec<u8>, ApiError> {
    match encoding {
        None | Some("utf-8") => Ok(content.as_bytes().to_vec()),
        Some("base64") => STANDARD
            .decode(content)
            .map_err(|error| ApiError::bad_request(format!("file: content of {path} is not base64: {error}"))),
        Some(other) => Err(ApiError::bad_request(format!("file: unknown encoding {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_are_read_with_and_without_a_last_newline() {
        let oid = "a".repeat(64);
        let text = format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}",
            json!({ "key": "header", "value": { "summary": "Add", "parentCommit": "4f1c6" } }),
            json!({ "key": "file", "value": { "path": "a", "content": "YQ==", "encoding": "base64" } }),
            json!({ "key": "lfsFile", "value": { "path": "b", "algo": "sha256", "oid": oid } }),
            json!({ "key": "deletedFile", "value": { "path": "c" } }),
            json!({ "key": "deletedFolder", "value": { "path": "d/" } }),
            json!({ "key": "deletedEntry", "value": { "path": "e" } }),
            json!({ "key": "file", "value": { "path": "g", "oldPath": "f" } }),
        );
        for text in [text.clone(), text + "\n"] {
            let body = lines(text.as_bytes()).unwrap();
            assert_eq!((body.summary.as_str(), body.parent.as_deref()), ("Add", Some("4f1c6")));
            assert_eq!(
                body.operations,
                [
                    Operation::File { path: "a".into(), content: b"a".to_vec() },
                    Operation::Lfs { path: "b".into(), oid: oid.clone(), size: None },
                    Operation::Delete { path: "c".into() },
                    Operation::DeleteFolder { path: "d/".into() },
                    Operation::Delete { path: "e".into() },
                    Operation::Rename { from: "f".into(), path: "g".into() },
                ]
            );
        }
    }

    #[test]
    fn one_object_says_the_same() {
        let body = object(&json!({
            "summary": "Add", "files": [{ "path": "a", "content": "x" }], "deletedEntries": [{ "path": "b" }],
        }));
        let operations =
            [Operation::Delete { path: "b".into() }, Operation::File { path: "a".into(), content: b"x".to_vec() }];
        assert_eq!(body.unwrap().operations, operations);
    }

    #[test]
    fn what_is_missing_is_named() {
        let header = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n";
        for (text, named) in [
            (String::new(), "header"),
            ("{\"key\":\"file\",\"value\":{\"path\":\"a\"}}".into(), "first line"),
            ("{\"key\":\"header\",\"value\":{}}".into(), "summary"),
            (format!("{header}{{\"key\":\"file\",\"value\":{{\"path\":\"a\"}}}}"), "content"),
            (format!("{header}{{\"key\":\"lfsFile\",\"value\":{{\"path\":\"a\",\"oid\":\"x\"}}}}"), "sha256"),
            (format!("{header}{{\"key\":\"nope\",\"value\":{{\"path\":\"a\"}}}}"), "nope"),
            (format!("{header}{{"), "line 2"),
        ] {
            let error = lines(text.as_bytes()).unwrap_err();
            assert!(error.message.contains(named), "{}", error.message);
        }
    }
}
