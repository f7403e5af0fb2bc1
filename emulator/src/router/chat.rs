//! Chat completions, at the router's own path and at those that clients use when they name a provider.

use hf_wasm::endpoints::{Endpoint, inference};
use serde_json::{Value, json};

use super::catalogue::{self, Choice};
use super::completion::Completion;
use super::request::Request;
use super::{credits, echo, invalid, stream, upstream};
use crate::answer;
use crate::call::Call;
use crate::gate::Usage;
use crate::json::at;
use crate::refusal::Refusal;
use crate::table::{Route, handler};

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
        .map(|row| Route { row, handler: handler!(complete) })
        .collect()
}

async fn complete(call: Call) -> answer::Result {
    let body = call.json()?;
    let payer = credits::payer(&call)?;
    if let Some(address) = call.hub.inference.upstream.as_deref().filter(|_| at(&body, "model") != catalogue::ECHO) {
        return upstream::forward(&call.hub.inference.client, address, &call).await;
    }
    let request = Request::parse(&body)?;
    let choice = choose(&call, &request)?;
    let said = echo::answer(&request, &choice.model);
    let completion = Completion::new(&call, &request, &choice, said);
    let cost = choice.provider.cost(completion.prompt_tokens, completion.completion_tokens);
    payer.charge(&call.hub, cost)?;
    let mut answer = if request.streams() {
        stream::answer(&call, &request, &completion, &choice.provider.name)
    } else {
        super::json_answer(&completion.whole(&request), &choice.provider.name)
    };
    answer.http.extensions_mut().insert(Usage(usage(&completion, &choice, &payer.name, cost)));
    Ok(answer)
}

/// The model in the body, or in the path; the provider in the path, or the best one.
fn choose(call: &Call, request: &Request) -> Result<Choice, Refusal> {
    let (hub, caller) = (&call.hub, &call.caller);
    let model = call.path_value("model").unwrap_or(&request.model);
    if model.is_empty() {
        return Err(invalid(400, "model is missing", Some("model"), None));
    }
    if call.row.name == inference::CHAT_COMPLETION.name {
        return catalogue::choose(hub, caller, model);
    }
    let first = call.row.path.split('/').nth(1).unwrap_or_default();
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
