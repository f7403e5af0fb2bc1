//! The few replies that the core reads to decide something: an error, a preupload, an LFS batch, path entries.
//! All other replies are passed through as JavaScript parsed them.

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

/// Where a large file goes. Neither address: the Hub has it already.
#[derive(Debug, Clone, PartialEq)]
pub struct LfsObject {
    pub oid: String,
    pub upload: Option<String>,
    pub verify: Option<String>,
    /// Why the Hub refuses the file.
    pub error: Option<String>,
}

pub fn lfs_batch<J: Json>(body: &J) -> Option<Vec<LfsObject>> {
    let mut objects = Vec::new();
    for object in body.get("objects")?.items()? {
        let href = |name| object.get("actions")?.get(name)?.text_of("href");
        objects.push(LfsObject {
            oid: object.text_of("oid")?,
            upload: href("upload"),
            verify: href("verify"),
            error: object.get("error").map(|error| words(&error).unwrap_or_else(|| "it gives no reason".into())),
        });
    }
    Some(objects)
}

/// The file at a path, as paths-info describes it: id and size of a large one, nothing of another.
pub fn file_at<J: Json>(entries: &J, path: &str) -> Option<Option<(String, f64)>> {
    let is_it =
        |entry: &J| entry.text_of("path").as_deref() == Some(path) && entry.text_of("type").as_deref() == Some("file");
    let entry = entries.items()?.into_iter().find(is_it)?;
    Some(entry.get("lfs").and_then(|lfs| Some((lfs.text_of("oid")?, lfs.get("size")?.number()?))))
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
    fn a_batch_answer_may_have_no_actions() {
        let body = json!({"objects": [{"oid": "a"}, {"oid": "b", "actions": {"upload": {"href": "u"}}}, {"oid": "c", "error": {"code": 422, "message": "no"}}]});
        let object = |oid: &str, upload: Option<&str>, error: Option<&str>| LfsObject {
            oid: oid.into(),
            upload: upload.map(Into::into),
            verify: None,
            error: error.map(Into::into),
        };
        assert_eq!(
            lfs_batch(&body).unwrap(),
            [object("a", None, None), object("b", Some("u"), None), object("c", None, Some("no"))]
        );
    }

    #[test]
    fn a_folder_is_no_file() {
        let entries = json!([{"path": "d", "type": "directory"}, {"path": "f", "type": "file"}, {"path": "l", "type": "file", "lfs": {"oid": "o", "size": 5}}]);
        assert_eq!(
            (file_at(&entries, "d"), file_at(&entries, "f"), file_at(&entries, "l")),
            (None, Some(None), Some(Some(("o".into(), 5.0))))
        );
    }
}
