//! The few replies that the core reads to decide something: an error, a preupload, an LFS batch, path entries.
//! All other replies are passed through as JavaScript parsed them.

use super::headers::Headers;
use super::json::Json;
use super::text::join;

/// What an error body says, in any of its shapes: a text, a list of texts, an object.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct ErrorBody {
    pub message: Option<String>,
    pub code: Option<String>,
}

impl ErrorBody {
    pub fn read(body: &impl Json) -> ErrorBody {
        let members = ["error", "message", "error_description", "errors"];
        let mut said = Vec::new();
        for name in members {
            let words = body.get(name).and_then(|value| words(&value));
            if let Some(words) = words.filter(|words| said.last() != Some(words)) {
                said.push(words);
            }
        }
        let code = body.get("error").and_then(|error| error.text_of("code").or_else(|| error.text_of("type")));
        ErrorBody { message: (!said.is_empty()).then(|| join(&said, "; ")), code }
    }
}

fn words(value: &impl Json) -> Option<String> {
    if let Some(list) = value.items() {
        let mut all = Vec::new();
        for item in list {
            all.extend(item.text().or_else(|| item.text_of("message")));
        }
        return (!all.is_empty()).then(|| join(&all, "; "));
    }
    value.text().or_else(|| value.text_of("message")).or_else(|| value.text_of("type")).filter(|text| !text.is_empty())
}

/// How preupload wants a file to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct PreuploadFile {
    pub path: String,
    pub large: bool,
    pub ignored: bool,
    /// Id of what stands at the path: a git blob id, or the sha256 of a large file.
    pub oid: Option<String>,
}

/// The files of a preupload answer, and the head commit of the branch.
pub fn preupload<J: Json>(body: &J) -> Option<(Vec<PreuploadFile>, Option<String>)> {
    let mut files = Vec::new();
    for file in body.get("files")?.items()? {
        files.push(PreuploadFile {
            path: file.text_of("path")?,
            large: file.text_of("uploadMode")? == "lfs",
            ignored: file.get("shouldIgnore").and_then(|flag| flag.flag()).unwrap_or(false),
            oid: file.text_of("oid"),
        });
    }
    Some((files, body.text_of("commitOid")))
}

/// Where a large file goes. Neither action: the Hub has it already.
#[derive(Debug, Clone, PartialEq)]
pub struct LfsObject {
    pub oid: String,
    pub upload: Option<LfsAction>,
    pub verify: Option<LfsAction>,
    /// Why the Hub refuses the file.
    pub error: Option<String>,
}

/// A request to make for a large file.
#[derive(Debug, Clone, PartialEq)]
pub struct LfsAction {
    pub href: String,
    /// Headers that the request must carry.
    pub headers: Vec<(String, String)>,
}

pub fn lfs_batch<J: Json>(body: &J) -> Option<Vec<LfsObject>> {
    let mut objects = Vec::new();
    for object in body.get("objects")?.items()? {
        let action = |name| object.get("actions")?.get(name).map(|action| lfs_action(&action));
        objects.push(LfsObject {
            oid: object.text_of("oid")?,
            upload: action("upload"),
            verify: action("verify"),
            error: object.get("error").map(|error| words(&error).unwrap_or_else(|| "it gives no reason".into())),
        });
    }
    Some(objects)
}

/// An action without an address has an empty one, which is refused where it is used.
fn lfs_action(action: &impl Json) -> LfsAction {
    let headers = action.get("header").map(|header| header.members()).unwrap_or_default();
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value.text()?))).collect();
    LfsAction { href: action.text_of("href").unwrap_or_default(), headers }
}

/// A file, as paths-info or the headers of its download describe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub path: String,
    /// Git's blob id; of a large file that of its pointer.
    pub oid: Option<String>,
    /// Of a large file: its SHA-256 and size.
    pub lfs: Option<(String, u64)>,
}

impl Entry {
    /// What the Hub says in the headers of a download.
    pub fn of_headers(path: &str, headers: &(impl Headers + ?Sized)) -> Entry {
        let etag =
            |name: &str| headers.header(name).map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_owned());
        let size = headers.header("x-linked-size").and_then(|size| size.parse().ok());
        let linked = etag("x-linked-etag").filter(|etag| etag.len() == SHA256_DIGITS);
        Entry { path: path.to_owned(), oid: etag("etag"), lfs: linked.zip(size) }
    }

    pub fn same_content(&self, other: &Entry) -> bool {
        match (&self.lfs, &other.lfs) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.oid.is_some() && self.oid == other.oid,
            _ => false,
        }
    }
}

/// Hexadecimal digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

/// The files among path entries.
pub fn entries<J: Json>(body: &J) -> Option<Vec<Entry>> {
    let files = body.items()?.into_iter().filter(|entry| entry.text_of("type").as_deref() == Some("file"));
    files
        .map(|entry| {
            let lfs = entry.get("lfs").and_then(|lfs| Some((lfs.text_of("oid")?, lfs.get("size")?.number()? as u64)));
            Some(Entry { path: entry.text_of("path")?, oid: entry.text_of("oid"), lfs })
        })
        .collect()
}

/// The warnings of `validate-yaml`.
pub fn warnings<J: Json>(body: &J) -> Vec<String> {
    let warnings = body.get("warnings").and_then(|list| list.items()).unwrap_or_default();
    warnings.iter().filter_map(|warning| warning.text().or_else(|| warning.text_of("message"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_shape_of_an_error() {
        let cases = [
            (json!({"error": "Repository not found"}), Some("Repository not found"), None),
            (json!({"error": ["a", "b"]}), Some("a; b"), None),
            (json!({"error": {"message": "no", "type": "t", "param": "model", "code": "c"}}), Some("no"), Some("c")),
            (json!({"error": {"message": "no", "code": null}}), Some("no"), None),
            (json!({"error": "invalid_grant", "error_description": "gone"}), Some("invalid_grant; gone"), None),
            (json!({"errors": [{"message": "x"}, {"message": "y"}]}), Some("x; y"), None),
            (json!({"message": "m"}), Some("m"), None),
            (json!({"error": 7}), None, None),
            (json!({}), None, None),
            (json!("text"), None, None),
        ];
        for (body, message, code) in cases {
            let read = ErrorBody::read(&body);
            assert_eq!((read.message.as_deref(), read.code.as_deref()), (message, code), "{body}");
        }
    }

    #[test]
    fn preupload_needs_path_and_mode() {
        let (files, head) =
            preupload(&json!({"files": [{"path": "a", "uploadMode": "lfs", "shouldIgnore": true}], "commitOid": "4f"}))
                .unwrap();
        assert_eq!(files, [PreuploadFile { path: "a".into(), large: true, ignored: true, oid: None }]);
        assert_eq!(head.as_deref(), Some("4f"));
        for bad in [json!({}), json!({"files": [{"path": "a"}]}), json!([]), Value::Null] {
            assert_eq!(preupload(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_batch_response_may_have_no_actions() {
        let body = json!({"objects": [
            {"oid": "a"},
            {"oid": "b", "actions": {"upload": {"href": "u", "header": {"x-a": "1", "n": 2}}, "verify": {}}},
            {"oid": "c", "error": {"code": 422, "message": "no"}},
        ]});
        let action = |href: &str, headers: &[(&str, &str)]| LfsAction {
            href: href.into(),
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        let object = |oid: &str| LfsObject { oid: oid.into(), upload: None, verify: None, error: None };
        let upload =
            LfsObject { upload: Some(action("u", &[("x-a", "1")])), verify: Some(action("", &[])), ..object("b") };
        assert_eq!(
            lfs_batch(&body).unwrap(),
            [object("a"), upload, LfsObject { error: Some("no".into()), ..object("c") }]
        );
    }

    #[test]
    fn a_folder_is_no_file() {
        let body = json!([
            {"path": "d", "type": "directory", "oid": "1"},
            {"path": "f", "type": "file", "oid": "2"},
            {"path": "l", "type": "file", "oid": "3", "lfs": {"oid": "o", "size": 5_000_000_000u64}},
        ]);
        let entry = |path: &str, oid: &str, lfs: Option<u64>| Entry {
            path: path.into(),
            oid: Some(oid.into()),
            lfs: lfs.map(|size| ("o".into(), size)),
        };
        let files = entries(&body).unwrap();
        assert_eq!(files, [entry("f", "2", None), entry("l", "3", Some(5_000_000_000))]);
        assert!(files[0].same_content(&entry("g", "2", None)) && !files[0].same_content(&files[1]));
        assert_eq!(entries(&json!({})), None);
    }

    #[test]
    fn headers_describe_a_file_too() {
        let large = [("etag", "\"x\""), ("x-linked-etag", &*format!("\"{}\"", "a".repeat(64))), ("x-linked-size", "7")];
        assert_eq!(Entry::of_headers("w", &large).lfs, Some(("a".repeat(64), 7)));
        let small = Entry::of_headers("a", &[("etag", "W/\"4f1c\"")]);
        assert_eq!((small.oid.as_deref(), small.lfs), (Some("4f1c"), None));
    }

    #[test]
    fn warnings_are_told() {
        let body = json!({"errors": [], "warnings": [{"message": "empty or missing yaml metadata", "line": 1}, "b"]});
        assert_eq!(warnings(&body), ["empty or missing yaml metadata", "b"]);
    }
}
