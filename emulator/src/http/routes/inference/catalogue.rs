//! Which models the router serves, by which providers, at what price and speed.
//!
//! The providers of a model are those of its repository; price and speed follow from model and provider alone, so that
//! they are the same every time.

use rusqlite::params;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::http::error::ApiError;
use crate::hub::Hub;
use crate::hub::accounts::{self, Caller};
use crate::hub::repos::{self, COLUMNS, Repo, RepoKind};
use crate::inference::echo::ECHO;
use crate::inference::scripted::SCRIPTED;

/// A chat model of the router.
#[derive(Debug, Clone)]
pub struct Model {
    pub id: String,
    created: i64,
    providers: Vec<Provider>,
}

#[derive(Debug, Clone)]
pub struct Provider {
    pub name: String,
    /// What the provider calls the model.
    provider_id: String,
    live: bool,
    context_length: u32,
    /// US dollars for a million tokens.
    pub input: f64,
    pub output: f64,
    latency_ms: f64,
    throughput: f64,
    author: bool,
}

/// What serves one call.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Id without a suffix.
    pub model: String,
    pub provider: Provider,
}

/// Every chat model, the emulator's own first.
pub fn all(hub: &Hub) -> Result<Vec<Model>, ApiError> {
    let sql = format!(
        "select {COLUMNS} from repos where type = 'model' and visibility = 'public' and disabled = 0
         and json_extract(meta, '$.inferenceProviderMapping') is not null order by trending desc, id"
    );
    let repos: Vec<Repo> = hub.db().prepare(&sql)?.query_map([], repos::read)?.collect::<Result<_, _>>()?;
    let others = repos.iter().filter(|repo| own(&repo.full_name()).is_none()).map(of_repo);
    Ok([echo(), scripted()].into_iter().chain(others.filter(Model::is_served)).collect())
}

/// The model of that id.
pub fn find(hub: &Hub, id: &str) -> Result<Option<Model>, ApiError> {
    if let Some(model) = own(id) {
        return Ok(Some(model));
    }
    let repo = repos::find_moved(hub, RepoKind::Model, id)?.filter(|repo| repo.visibility == "public");
    Ok(repo.as_ref().map(of_repo))
}

/// Who answers `model`, which may end in `:fastest`, `:cheapest`, `:preferred` or `:<provider>`.
pub fn choose(hub: &Hub, caller: &Caller, model: &str) -> Result<Choice, ApiError> {
    let (id, policy) = model.split_once(':').unwrap_or((model, "fastest"));
    let unsupported = || {
        let text = format!("The requested model '{id}' is not supported by any provider you have enabled.");
        ApiError::openai(400, text, Some("model"), Some("model_not_supported"))
    };
    let found = find(hub, id)?.ok_or_else(|| {
        ApiError::openai(
            404,
            format!("The requested model '{id}' does not exist."),
            Some("model"),
            Some("model_not_found"),
        )
    })?;
    may_use(hub, caller, id)?;
    let live = found.providers.iter().filter(|provider| provider.live);
    let provider = match policy {
        "fastest" => live.max_by(|left, right| left.throughput.total_cmp(&right.throughput)),
        "cheapest" => live.min_by(|left, right| left.output.total_cmp(&right.output)),
        "preferred" => live.into_iter().next(),
        name => live.into_iter().find(|provider| provider.name == name),
    };
    let provider = provider.cloned().ok_or_else(unsupported)?;
    Ok(Choice { model: found.id, provider })
}

/// The model that a provider calls by this id.
pub fn choose_at(hub: &Hub, caller: &Caller, provider: &str, provider_id: &str) -> Result<Choice, ApiError> {
    let by_name = find(hub, provider_id)?.filter(|model| model.at(provider, provider_id).is_some());
    let model = match by_name {
        Some(model) => Some(model),
        None => {
            let path = format!("$.inferenceProviderMapping.\"{}\".providerId", provider.replace('"', ""));
            let sql = format!("select {COLUMNS} from repos where type = 'model' and json_extract(meta, ?1) = ?2");
            let found: Vec<Repo> = hub
                .db()
                .prepare(&sql)?
                .query_map(params![path, provider_id], repos::read)?
                .collect::<Result<_, _>>()?;
            found.first().map(of_repo)
        }
    };
    let found = model.and_then(|model| {
        let provider = model.at(provider, provider_id).cloned()?;
        Some(Choice { model: model.id, provider })
    });
    let choice = found.ok_or_else(|| {
        let text = format!("The requested model '{provider_id}' is not served by {provider}.");
        ApiError::openai(404, text, Some("model"), Some("model_not_found"))
    })?;
    may_use(hub, caller, &choice.model)?;
    Ok(choice)
}

/// Refuses a gated model to those without a grant.
fn may_use(hub: &Hub, caller: &Caller, id: &str) -> Result<(), ApiError> {
    match repos::find_moved(hub, RepoKind::Model, id)? {
        Some(repo) if !accounts::can_read_content(hub, caller, &repo)? => Err(ApiError::forbidden(format!(
            "Access to model {id} is restricted and you are not in the authorized list. RequestContext {} to ask for access.",
            repo.url(hub)
        ))),
        _ => Ok(()),
    }
}

impl Model {
    pub fn is_served(&self) -> bool {
        !self.providers.is_empty()
    }

    fn at(&self, provider: &str, provider_id: &str) -> Option<&Provider> {
        let fits =
            |offer: &&Provider| offer.name == provider && (offer.provider_id == provider_id || self.id == provider_id);
        self.providers.iter().filter(|offer| offer.live).find(fits)
    }

    pub fn describe(&self) -> Value {
        json!({
            "id": self.id,
            "object": "model",
            "created": self.created / 1000,
            "owned_by": self.id.split('/').next(),
            "architecture": { "input_modalities": ["text"], "output_modalities": ["text"] },
            "providers": self.providers.iter().map(Provider::describe).collect::<Vec<_>>(),
        })
    }
}

impl Provider {
    fn describe(&self) -> Value {
        let mut offer = json!({
            "provider": self.name,
            "status": if self.live { "live" } else { "staging" },
            "context_length": self.context_length,
            "pricing": { "input": self.input, "output": self.output },
            "supports_tools": true,
            "supports_structured_output": true,
            "first_token_latency_ms": self.latency_ms,
            "throughput": self.throughput,
            "is_model_author": self.author,
        });
        if let (Some(offer), true) = (offer.as_object_mut(), self.input == 0.0 && self.output == 0.0) {
            offer.insert("is_free".to_owned(), true.into());
        }
        offer
    }

    /// US dollars for so many tokens.
    pub fn cost(&self, prompt_tokens: usize, completion_tokens: usize) -> f64 {
        (prompt_tokens as f64 * self.input + completion_tokens as f64 * self.output) / 1e6
    }
}

/// The emulator's own chat model of that id.
fn own(id: &str) -> Option<Model> {
    match id {
        ECHO => Some(echo()),
        SCRIPTED => Some(scripted()),
        _ => None,
    }
}

/// At three providers, so that the policies have something to choose from.
fn echo() -> Model {
    let offer = |name: &str, input, output, throughput, latency_ms| Provider {
        input,
        output,
        throughput,
        latency_ms,
        ..own_provider(ECHO, name)
    };
    let providers = vec![
        own_provider(ECHO, "hf-inference"),
        offer("groq", 0.1, 0.2, 480.0, 35.0),
        offer("together", 0.05, 0.1, 140.0, 80.0),
    ];
    Model { id: ECHO.to_owned(), created: 1_760_000_000_000, providers }
}

fn scripted() -> Model {
    let providers = vec![own_provider(SCRIPTED, "hf-inference")];
    Model { id: SCRIPTED.to_owned(), created: 1_760_000_000_000, providers }
}

/// A provider that serves one of the emulator's own models for nothing.
fn own_provider(model: &str, name: &str) -> Provider {
    Provider {
        name: name.to_owned(),
        provider_id: model.to_owned(),
        live: true,
        context_length: 32_768,
        input: 0.0,
        output: 0.0,
        latency_ms: 120.0,
        throughput: 60.0,
        author: name == "hf-inference",
    }
}

fn of_repo(repo: &Repo) -> Model {
    let mapping = repo.meta.get("inferenceProviderMapping").and_then(Value::as_object);
    let offers = mapping.into_iter().flatten().filter(|(_, entry)| entry["task"] == "conversational");
    let id = repo.full_name();
    let providers = offers.map(|(name, entry)| offer(&id, name, entry)).collect();
    Model { id, created: repo.created_at, providers }
}

fn offer(id: &str, name: &str, entry: &Value) -> Provider {
    let hash = Sha256::digest(format!("{id} at {name}"));
    // Shares from 0 to 1, one for each figure.
    let share = |index: usize| f64::from(hash.get(index).copied().unwrap_or_default()) / 255.0;
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let hundredth = |value: f64| (value * 100.0).round() / 100.0;
    let fast = if matches!(name, "cerebras" | "groq") { 5.0 } else { 1.0 };
    let input = hundredth(0.05 + 0.9 * share(0));
    Provider {
        name: name.to_owned(),
        provider_id: entry["providerId"].as_str().unwrap_or(id).to_owned(),
        live: entry["status"] == "live",
        context_length: 8192 << (hash.get(1).copied().unwrap_or_default() % 5),
        input,
        output: hundredth(input * (1.5 + 2.5 * share(2))),
        latency_ms: (120.0 + 1400.0 * share(3)).round(),
        throughput: tenth(fast * (25.0 + 110.0 * share(4))),
        author: entry["isModelAuthor"] == true,
    }
}
