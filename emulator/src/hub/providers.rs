//! Inference providers of a model: an object keyed by provider in the info call, an array in the list call.

use serde_json::{Value, json};

use crate::hub::repo::Repo;

/// The value of `inferenceProviderMapping` in the info call.
pub fn object(repo: &Repo) -> Value {
    match repo.meta("inferenceProviderMapping") {
        Value::Object(mapping) => Value::Object(mapping.clone()),
        _ => json!({}),
    }
}

/// The value of `inferenceProviderMapping` in the list call.
pub fn array(repo: &Repo) -> Value {
    let entries = repo.meta("inferenceProviderMapping").as_object().into_iter().flatten();
    entries
        .map(|(provider, entry)| {
            let mut with_provider = json!({ "provider": provider, "hfModelId": repo.full_name() });
            if let (Some(target), Some(entry)) = (with_provider.as_object_mut(), entry.as_object()) {
                target.extend(entry.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            with_provider
        })
        .collect()
}

/// Names of the providers that serve the model now.
pub fn live(repo: &Repo) -> impl Iterator<Item = &str> {
    let entries = repo.meta("inferenceProviderMapping").as_object().into_iter().flatten();
    entries.filter(|(_, entry)| entry["status"] == "live").map(|(provider, _)| provider.as_str())
}

pub fn is_warm(repo: &Repo) -> bool {
    live(repo).next().is_some()
}

/// Whether the provider, or any when `all` is asked for, serves the model now.
pub fn serves(repo: &Repo, provider: &str) -> bool {
    live(repo).any(|name| provider == "all" || name == provider)
}
