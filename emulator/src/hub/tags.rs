//! Tags of a repository: what its files show, then what its card declares, in the order of the Hub's pages.

use serde_json::Value;

use crate::hub::repo::{Repo, RepoKind};
use crate::json::texts;

/// All tags, without repetition.
pub fn of(repo: &Repo) -> Vec<String> {
    let card = repo.meta("cardData");
    let mut tags = Tags::default();
    match repo.kind {
        RepoKind::Model | RepoKind::Kernel => {
            tags.all("", first(repo.meta("library_name"), &card["library_name"]));
            tags.all("", repo.meta("tags"));
            tags.all("", repo.meta("config.model_type"));
            tags.all("", first(repo.meta("pipeline_tag"), &card["pipeline_tag"]));
            tags.all("", &card["tags"]);
            tags.all("", &card["language"]);
            tags.all("dataset:", &card["datasets"]);
            tags.all("base_model:", &card["base_model"]);
            if let Some(relation) = card["base_model_relation"].as_str() {
                tags.all(&format!("base_model:{relation}:"), &card["base_model"]);
            }
        }
        RepoKind::Dataset => {
            for (key, prefix) in DATASET_KEYS {
                tags.all(prefix, &card[key]);
            }
            let languages: Vec<&str> = texts(&card["language"]).collect();
            texts(repo.meta("tags")).filter(|tag| !languages.contains(tag)).for_each(|tag| tags.add(tag.to_owned()));
            tags.all("", &card["tags"]);
        }
        RepoKind::Space => {
            tags.all("", first(repo.meta("sdk"), &card["sdk"]));
            tags.all("", repo.meta("tags"));
            tags.all("", &card["tags"]);
        }
    }
    tags.all("license:", &card["license"]);
    if !tags.0.iter().any(|tag| tag.starts_with("region:")) {
        tags.add(format!("region:{}", repo.meta("region").as_str().unwrap_or("us")));
    }
    tags.0
}

/// Keys of a dataset's card that become typed tags.
const DATASET_KEYS: [(&str, &str); 8] = [
    ("task_categories", "task_categories:"),
    ("task_ids", "task_ids:"),
    ("annotations_creators", "annotations_creators:"),
    ("language_creators", "language_creators:"),
    ("multilinguality", "multilinguality:"),
    ("source_datasets", "source_datasets:"),
    ("language", "language:"),
    ("size_categories", "size_categories:"),
];

#[derive(Default)]
struct Tags(Vec<String>);

impl Tags {
    fn add(&mut self, tag: String) {
        if !self.0.contains(&tag) {
            self.0.push(tag);
        }
    }

    fn all(&mut self, prefix: &str, value: &Value) {
        for text in texts(value) {
            self.add(format!("{prefix}{text}"));
        }
    }
}

fn first<'a>(one: &'a Value, other: &'a Value) -> &'a Value {
    if one.is_null() { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn repo(kind: RepoKind, meta: Value) -> Repo {
        Repo {
            id: String::new(),
            kind,
            namespace: "acme".into(),
            name: "x".into(),
            visibility: "public".into(),
            gated: None,
            disabled: false,
            created_at: 0,
            last_modified: 0,
            downloads: 0,
            downloads_all_time: 0,
            likes: 0,
            trending: 0.0,
            meta,
            settings: json!({}),
            sha: String::new(),
        }
    }

    #[test]
    fn a_card_becomes_tags() {
        let card = json!({ "license": "mit", "language": "en", "datasets": ["squad"], "base_model": "a/b",
            "base_model_relation": "finetune", "pipeline_tag": "fill-mask" });
        let meta = json!({ "library_name": "transformers", "tags": ["safetensors"], "cardData": card });
        assert_eq!(
            of(&repo(RepoKind::Model, meta)),
            [
                "transformers", "safetensors", "fill-mask", "en", "dataset:squad", "base_model:a/b",
                "base_model:finetune:a/b", "license:mit", "region:us"
            ]
        );
        let card = json!({ "task_categories": ["text-classification"], "language": ["en", "fr"] });
        assert_eq!(
            of(&repo(RepoKind::Dataset, json!({ "cardData": card }))),
            ["task_categories:text-classification", "language:en", "language:fr", "region:us"]
        );
    }
}
