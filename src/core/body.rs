//! The few replies that the core reads to decide something: an error, a preupload, an LFS batch, path entries.
//! All other replies are passed through as JavaScript parsed them.

use serde::Deserialize;

/// An error body in any of its shapes: a text, a list of texts, an object.
#[derive(Debug, Default, Deserialize)]
pub struct ErrorBody {
    pub error: Option<Said>,
    pub message: Option<Said>,
    pub error_description: Option<String>,
    pub errors: Option<Vec<Said>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Said {
    Text(String),
    List(Vec<Said>),
    Object {
        message: Option<String>,
        code: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
    },
    Other(serde::de::IgnoredAny),
}

impl Said {
    fn text(&self) -> Option<String> {
        match self {
            Said::Text(text) => Some(text.clone()),
            Said::List(list) => Some(list.iter().filter_map(Said::text).collect::<Vec<_>>().join("; ")),
            Said::Object { message, kind, .. } => message.clone().or_else(|| kind.clone()),
            Said::Other(_) => None,
        }
    }
}

impl ErrorBody {
    /// What the server says, in one text.
    pub fn message(&self) -> Option<String> {
        let listed = self.errors.iter().flatten().filter_map(Said::text);
        let first = [&self.error, &self.message].into_iter().flatten().filter_map(Said::text);
        let mut parts: Vec<String> = first.chain(self.error_description.clone()).chain(listed).collect();
        parts.retain(|part| !part.is_empty());
        parts.dedup();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    pub fn code(&self) -> Option<String> {
        match &self.error {
            Some(Said::Object { code, kind, .. }) => code.clone().or_else(|| kind.clone()),
            _ => None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preupload {
    pub files: Vec<PreuploadFile>,
    pub commit_oid: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreuploadFile {
    pub path: String,
    pub upload_mode: String,
    #[serde(default)]
    pub should_ignore: bool,
    /// Id of what stands at the path: a git blob id, or the sha256 of a large file.
    pub oid: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct LfsBatch {
    pub objects: Vec<LfsObject>,
}

#[derive(Debug, Deserialize)]
pub struct LfsObject {
    pub oid: String,
    pub actions: Option<LfsActions>,
    pub error: Option<LfsError>,
}

#[derive(Debug, Deserialize)]
pub struct LfsActions {
    pub upload: Option<LfsAction>,
    pub verify: Option<LfsAction>,
}

#[derive(Debug, Deserialize)]
pub struct LfsAction {
    pub href: String,
}

#[derive(Debug, Deserialize)]
pub struct LfsError {
    pub message: String,
}

/// A path as paths-info describes it.
#[derive(Debug, Deserialize)]
pub struct PathEntry {
    pub path: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub lfs: Option<LfsPointer>,
}

#[derive(Debug, Deserialize)]
pub struct LfsPointer {
    pub oid: String,
    pub size: f64,
}

/// The answer to a commit; the rest of it is passed through.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Committed {
    pub commit_oid: String,
}

#[cfg(test)]
mod tests {
    use super::ErrorBody;

    #[test]
    fn every_shape_of_an_error() {
        let cases = [
            (r#"{"error":"Repository not found"}"#, Some("Repository not found"), None),
            (r#"{"error":["a","b"]}"#, Some("a; b"), None),
            (
                r#"{"error":{"message":"no","type":"t","param":"model","code":"model_not_supported"}}"#,
                Some("no"),
                Some("model_not_supported"),
            ),
            (r#"{"error":{"message":"no","code":null}}"#, Some("no"), None),
            (r#"{"error":"invalid_grant","error_description":"gone"}"#, Some("invalid_grant; gone"), None),
            (r#"{"errors":[{"message":"x"},{"message":"y"}]}"#, Some("x; y"), None),
            (r#"{"message":"m"}"#, Some("m"), None),
            (r#"{"error":7}"#, None, None),
            (r#"{}"#, None, None),
        ];
        for (text, message, code) in cases {
            let body: ErrorBody = serde_json::from_str(text).unwrap();
            assert_eq!((body.message().as_deref(), body.code().as_deref()), (message, code), "{text}");
        }
    }
}
