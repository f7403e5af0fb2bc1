//! Chat completions, at the router's own path and at those that clients use when they name a provider.

use hf_wasm::endpoints::{Endpoint, inference};
use serde_json::{Value, json};

use super::catalogue::{self, Choice};
use super::{stream, upstream};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::layers::Usage;
use crate::http::response;
use crate::http::route::{Route, handler};
use crate::inference::completion::Completion;
use crate::inference::echo::{self, ECHO};
use crate::inference::request::Request;
use crate::inference::scripted::{self, SCRIPTED};
use crate::json::at;

const CHAT: Endpoint = Endpoint { params: &[], ..inference::CHAT_COMPLETION };

/// Paths that begin with the provider; most have the first form.
static AT_PROVIDERS: [Endpoint; 8] = [
    Endpoint { name: "hfInferenceChat", path: "/hf-inference/models/{model}/v1/chat/completions", ..CHAT },
    Endpoint { name: "providerChat", path: "/{provider}/v1/chat/completions", ..CHAT },
    Endpoint { name: "deepinfraChat", path: "/deepinfra/v1/openai/chat/completions", ..CHAT },
    Endpoint { name: "fireworksChat", path: "/fireworks-ai/inference/v1/chat/completions", ..CHAT },
    Endpoint { name: "groqChat", path: "/groq/openai/v1/chat/completions", ..CHAT },
    Endpoint { name: "novitaChat", path: "/novita/v3/openai/chat/completions", ..CHAT },
    Endpoint { name: "cohereChat", path: "/cohere/compatibility/v1/chat/completions", ..CHAT },
    Endpoint { name: "zaiChat", path: "/zai-org/api/paas/v4/chat/completions", ..CHAT },
];

pub fn routes() -> Vec<Route> {
    [&inference::CHAT_COMPLETION]
        .into_iter()
        .chain(&AT_PROVIDERS)
        .map(|endpoint| Route { endpoint, handler: handler!(complete) })
        .collect()
}

async fn complete(call: Call) -> response::Result {
    let body = call.json()?;
    let payer = super::payer(&call)?;
    let is_own = matches!(at(&body, "model").as_str(), Some(ECHO | SCRIPTED));
    if let Some(address) = call.app.inference.upstream.as_deref().filter(|_| !is_own) {
        return upstream::forward(&call.app.inference.client, address, &call).await;
    }
    let request = Request::parse(&body)?;
    let choice = choose(&call, &request)?;
    let said = match choice.model.as_str() {
        SCRIPTED => scripted::answer(&request, call.app.inference.script().as_deref())?,
        model => echo::answer(&request, model),
    };
    let completion = Completion::new(&request, &choice.model, said, call.hub.now());
    let cost = choice.provider.cost(completion.prompt_tokens, completion.completion_tokens);
    super::charge(&call, &payer, cost)?;
    let mut response = if request.streams() {
        stream::response(&call, &request, &completion, &choice.provider.name)
    } else {
        super::json_response(&completion.whole(&request), &choice.provider.name)
    };
    response.http.extensions_mut().insert(Usage(usage(&completion, &choice, &payer.name, cost)));
    Ok(response)
}

/// The model in the body, or in the path; the provider in the path, or the best one.
fn choose(call: &Call, request: &Request) -> Result<Choice, ApiError> {
    let (hub, caller) = (&call.hub, &call.caller);
    let model = call.path_value("model").unwrap_or(&request.model);
    if model.is_empty() {
        return Err(ApiError::openai(400, "model is missing", Some("model"), None));
    }
    if call.endpoint.name == inference::CHAT_COMPLETION.name {
        return catalogue::choose(hub, caller, model);
    }
    let first = call.endpoint.path.split('/').nth(1).unwrap_or_default();
    catalogue::choose_at(hub, caller, call.path_value("provider").unwrap_or(first), model)
}

fn usage(completion: &Completion, choice: &Choice, payer: &str, cost: f64) -> Value {
    json!({
        "model": choice.model,
        "provider": choice.provider.name,
        "billedTo": payer,
        "promptTokens": completion.prompt_tokens,
        "completionTokens": completion.completion_tokens,
        "cost": cost,
    })
}
