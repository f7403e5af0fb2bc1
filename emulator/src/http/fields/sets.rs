//! Which fields a response shows when `expand` does not say so.

use crate::http::call::Call;
use crate::hub::repos::RepoKind;

/// Fields of a list item.
pub fn list(kind: RepoKind, call: &Call) -> Vec<&'static str> {
    let mut fields: Vec<&str> = match kind {
        RepoKind::Model | RepoKind::Kernel => MODEL_ITEM.to_vec(),
        RepoKind::Dataset => DATASET_ITEM.to_vec(),
        RepoKind::Space => SPACE_ITEM.to_vec(),
    };
    if call.query_flag("full") {
        fields.extend(match kind {
            RepoKind::Model | RepoKind::Kernel => {
                ["author", "sha", "lastModified", "gated", "disabled", "siblings"].as_slice()
            }
            RepoKind::Dataset => &["citation", "paperswithcode_id", "mainSize", "cardData", "siblings"],
            RepoKind::Space => &[
                "author", "sha", "lastModified", "gated", "disabled", "subdomain", "host", "cardData", "runtime",
                "models", "datasets", "siblings",
            ],
        });
    }
    let linked: &[&str] = if call.query_flag("linked") { &["models", "datasets"] } else { &[] };
    fields.extend(linked.iter().filter(|field| !fields.contains(*field)).copied().collect::<Vec<_>>());
    for option in ["config", "cardData"] {
        if call.query_flag(option) && !fields.contains(&option) {
            fields.push(option);
        }
    }
    fields
}

/// Fields of the info call.
pub fn info(kind: RepoKind, call: &Call) -> Vec<&'static str> {
    let mut fields = match kind {
        RepoKind::Model | RepoKind::Kernel => MODEL_INFO.to_vec(),
        RepoKind::Dataset => DATASET_INFO.to_vec(),
        RepoKind::Space => SPACE_INFO.to_vec(),
    };
    if call.query_flag("securityStatus") {
        fields.push("securityRepoStatus");
    }
    fields
}

const MODEL_ITEM: [&str; 9] =
    ["modelId", "likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt"];

const DATASET_ITEM: [&str; 13] = [
    "author", "disabled", "gated", "lastModified", "likes", "trendingScore", "private", "sha", "description",
    "downloads", "tags", "createdAt", "key",
];

const SPACE_ITEM: [&str; 6] = ["likes", "trendingScore", "private", "sdk", "tags", "createdAt"];

const MODEL_INFO: [&str; 25] = [
    "modelId", "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "downloads", "likes",
    "library_name", "pipeline_tag", "mask_token", "tags", "inference", "cardData", "config", "transformersInfo",
    "safetensors", "gguf", "widgetData", "model-index", "siblings", "spaces", "usedStorage",
];

const DATASET_INFO: [&str; 17] = [
    "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "downloads", "likes", "tags",
    "description", "citation", "paperswithcode_id", "mainSize", "cardData", "siblings", "usedStorage",
];

const SPACE_INFO: [&str; 19] = [
    "author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "likes", "sdk", "subdomain", "host",
    "tags", "cardData", "runtime", "region", "models", "datasets", "siblings", "usedStorage",
];
