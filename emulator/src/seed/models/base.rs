//! Models as their makers released them: one for each size of a family, and a chat model beside each text generator.

use serde_json::{Value, json};

use super::families::{FAMILIES, Family};
use super::providers;
use crate::hub::repo::RepoKind;
use crate::seed::dice::Dice;
use crate::seed::draft::{Draft, moment_in, set};

pub fn drafts() -> Vec<Draft> {
    FAMILIES
        .iter()
        .flat_map(|family| family.sizes.iter().flat_map(|(size, millions)| released(family, size, *millions)))
        .collect()
}

fn released(family: &Family, size: &str, millions: f64) -> Vec<Draft> {
    let name = family.name.replace("{}", size);
    let mut dice = Dice::new(&name);
    let base = draft(family, &name, millions, &mut dice);
    if family.task != "text-generation" || !dice.chance(70) {
        return vec![base];
    }
    let instruct = chat_model(family, &base, millions, &mut dice);
    vec![base, instruct]
}

fn draft(family: &Family, name: &str, millions: f64, dice: &mut Dice) -> Draft {
    let parameters = (millions * 1e6) as u64;
    let dtype = if family.year >= 2024 { "BF16" } else { "F32" };
    let bytes = parameters * if dtype == "F32" { 4 } else { 2 };
    let mut card = json!({ "license": family.license, "library_name": family.library, "pipeline_tag": family.task });
    if !family.languages.is_empty() {
        set(&mut card, "language", family.languages);
    }
    let mut tags = vec!["safetensors".to_owned()];
    if family.library == "diffusers" {
        tags.push(format!("diffusers:{}", family.architecture));
    } else if family.year < 2024 {
        tags.insert(0, "pytorch".to_owned());
    }
    if matches!(family.task, "feature-extraction" | "sentence-similarity") {
        tags.extend(["text-embeddings-inference".to_owned(), "feature-extraction".to_owned()]);
    }
    tags.push(format!("arxiv:{}{:02}.{:05}", family.year - 2000, 1 + dice.below(12), dice.below(20_000)));
    tags.push("endpoints_compatible".to_owned());
    let mut meta = json!({
        "library_name": family.library,
        "pipeline_tag": family.task,
        "tags": tags,
        "cardData": card,
        "safetensors": { "parameters": { dtype: parameters }, "total": parameters },
        "usedStorage": bytes + dice.below(9_000_000) as u64,
        "mainSize": bytes,
    });
    add_transformers(&mut meta, family);
    let gated = match family.org {
        "meta-llama" | "google" if family.task == "text-generation" => Some("manual"),
        "black-forest-labs" => Some("auto"),
        _ => None,
    };
    let fame = 0.55 + dice.below(40) as f64 / 100.0;
    Draft {
        kind: RepoKind::Model,
        namespace: family.org.to_owned(),
        name: name.to_owned(),
        gated,
        created_at: moment_in(dice, family.year),
        fame,
        meta: providers::with(meta, &format!("{}/{name}", family.org), family.task, dice),
    }
}

fn chat_model(family: &Family, base: &Draft, millions: f64, dice: &mut Dice) -> Draft {
    let mut chat = draft(family, &format!("{}-Instruct", base.name), millions, dice);
    set(&mut chat.meta, "cardData.base_model", base.full_name());
    set(&mut chat.meta, "cardData.base_model_relation", "finetune");
    set(
        &mut chat.meta,
        "tags",
        ["safetensors", "conversational", "text-generation-inference", "endpoints_compatible"].as_slice(),
    );
    chat.created_at = base.created_at + 3_600_000;
    chat.meta = providers::with(chat.meta, &format!("{}/{}", chat.namespace, chat.name), "conversational", dice);
    chat
}

fn add_transformers(meta: &mut Value, family: &Family) {
    if family.model_type.is_empty() {
        return;
    }
    let mut config = json!({ "architectures": [family.architecture], "model_type": family.model_type });
    if family.task == "text-generation" {
        set(&mut config, "tokenizer_config", json!({ "bos_token": "<s>", "eos_token": "</s>" }));
    }
    if family.task == "fill-mask" {
        let mask = if family.model_type.contains("roberta") { "<mask>" } else { "[MASK]" };
        set(meta, "mask_token", mask);
        set(meta, "widgetData", json!([{ "text": format!("Paris is the {mask} of France.") }]));
    }
    set(meta, "config", config);
    if family.library == "transformers" {
        let (auto_model, processor) = auto_classes(family.task);
        set(
            meta,
            "transformersInfo",
            json!({ "auto_model": auto_model, "pipeline_tag": family.task, "processor": processor }),
        );
    }
}

/// The classes of `transformers` that load a model for a task.
fn auto_classes(task: &str) -> (&'static str, &'static str) {
    match task {
        "text-generation" => ("AutoModelForCausalLM", "AutoTokenizer"),
        "fill-mask" => ("AutoModelForMaskedLM", "AutoTokenizer"),
        "text-ranking" | "text-classification" => ("AutoModelForSequenceClassification", "AutoTokenizer"),
        "token-classification" => ("AutoModelForTokenClassification", "AutoTokenizer"),
        "question-answering" => ("AutoModelForQuestionAnswering", "AutoTokenizer"),
        "translation" | "summarization" | "text2text-generation" => ("AutoModelForSeq2SeqLM", "AutoTokenizer"),
        "automatic-speech-recognition" => ("AutoModelForSpeechSeq2Seq", "AutoProcessor"),
        "image-classification" => ("AutoModelForImageClassification", "AutoImageProcessor"),
        "object-detection" => ("AutoModelForObjectDetection", "AutoImageProcessor"),
        "image-segmentation" => ("AutoModelForSemanticSegmentation", "AutoImageProcessor"),
        "image-text-to-text" | "image-to-text" => ("AutoModelForImageTextToText", "AutoProcessor"),
        _ => ("AutoModel", "AutoTokenizer"),
    }
}
