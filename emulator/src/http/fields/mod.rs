//! The fields of models, datasets and Spaces: which ones a response shows, and what each holds.
//!
//! A list without options shows few, `full` and the info call show many, and `expand` shows exactly what it names.
//! `_id` and `id` are always there. A field without a value is left out.

use hf_wasm::endpoints::ParamType;
use serde_json::{Map, Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::hub::repos::{Repo, RepoKind};
use crate::hub::{Hub, providers, space, tags};
use crate::json;

mod relations;
mod sets;
mod siblings;

pub use relations::Relations;
pub use sets::{info, list};
pub use siblings::Files;

/// Where a field is shown. A few differ between a list and the info call.
#[derive(Debug)]
pub struct View<'a> {
    pub hub: &'a Hub,
    pub fields: Vec<&'static str>,
    pub in_list: bool,
    /// Commit that the info call was asked for; the main branch otherwise.
    pub sha: Option<String>,
    /// Adds `size`, `blobId` and `lfs` to `siblings`.
    pub blobs: bool,
    pub relations: Relations,
}

/// The values of `expand`; 400 with the permitted ones when one is unknown.
pub fn expanded(call: &Call) -> Result<Option<Vec<&'static str>>, ApiError> {
    let asked: Vec<&str> = call.query_values("expand").into_iter().filter(|name| !name.is_empty()).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let permitted = match call.endpoint.param("expand").map(|param| param.kind) {
        Some(ParamType::SomeOf(permitted)) => permitted,
        _ => &[],
    };
    let known = |name: &&str| permitted.iter().copied().find(|permitted| permitted == name);
    let fields: Option<Vec<_>> = asked.iter().map(known).collect();
    fields
        .map(Some)
        .ok_or_else(|| ApiError::bad_request(format!("\"expand\" must be one of [{}]", permitted.join(", "))))
}

impl View<'_> {
    pub fn object(&self, repo: &Repo) -> Result<Value, ApiError> {
        let mut object = Map::new();
        object.insert("_id".to_owned(), repo.id.as_str().into());
        object.insert("id".to_owned(), repo.full_name().into());
        let files = Files::new(self.hub, repo, self.sha.as_deref());
        for field in &self.fields {
            if let Some(value) = self.value(repo, &files, field)? {
                object.insert((*field).to_owned(), value);
            }
        }
        Ok(Value::Object(object))
    }

    fn value(&self, repo: &Repo, files: &Files, field: &str) -> Result<Option<Value>, ApiError> {
        let card = repo.meta("cardData");
        Ok(match field {
            "modelId" => Some(repo.full_name().into()),
            "author" => Some(repo.namespace.as_str().into()),
            "sha" => Some(self.sha.as_deref().unwrap_or(&repo.sha).into()),
            "private" => Some((repo.visibility != "public").into()),
            "gated" => Some(repo.gated.as_deref().map_or(Value::Bool(false), Value::from)),
            "disabled" => Some(repo.disabled.into()),
            "downloads" => Some(repo.downloads.into()),
            "downloadsAllTime" => Some(repo.downloads_all_time.into()),
            "likes" => Some(repo.likes.into()),
            "trendingScore" => Some(trending(repo.trending)),
            "createdAt" => Some(dates::iso(repo.created_at).into()),
            "lastModified" => Some(dates::iso(repo.last_modified).into()),
            "tags" => Some(tags::of(repo).into()),
            "library_name" | "pipeline_tag" => present(repo.meta(field)).or_else(|| present(&card[field])),
            "siblings" => Some(files.siblings(self.blobs)?),
            "usedStorage" => Some(files.used_storage()?.into()),
            "key" => Some("".into()),
            "xetEnabled" => Some(false.into()),
            "inference" => providers::is_warm(repo).then(|| "warm".into()),
            "inferenceProviderMapping" if self.in_list => Some(providers::array(repo)),
            "inferenceProviderMapping" => Some(providers::object(repo)),
            "securityRepoStatus" => Some(json!({ "scansDone": true, "filesWithIssues": [] })),
            "spaces" => Some(self.relations.spaces(repo)),
            "baseModels" => self.relations.base_models(repo),
            "childrenModelCount" => Some(self.relations.children(repo)),
            "description" if self.in_list => present(repo.meta(field)).map(|text| shortened(&text)),
            "resourceGroup" => present(json::at(&repo.settings, field)),
            "cardData" => Some(present(card).unwrap_or_else(|| json!({}))),
            "evalResults" => Some(present(repo.meta(field)).unwrap_or_else(|| json!([]))),
            "models" | "datasets" => Some(present(repo.meta(field)).unwrap_or_else(|| json!([]))),
            "sdk" | "region" | "subdomain" | "host" | "runtime" if repo.kind == RepoKind::Space => {
                space::value(repo, field)
            }
            // config, safetensors, gguf, transformersInfo, mask_token, widgetData, model-index, citation, mainSize, …
            _ => present(repo.meta(field)),
        })
    }
}

fn present(value: &Value) -> Option<Value> {
    (!value.is_null()).then(|| value.clone())
}

/// Whole numbers are written without a fraction.
fn trending(score: f64) -> Value {
    if score.fract() == 0.0 { (score as i64).into() } else { score.into() }
}

/// Lists cut long descriptions.
fn shortened(text: &Value) -> Value {
    const MAX_LENGTH: usize = 200;
    match text.as_str() {
        Some(text) if text.chars().count() > MAX_LENGTH => {
            let head: String = text.chars().take(MAX_LENGTH).collect();
            format!("{head}…").into()
        }
        _ => text.clone(),
    }
}
