//! Which providers serve a model of the seed.

use serde_json::{Map, Value, json};

use crate::seed::dice::Dice;
use crate::seed::draft::set;

const CHAT: [&str; 9] =
    ["cerebras", "fireworks-ai", "groq", "featherless-ai", "nscale", "novita", "scaleway", "together", "hf-inference"];
const IMAGES: [&str; 4] = ["fal-ai", "replicate", "together", "hf-inference"];
const OTHERS: [&str; 1] = ["hf-inference"];

/// Gives some models providers; most have none.
pub fn with(mut meta: Value, id: &str, task: &str, dice: &mut Dice) -> Value {
    let (providers, percent): (&[&str], usize) = match task {
        "conversational" => (&CHAT, 70),
        "text-to-image" => (&IMAGES, 90),
        "feature-extraction"
        | "sentence-similarity"
        | "fill-mask"
        | "summarization"
        | "automatic-speech-recognition" => (&OTHERS, 50),
        _ => (&OTHERS, 0),
    };
    if !dice.chance(percent) {
        return meta;
    }
    let mut mapping = Map::new();
    for provider in providers {
        if !dice.chance(45) {
            continue;
        }
        let status = if dice.chance(85) { "live" } else { "staging" };
        let entry = json!({ "status": status, "providerId": id, "task": task, "isModelAuthor": false });
        mapping.insert((*provider).to_owned(), entry);
    }
    if !mapping.is_empty() {
        set(&mut meta, "inferenceProviderMapping", mapping);
    }
    meta
}
