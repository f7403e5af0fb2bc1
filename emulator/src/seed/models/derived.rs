//! What others make of released models: fine-tunes, quantizations, adapters, merges.

use serde_json::{Value, json};

use crate::hub::repo::RepoKind;
use crate::json::at;
use crate::seed::dice::Dice;
use crate::seed::draft::{Draft, set};
use crate::seed::{accounts, words};

/// One derivation of a base, drawn by a number.
pub fn draft(base: &Draft, number: usize) -> Draft {
    let mut dice = Dice::new(&format!("derived {number}"));
    let task = at(&base.meta, "pipeline_tag").as_str().unwrap_or_default().to_owned();
    let mut meta = base.meta.clone();
    clear(&mut meta, &["inferenceProviderMapping", "widgetData"]);
    let owner = dice.word(&accounts::makers());
    let (name, relation) = match task.as_str() {
        "text-generation" | "image-text-to-text" => match dice.below(10) {
            0..=2 => (quantized_gguf(base, &mut meta, &mut dice), "quantized"),
            3..=4 => (quantized(base, &mut meta, &mut dice), "quantized"),
            5..=6 => (adapter(base, &mut meta, &mut dice), "adapter"),
            7 => (format!("{}-{}-merge", base.name, dice.word(&words::ADJECTIVES)), "merge"),
            _ => (finetuned(base, &mut meta, &mut dice), "finetune"),
        },
        "text-to-image" => (adapter(base, &mut meta, &mut dice), "adapter"),
        "fill-mask" => (classifier(base, &mut meta, &mut dice), "finetune"),
        _ => (finetuned(base, &mut meta, &mut dice), "finetune"),
    };
    set(&mut meta, "cardData.base_model", base.full_name());
    set(&mut meta, "cardData.base_model_relation", relation);
    let created_at = base.created_at + ((LAST - base.created_at) as f64 * dice.fraction()) as i64;
    let fame = dice.fraction().powi(2) * 0.75;
    Draft { kind: RepoKind::Model, namespace: owner.to_owned(), name, gated: None, created_at, fame, meta }
}

/// 2026-10-20, so that nothing is newer than the last day of the seed.
const LAST: i64 = 1_792_454_400_000;

fn quantized_gguf(base: &Draft, meta: &mut Value, dice: &mut Dice) -> String {
    let total = at(meta, "safetensors.total").as_u64().unwrap_or_default();
    let architecture = at(meta, "config.model_type").clone();
    let context = [4096, 8192, 32_768, 131_072];
    set(meta, "gguf", json!({ "total": total, "architecture": architecture, "context_length": dice.pick(&context) }));
    clear(meta, &["safetensors", "transformersInfo", "config"]);
    set(meta, "library_name", "gguf");
    set(meta, "tags", ["gguf", "quantized", "conversational", "endpoints_compatible"].as_slice());
    set(meta, "cardData.library_name", "gguf");
    set(meta, "usedStorage", total * 6 / 5);
    set(meta, "mainSize", total * 6 / 10);
    format!("{}-{}", base.name, dice.word(&["GGUF", "Q4_K_M-GGUF", "i1-GGUF", "Q8_0-GGUF"]))
}

fn quantized(base: &Draft, meta: &mut Value, dice: &mut Dice) -> String {
    let total = at(meta, "safetensors.total").as_u64().unwrap_or_default();
    let (suffix, tag, library) = match dice.below(4) {
        0 => ("AWQ", "awq", "transformers"),
        1 => ("GPTQ-Int4", "gptq", "transformers"),
        2 => ("bnb-4bit", "bitsandbytes", "transformers"),
        _ => ("mlx-4bit", "mlx", "mlx"),
    };
    set(meta, "safetensors", json!({ "parameters": { "I32": total / 8, "F16": total / 20 }, "total": total }));
    set(meta, "library_name", library);
    set(meta, "cardData.library_name", library);
    set(meta, "tags", ["safetensors", tag, "4-bit", "conversational", "text-generation-inference"].as_slice());
    set(meta, "usedStorage", total * 6 / 10);
    set(meta, "mainSize", total * 6 / 10);
    format!("{}-{suffix}", base.name)
}

fn adapter(base: &Draft, meta: &mut Value, dice: &mut Dice) -> String {
    clear(meta, &["safetensors", "transformersInfo", "config"]);
    let bytes = 8_000_000 + dice.below(300_000_000);
    let images = at(meta, "pipeline_tag") == "text-to-image";
    let library = if images { "diffusers" } else { "peft" };
    set(meta, "library_name", library);
    set(meta, "cardData.library_name", library);
    let tags: &[&str] = if images { &["lora", "template:sd-lora"] } else { &["safetensors", "lora", "sft", "trl"] };
    set(meta, "tags", tags);
    set(meta, "usedStorage", bytes);
    set(meta, "mainSize", bytes);
    format!("{}-{}-lora", base.name, dice.word(&words::TOPICS))
}

fn finetuned(base: &Draft, meta: &mut Value, dice: &mut Dice) -> String {
    let dataset = dice.word(&words::DATASETS);
    set(meta, "cardData.datasets", [dataset].as_slice());
    set(meta, "cardData.tags", ["generated_from_trainer"].as_slice());
    let short = dataset.rsplit('/').next().unwrap_or(dataset);
    format!("{}-finetuned-{short}", base.name)
}

/// An encoder with a head for another task.
fn classifier(base: &Draft, meta: &mut Value, dice: &mut Dice) -> String {
    let (task, head, class) = match dice.below(3) {
        0 => ("token-classification", "ForTokenClassification", "AutoModelForTokenClassification"),
        1 => ("question-answering", "ForQuestionAnswering", "AutoModelForQuestionAnswering"),
        _ => ("text-classification", "ForSequenceClassification", "AutoModelForSequenceClassification"),
    };
    let masked = at(meta, "config.architectures").get(0).and_then(Value::as_str).unwrap_or("BertForMaskedLM");
    let architecture = masked.replace("ForMaskedLM", head);
    set(meta, "config.architectures", [architecture].as_slice());
    set(meta, "pipeline_tag", task);
    set(meta, "transformersInfo", json!({ "auto_model": class, "pipeline_tag": task, "processor": "AutoTokenizer" }));
    clear(meta, &["mask_token"]);
    set(meta, "cardData.pipeline_tag", task);
    set(meta, "cardData.metrics", ["accuracy", "f1"].as_slice());
    let name = finetuned(base, meta, dice);
    let score = 80.0 + dice.below(1800) as f64 / 100.0;
    set(
        meta,
        "model-index",
        json!([{ "name": name, "results": [{
            "task": { "type": task }, "dataset": { "name": at(meta, "cardData.datasets").get(0), "type": at(meta, "cardData.datasets").get(0) },
            "metrics": [{ "type": "accuracy", "value": score }],
        }] }]),
    );
    name
}

fn clear(meta: &mut Value, keys: &[&str]) {
    if let Some(properties) = meta.as_object_mut() {
        properties.retain(|key, _| !keys.contains(&key.as_str()));
    }
}
