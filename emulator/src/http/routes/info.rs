//! One model, dataset or Space.

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::fields::{self, Relations, View};
use crate::http::response::{self, ApiResponse};
use crate::hub::git;
use crate::hub::repos::Repo;

pub async fn info(call: Call) -> response::Result {
    let repo = call.repo()?;
    let fields = fields::expanded(&call)?.unwrap_or_else(|| fields::info(repo.kind, &call));
    let relations = Relations::read(&call.hub, &fields)?;
    let sha = commit(&call, repo)?;
    let view = View { hub: &call.hub, fields, in_list: false, sha, blobs: call.query_flag("blobs"), relations };
    Ok(ApiResponse::json(&view.object(repo)?))
}

/// The commit of the revision in the path; `None` for the main branch.
fn commit(call: &Call, repo: &Repo) -> Result<Option<String>, ApiError> {
    match call.revision() {
        "main" | "HEAD" => Ok(None),
        revision => {
            let git = git::open(&call.hub, repo)?;
            Ok(Some(git::revision(&git, revision)?.to_string()))
        }
    }
}
