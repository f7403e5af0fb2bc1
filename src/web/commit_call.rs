//! The calls that a commit consists of, on their way between two WebAssemblies: that of commits, which is loaded at the
//! first one, asks JavaScript for a call, and JavaScript asks the core.

use serde::Serialize;
#[cfg(feature = "client")]
use wasm_bindgen::JsValue;

#[cfg(feature = "client")]
use super::object::{self, flag, number, string};

#[cfg(feature = "client")]
use crate::core::commit::CommitCall;

/// What a commit has to know of the options of its client and its own.
#[cfg(feature = "client")]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitSettings {
    /// Without a slash at its end.
    pub base_url: String,
    /// Milliseconds.
    pub idle: f64,
    pub total: f64,
    /// Whether there is a hook for progress.
    pub on_progress: bool,
}

/// A request, but for its body, which JavaScript passes on as it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRequest {
    /// Name of the call.
    pub call: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub media_type: Option<String>,
    /// Bytes of the body.
    pub size: u64,
    /// May carry the token.
    pub authorized: bool,
    pub is_idempotent: bool,
    pub subject: String,
    /// The repository, for policies.
    pub repo: String,
    /// Whether the policies have let the commit through already; JavaScript notes it.
    pub admitted: bool,
    /// Of an upload: which of the files it is of; JavaScript tells its progress by it.
    pub file: Option<usize>,
}

#[cfg(feature = "client")]
impl CallRequest {
    /// The call and its request; None only by a defect.
    pub fn read(request: &JsValue) -> Option<(CommitCall, CallRequest)> {
        let call = CommitCall::find(&string(request, "call")?)?;
        let read = CallRequest {
            call: call.name(),
            url: string(request, "url")?,
            headers: object::pairs(&object::get(request, "headers")),
            media_type: string(request, "mediaType"),
            size: number(request, "size")? as u64,
            authorized: flag(request, "authorized"),
            is_idempotent: flag(request, "isIdempotent"),
            subject: string(request, "subject")?,
            repo: string(request, "repo")?,
            admitted: flag(request, "admitted"),
            file: None,
        };
        Some((call, read))
    }
}

/// The head of a response. JavaScript passes on the `value` of its body beside.
#[cfg(feature = "client")]
#[derive(Debug, Serialize)]
pub struct CallResponse {
    /// Lines of `name: value`.
    pub headers: String,
}

/// What a commit wants to know of a call that failed. JavaScript passes on its `error` beside.
#[cfg(feature = "client")]
#[derive(Debug, Serialize)]
pub struct CallFailure {
    pub kind: String,
    pub reason: String,
    pub status: Option<u16>,
    pub code: Option<String>,
}
