//! How repositories refer to each other: bases and children of models, Spaces that use them. Read once a response, and
//! only when a field asks for it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::http::error::ApiError;
use crate::hub::Hub;
use crate::hub::repos::{self, Repo, RepoKind};
use crate::json::texts;

/// Most Spaces that a model names.
const MOST_SPACES: usize = 100;

#[derive(Debug, Default)]
pub struct Relations {
    /// `_id` of each public model.
    ids: HashMap<String, String>,
    /// Relation and base of each child, counted by base.
    children: HashMap<String, HashMap<String, i64>>,
    /// Spaces that use a model or dataset.
    spaces: HashMap<String, Vec<String>>,
}

impl Relations {
    /// Reads what the fields need; nothing for most.
    pub fn read(hub: &Hub, fields: &[&str]) -> Result<Relations, ApiError> {
        let mut relations = Relations::default();
        if fields.iter().any(|field| matches!(*field, "baseModels" | "childrenModelCount")) {
            for model in public(hub, RepoKind::Model)? {
                relations.add_model(&model);
            }
        }
        if fields.contains(&"spaces") {
            for space in public(hub, RepoKind::Space)? {
                for used in texts(space.meta("models")).chain(texts(space.meta("datasets"))) {
                    relations.spaces.entry(used.to_owned()).or_default().push(space.full_name());
                }
            }
        }
        Ok(relations)
    }

    pub fn spaces(&self, repo: &Repo) -> Value {
        let spaces = self.spaces.get(&repo.full_name()).map(Vec::as_slice).unwrap_or_default();
        spaces.iter().take(MOST_SPACES).map(String::as_str).collect()
    }

    /// Left out where no base is on this Hub.
    pub fn base_models(&self, repo: &Repo) -> Option<Value> {
        let models: Vec<Value> = texts(repo.meta("cardData.base_model"))
            .filter_map(|base| self.ids.get(base).map(|id| json!({ "_id": id, "id": base })))
            .collect();
        (!models.is_empty()).then(|| json!({ "relation": relation(repo), "models": models }))
    }

    pub fn children(&self, repo: &Repo) -> Value {
        let counts = self.children.get(&repo.full_name());
        let count = |relation: &str| counts.and_then(|counts| counts.get(relation)).copied().unwrap_or_default();
        json!({ "adapter": count("adapter"), "merge": count("merge"), "quantized": count("quantized"), "finetune": count("finetune") })
    }

    fn add_model(&mut self, model: &Repo) {
        self.ids.insert(model.full_name(), model.id.clone());
        for base in texts(model.meta("cardData.base_model")) {
            let counts = self.children.entry(base.to_owned()).or_default();
            *counts.entry(relation(model).to_owned()).or_default() += 1;
        }
    }
}

fn relation(repo: &Repo) -> &str {
    repo.meta("cardData.base_model_relation").as_str().unwrap_or("finetune")
}

fn public(hub: &Hub, kind: RepoKind) -> Result<Vec<Repo>, ApiError> {
    let query = format!("select {} from repos where type = ? and visibility = 'public' order by id", repos::COLUMNS);
    Ok(hub.rows(&query, [kind.as_str()], repos::read)?)
}
