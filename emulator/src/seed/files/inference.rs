//! Models that the emulator's own router serves.

use serde_json::{Value, json};
use time::macros::datetime;

use super::Recipe;
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::repo::RepoKind;
use crate::seed::accounts::millis;

pub fn fill(hub: &Hub) -> Result<(), Error> {
    let echo = json!({
        "library_name": "transformers", "pipeline_tag": "text-generation", "tags": ["conversational"],
        "config": { "architectures": ["EchoForCausalLM"], "model_type": "echo", "tokenizer_config": {
            "chat_template": "{% for message in messages %}{{ message.content }}{% endfor %}" } },
        "inferenceProviderMapping": served(&["hf-inference", "groq", "together"], "emulator/echo", "conversational"),
    });
    model(
        hub,
        "emulator/echo",
        "license: mit\npipeline_tag: text-generation\nlibrary_name: transformers\n",
        "Says back what it was told.",
        echo,
    )?;
    let embedding = json!({
        "library_name": "sentence-transformers", "pipeline_tag": "feature-extraction",
        "tags": ["sentence-similarity", "text-embeddings-inference"],
        "inferenceProviderMapping": served(&["hf-inference", "together"], "emulator/hash-embedding", "feature-extraction"),
    });
    let card = "license: mit\npipeline_tag: feature-extraction\nlibrary_name: sentence-transformers\n";
    model(hub, "emulator/hash-embedding", card, "Turns words into vectors by hashing them.", embedding)?;
    let gradient = json!({
        "library_name": "diffusers", "pipeline_tag": "text-to-image", "tags": [],
        "inferenceProviderMapping": served(&["hf-inference", "together"], "emulator/gradient", "text-to-image"),
    });
    let card = "license: mit\npipeline_tag: text-to-image\nlibrary_name: diffusers\n";
    model(hub, "emulator/gradient", card, "Paints a gradient in the colours that a text names.", gradient)
}

fn model(hub: &Hub, name: &str, card: &str, what: &str, meta: Value) -> Result<(), Error> {
    let title = name.rsplit('/').next().unwrap_or(name);
    Recipe {
        id: None,
        kind: RepoKind::Model,
        name,
        created_at: millis(datetime!(2026-01-15 09:00 UTC)),
        readme: &format!("---\n{card}---\n\n# {title}\n\n{what}\n"),
        files: Vec::new(),
        meta,
        private: false,
        gated: None,
        numbers: (120, 4),
    }
    .make(hub)
    .map(|_| ())
}

fn served(providers: &[&str], id: &str, task: &str) -> Value {
    let entry = |provider: &str| json!({ "status": "live", "providerId": id, "task": task, "isModelAuthor": provider == "hf-inference" });
    Value::Object(providers.iter().map(|provider| ((*provider).to_owned(), entry(provider))).collect())
}
