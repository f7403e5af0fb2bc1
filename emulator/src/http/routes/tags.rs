//! The tag catalogue: every tag that models or datasets carry, by type, with a label.

use std::collections::{BTreeMap, HashSet};

use hf_wasm::endpoints::ParamType;
use serde_json::{Map, Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::repos::{self, RepoKind};
use crate::hub::tags;

pub async fn model_tags(call: Call) -> response::Result {
    let catalogue = catalogue(&call, RepoKind::Model, model_tag)?;
    response(&call, catalogue)
}

pub async fn dataset_tags(call: Call) -> response::Result {
    let catalogue = catalogue(&call, RepoKind::Dataset, dataset_tag)?;
    response(&call, catalogue)
}

/// Tag objects by type. Every type that the endpoint knows is there, if only empty.
type Catalogue = BTreeMap<&'static str, Vec<Value>>;

fn response(call: &Call, mut catalogue: Catalogue) -> response::Result {
    let types = types(call);
    let mut body = Map::new();
    match call.query_value("type") {
        Some(wanted) if !types.contains(&wanted) => {
            let list: Vec<String> = types.iter().map(|one| format!("\"{one}\"")).collect();
            return Err(ApiError::bad_request(format!("Invalid option: expected one of {} at type", list.join("|"))));
        }
        Some(wanted) => drop(body.insert(wanted.to_owned(), catalogue.remove(wanted).unwrap_or_default().into())),
        None => {
            body.extend(types.iter().map(|one| ((*one).to_owned(), catalogue.remove(one).unwrap_or_default().into())))
        }
    }
    Ok(ApiResponse::json(&Value::Object(body)))
}

fn types(call: &Call) -> &'static [&'static str] {
    match call.endpoint.param("type").map(|param| param.kind) {
        Some(ParamType::Known(types)) => types,
        _ => &[],
    }
}

fn catalogue(call: &Call, kind: RepoKind, typed: fn(&str, &HashSet<String>) -> Tag) -> Result<Catalogue, ApiError> {
    let query = format!("select {} from repos where type = ? and visibility = 'public'", repos::COLUMNS);
    let repos: Vec<_> = call.hub.rows(&query, [kind.as_str()], repos::read)?;
    let libraries: HashSet<String> =
        repos.iter().filter_map(|repo| repo.meta("library_name").as_str().map(str::to_owned)).collect();
    let mut all: Vec<String> = repos.iter().flat_map(tags::of).collect();
    all.sort_unstable();
    all.dedup();
    let mut catalogue = Catalogue::new();
    for tag in all {
        let Tag { kind, label } = typed(&tag, &libraries);
        let mut object = json!({ "id": tag, "label": label, "type": kind });
        if let Some(object) = object.as_object_mut() {
            match kind {
                "pipeline_tag" => drop(object.insert("subType".to_owned(), area(&tag).into())),
                "arxiv" | "other" => drop(object.insert("clickable".to_owned(), false.into())),
                _ => {}
            }
        }
        catalogue.entry(kind).or_default().push(object);
    }
    Ok(catalogue)
}

struct Tag {
    kind: &'static str,
    label: String,
}

fn model_tag(tag: &str, libraries: &HashSet<String>) -> Tag {
    for kind in ["dataset", "license", "arxiv", "doi", "region", "deploy"] {
        if let Some(rest) = tag.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':')) {
            return Tag { kind, label: rest.to_owned() };
        }
    }
    let (kind, label) = match tag {
        _ if TASKS.iter().any(|(task, _)| *task == tag) => ("pipeline_tag", title(tag)),
        _ if libraries.contains(tag) || FRAMEWORKS.contains(&tag) => ("library", title(tag)),
        _ if tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase()) => ("language", language(tag)),
        "endpoints_compatible" | "text-generation-inference" | "text-embeddings-inference" => ("deploy", title(tag)),
        _ => ("other", tag.to_owned()),
    };
    Tag { kind, label }
}

fn dataset_tag(tag: &str, _: &HashSet<String>) -> Tag {
    let typed = tag
        .split_once(':')
        .and_then(|(head, rest)| DATASET_TYPES.into_iter().find(|kind| *kind == head).map(|kind| (kind, rest)));
    match typed {
        Some(("language", code)) => Tag { kind: "language", label: language(code) },
        Some((kind @ ("task_categories" | "task_ids" | "modality" | "format" | "library"), rest)) => {
            Tag { kind, label: title(rest) }
        }
        Some((kind, rest)) => Tag { kind, label: rest.to_owned() },
        None => Tag { kind: "other", label: tag.to_owned() },
    }
}

const DATASET_TYPES: [&str; 16] = [
    "benchmark", "task_categories", "size_categories", "modality", "format", "library", "language", "license", "arxiv",
    "doi", "region", "task_ids", "annotations_creators", "language_creators", "multilinguality", "source_datasets",
];

const FRAMEWORKS: [&str; 12] = [
    "transformers", "pytorch", "safetensors", "gguf", "mlx", "onnx", "diffusers", "sentence-transformers", "peft",
    "timm", "jax", "tf",
];

/// Tasks, each with its area.
const TASKS: [(&str, &str); 34] = [
    ("text-generation", "nlp"),
    ("fill-mask", "nlp"),
    ("text-classification", "nlp"),
    ("token-classification", "nlp"),
    ("question-answering", "nlp"),
    ("summarization", "nlp"),
    ("translation", "nlp"),
    ("text2text-generation", "nlp"),
    ("feature-extraction", "nlp"),
    ("sentence-similarity", "nlp"),
    ("text-ranking", "nlp"),
    ("zero-shot-classification", "nlp"),
    ("table-question-answering", "nlp"),
    ("image-text-to-text", "multimodal"),
    ("visual-question-answering", "multimodal"),
    ("any-to-any", "multimodal"),
    ("text-to-image", "cv"),
    ("image-to-image", "cv"),
    ("image-to-text", "cv"),
    ("text-to-video", "cv"),
    ("image-classification", "cv"),
    ("image-segmentation", "cv"),
    ("object-detection", "cv"),
    ("depth-estimation", "cv"),
    ("zero-shot-image-classification", "cv"),
    ("text-to-speech", "audio"),
    ("text-to-audio", "audio"),
    ("automatic-speech-recognition", "audio"),
    ("audio-classification", "audio"),
    ("audio-to-audio", "audio"),
    ("tabular-classification", "tabular"),
    ("tabular-regression", "tabular"),
    ("time-series-forecasting", "tabular"),
    ("reinforcement-learning", "rl"),
];

fn area(task: &str) -> &'static str {
    TASKS.iter().find(|(name, _)| *name == task).map_or("other", |(_, area)| area)
}

/// `text-generation` becomes `Text Generation`.
fn title(tag: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    tag.split(['-', '_']).map(capital).collect::<Vec<_>>().join(" ")
}

const LANGUAGES: [(&str, &str); 24] = [
    ("en", "English"),
    ("zh", "Chinese"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("de", "German"),
    ("pt", "Portuguese"),
    ("it", "Italian"),
    ("ru", "Russian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("ar", "Arabic"),
    ("hi", "Hindi"),
    ("vi", "Vietnamese"),
    ("th", "Thai"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("tr", "Turkish"),
    ("sv", "Swedish"),
    ("uk", "Ukrainian"),
    ("fa", "Persian"),
    ("id", "Indonesian"),
    ("cs", "Czech"),
    ("fi", "Finnish"),
    ("el", "Greek"),
];

fn language(code: &str) -> String {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name).to_owned()
}
