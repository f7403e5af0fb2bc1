//! Models at `hf-inference`: which task a model has, and the path that runs it.

use hf_wasm::endpoints::inference;
use serde_json::{Value, json};

use super::{embeddings, images};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response;
use crate::http::route::{Route, handler};
use crate::hub::Hub;
use crate::hub::accounts;
use crate::hub::repos::{self, RepoKind};

/// The emulator's own models; they are there on an empty Hub as well.
const OWN: [(&str, &str); 2] =
    [("emulator/hash-embedding", "feature-extraction"), ("emulator/gradient", "text-to-image")];

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &inference::TEXT_TO_IMAGE, handler: handler!(run) }]
}

/// Runs the model's own task.
async fn run(call: Call) -> response::Result {
    let id = call.path_value("model").unwrap_or_default();
    match of_model(&call, id)?.as_str() {
        "text-to-image" => images::draw(call).await,
        "feature-extraction" | "sentence-similarity" => embeddings::extract(call).await,
        task => Err(unsupported(id, task)),
    }
}

/// The task of a model, which the caller may use.
fn of_model(call: &Call, id: &str) -> Result<String, ApiError> {
    if let Some((_, task)) = OWN.iter().find(|own| own.0 == id) {
        return Ok((*task).to_owned());
    }
    of_repo(&call.hub, call, id)?.ok_or_else(|| ApiError::not_found(format!("Model {id} does not exist")))
}

fn of_repo(hub: &Hub, call: &Call, id: &str) -> Result<Option<String>, ApiError> {
    let Some(repo) = repos::find_moved(hub, RepoKind::Model, id)? else {
        return Ok(None);
    };
    if !accounts::can_see(hub, &call.caller, &repo)? {
        return Ok(None);
    }
    if !accounts::can_read_content(hub, &call.caller, &repo)? {
        return Err(ApiError::forbidden(format!(
            "Access to model {id} is restricted and you are not in the authorized list."
        )));
    }
    Ok(Some(repo.meta.get("pipeline_tag").and_then(Value::as_str).unwrap_or_default().to_owned()))
}

/// Refuses a model whose task is none of these.
pub fn require(call: &Call, id: &str, tasks: &[&str]) -> Result<(), ApiError> {
    let task = of_model(call, id)?;
    if tasks.contains(&task.as_str()) { Ok(()) } else { Err(unsupported(id, &task)) }
}

fn unsupported(id: &str, task: &str) -> ApiError {
    ApiError::bad_request(format!("Model {id} has the task '{task}', which no program of the emulator runs here."))
}

/// An invalid parameter: the error is a list of strings.
pub fn bad_parameter(text: &str) -> ApiError {
    ApiError::bad_request(text).extra(json!({ "error": [text] }))
}
