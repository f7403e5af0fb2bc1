//! Fields that only Spaces have.

use serde_json::{Value, json};

use crate::hub::repo::Repo;

pub fn value(repo: &Repo, field: &str) -> Option<Value> {
    match field {
        "sdk" => sdk(repo).map(Value::from),
        "region" => Some(repo.meta("region").as_str().unwrap_or("us").into()),
        "subdomain" => Some(subdomain(repo).into()),
        "host" => {
            let static_part = if sdk(repo) == Some("static") { ".static" } else { "" };
            Some(format!("https://{}{static_part}.hf.space", subdomain(repo)).into())
        }
        "runtime" => Some(runtime(repo)),
        _ => None,
    }
}

/// The name under which the app is served: `acme/demo` becomes `acme-demo`.
pub fn subdomain(repo: &Repo) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    repo.full_name().chars().map(plain).collect()
}

fn sdk(repo: &Repo) -> Option<&str> {
    repo.meta("sdk").as_str().or_else(|| repo.meta("cardData.sdk").as_str())
}

/// A Space that was just created has no app yet.
fn runtime(repo: &Repo) -> Value {
    if repo.meta("runtime").is_object() {
        return repo.meta("runtime").clone();
    }
    let hardware = repo.meta("hardware").as_str().unwrap_or("cpu-basic");
    json!({
        "stage": "NO_APP_FILE",
        "hardware": { "current": null, "requested": hardware },
        "storage": null,
        "gcTimeout": 172_800,
        "replicas": { "current": 0, "requested": 1 },
    })
}
