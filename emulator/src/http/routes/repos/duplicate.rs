//! Makes a repository of the files of another one, without its history.

use hf_wasm::endpoints::{Endpoint, Event, Group, Method};
use serde_json::{Value, json};

use super::repos::{check_namespace, runtime, visibility};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::git::snapshot::Snapshot;
use crate::hub::repos::{self, NewRepo, Repo, RepoKind};
use crate::hub::{accounts, git, lfs};
use crate::json::{at, set};

const DUPLICATE: Endpoint = Endpoint {
    name: "duplicateRepo",
    method: Method::Post,
    path: "/api/{repo}/duplicate",
    group: Group::Repos,
    // Of the source, only reading is asked for; the handler looks at the namespace of the new one.
    permission: None,
    event: Some(Event { scope: "repo", action: "create" }),
    ..Endpoint::WRITE
};

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &DUPLICATE, handler: handler!(duplicate) }]
}

async fn duplicate(call: Call) -> response::Result {
    let source = call.repo()?;
    let body = call.json()?;
    let target = at(&body, "repository").as_str().unwrap_or_default();
    let (namespace, name) = target
        .split_once('/')
        .ok_or_else(|| ApiError::bad_request("\"repository\" must be of the form namespace/name"))?;
    check_namespace(&call, source.kind, namespace)?;
    if !accounts::can_read_content(&call.hub, &call.caller, source)? {
        return Err(ApiError::forbidden(format!("Access to {} is restricted.", source.full_name())).code("GatedRepo"));
    }
    let mut new = NewRepo::new(&call.hub, source.kind, namespace, name);
    let id = repos::new_id(&call.hub);
    new.id = Some(id.clone());
    new.author.clone_from(&call.caller.require()?.name);
    new.title = format!("Duplicate from {}", source.full_name());
    visibility(&body, source.kind)?.unwrap_or(&source.visibility).clone_into(&mut new.visibility);
    new.meta = meta(source, &body);
    new.files = files(&call, source)?;
    lfs::share(&call.hub, &source.id, &id)?;
    let repo = repos::create(&call.hub, new).inspect_err(|_| drop(lfs::remove_all(&call.hub, &id)))?;
    let response = json!({ "url": repo.url(&call.hub), "name": repo.full_name(), "id": repo.id });
    Ok(ApiResponse::json(&response).changed(repo.id, json!({})))
}

fn files(call: &Call, source: &Repo) -> Result<Vec<(String, Vec<u8>)>, ApiError> {
    let git = git::open(&call.hub, source)?;
    let snapshot = Snapshot::of(&git, git::revision(&git, "main")?)?;
    let read = |(path, entry): (String, git::snapshot::Entry)| Ok((path, git.find_blob(entry.oid)?.content().to_vec()));
    snapshot.entries.into_iter().map(read).collect()
}

/// What the files tell is the same; what users and providers did with the source is not.
fn meta(source: &Repo, body: &Value) -> Value {
    let mut meta = source.meta.clone();
    if let Some(meta) = meta.as_object_mut() {
        for key in ["likes30d", "inferenceProviderMapping", "variables", "volumes", "runtime"] {
            meta.shift_remove(key);
        }
    }
    if source.kind == RepoKind::Space {
        let mut runtime = runtime(body);
        set(&mut runtime, "stage", source.meta("runtime.stage").clone());
        set(&mut meta, "runtime", runtime);
        for key in ["variables", "volumes"] {
            if let Some(value) = body.get(key) {
                set(&mut meta, key, value.clone());
            }
        }
    }
    meta
}
