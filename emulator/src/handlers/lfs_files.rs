//! Lists the large files of a repository, those of old commits too.

use hf_wasm::endpoints::{Endpoint, Group};
use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::dates::iso;
use crate::hub::{accounts, authors, git};
use crate::json::set;
use crate::links;
use crate::refusal::Refusal;
use crate::table::{Route, handler};

const LIST: Endpoint =
    Endpoint { name: "listLfsFiles", path: "/api/{repo}/lfs-files", group: Group::Repos, ..Endpoint::READ };

pub fn routes() -> Vec<Route> {
    vec![Route { row: &LIST, handler: handler!(list) }]
}

async fn list(call: Call) -> answer::Result {
    let repo = call.repo()?;
    let limit = call.whole("limit", 1000, 1, 1000)?;
    let start = call.whole("cursor", 0, 0, usize::MAX)?;
    let files = git::large::all(&git::open(&call.hub, repo)?)?;
    let describe = |file: &git::large::LargeFile| {
        let mut entry = json!({
            "fileOid": file.pointer.oid,
            "oid": file.blob.to_string(),
            "size": file.pointer.size,
            "filename": file.path,
            "ref": file.reference,
            "pushedAt": iso(file.time_ms),
        });
        if let Some(account) = accounts::by_name(&call.hub, &file.author)? {
            set(&mut entry, "pusher", authors::of(&account));
        }
        Ok(entry)
    };
    let page: Result<Vec<Value>, Refusal> = files.iter().skip(start).take(limit).map(describe).collect();
    let mut answer = Answer::json(&Value::Array(page?));
    if start + limit < files.len() {
        let url = format!("{}/lfs-files", repo.api_url(&call.hub));
        let query = links::turned(&call.query, "cursor", (start + limit).to_string());
        answer = answer.header("link", links::next(&url, &query));
    }
    Ok(answer)
}
