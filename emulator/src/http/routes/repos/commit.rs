//! Commits to a branch, or opens a pull request with the commit.

use hf_wasm::endpoints::repos as rows;
use serde_json::json;

use super::commit_body::{self, CommitBody};
use crate::http::call::Call;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::discussions::pull_requests;
use crate::hub::git::{self, Commit, Pushed};
use crate::json::set;

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &rows::COMMIT, handler: handler!(commit) }]
}

async fn commit(call: Call) -> response::Result {
    let repo = call.repo()?;
    let body = match call.media_type() {
        "application/json" => commit_body::object(&call.json()?)?,
        _ => commit_body::lines(&call.body)?,
    };
    let CommitBody { summary, description, parent, operations } = body;
    let commit = Commit {
        branch: call.revision().to_owned(),
        parent,
        author: call.caller.require()?.name.clone(),
        title: summary.clone(),
        body: description.clone(),
        operations,
        time_ms: call.hub.now(),
    };
    let mut response = json!({ "success": true });
    let pushed = if call.query_flag("create_pr") {
        let head = git::write_commit(&call.hub, repo, &commit)?;
        let number = pull_requests::open_pull_request(&call.hub, repo, &call.caller, &summary, &description, head)?;
        pull_requests::announce(&call.hub, repo, number)?;
        set(&mut response, "pullRequestUrl", format!("{}/discussions/{number}", repo.url(&call.hub)));
        Pushed { reference: format!("refs/pr/{number}"), old: None, new: Some(head.to_string()) }
    } else {
        git::commit(&call.hub, repo, commit)?
    };
    let oid = pushed.new.clone().unwrap_or_default();
    if !call.query_flag("create_pr") {
        pull_requests::pushed(&call.hub, repo, &call.caller, &pushed.reference, &summary, &oid)?;
    }
    set(&mut response, "commitUrl", format!("{}/commit/{oid}", repo.url(&call.hub)));
    set(&mut response, "commitOid", oid);
    set(&mut response, "hookOutput", "");
    Ok(ApiResponse::json(&response).changed(&repo.id, pushed.payload()))
}
