//! One model, dataset or Space.

use hf_wasm::endpoints::{datasets, models, spaces};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::hub::fields::{self, Relations, View};
use crate::hub::git;
use crate::hub::repos::Repo;
use crate::refusal::Refusal;
use crate::table::{Route, handler};

pub fn routes() -> Vec<Route> {
    [&models::MODEL_INFO, &datasets::DATASET_INFO, &spaces::SPACE_INFO]
        .into_iter()
        .map(|row| Route { row, handler: handler!(info) })
        .collect()
}

async fn info(call: Call) -> answer::Result {
    let repo = call.repo()?;
    let fields = fields::expanded(&call)?.unwrap_or_else(|| fields::info(repo.kind, &call));
    let relations = Relations::read(&call.hub, &fields)?;
    let sha = commit(&call, repo)?;
    let view = View { hub: &call.hub, fields, in_list: false, sha, blobs: call.query_flag("blobs"), relations };
    Ok(Answer::json(&view.object(repo)?))
}

/// The commit of the revision in the path; `None` for the main branch.
fn commit(call: &Call, repo: &Repo) -> Result<Option<String>, Refusal> {
    match call.revision() {
        "main" | "HEAD" => Ok(None),
        revision => {
            let git = git::open(&call.hub, repo)?;
            Ok(Some(git::revision(&git, revision)?.to_string()))
        }
    }
}
