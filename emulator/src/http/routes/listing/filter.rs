//! Which repositories a list keeps. Every filter that is given must hold.

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::hub::repos::{Repo, RepoKind};
use crate::hub::{providers, tags};

pub struct Filter {
    words: Vec<String>,
    author: Option<String>,
    tags: Vec<String>,
    task: Option<String>,
    gated: Option<bool>,
    apps: Vec<String>,
    warm: bool,
    providers: Vec<String>,
    parameters: Option<(f64, f64)>,
    models: Vec<String>,
    datasets: Vec<String>,
    linked: bool,
}

impl Filter {
    pub fn parse(call: &Call) -> Result<Filter, ApiError> {
        let texts = |name: &str| {
            call.query_values(name).into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
        };
        let searches = call.query.iter().filter(|(name, _)| name == "search");
        Ok(Filter {
            words: searches.flat_map(|(_, text)| text.split_whitespace()).map(str::to_lowercase).collect(),
            author: call.query_value("author").map(str::to_owned),
            tags: texts("filter"),
            task: call.query_value("pipeline_tag").map(str::to_owned),
            gated: call.query_value("gated").map(|_| call.query_flag("gated")),
            apps: texts("apps"),
            warm: call.query_value("inference") == Some("warm"),
            providers: texts("inference_provider"),
            parameters: call.query_value("num_parameters").map(range).transpose()?,
            models: texts("models"),
            datasets: texts("datasets"),
            linked: call.query_flag("linked"),
        })
    }

    pub fn keeps(&self, repo: &Repo) -> bool {
        self.by_name(repo) && self.by_state(repo) && self.by_links(repo) && self.by_tags(repo)
    }

    fn by_name(&self, repo: &Repo) -> bool {
        let id = repo.full_name().to_lowercase();
        self.words.iter().all(|word| id.contains(word.as_str()))
            && self.author.as_ref().is_none_or(|author| author.eq_ignore_ascii_case(&repo.namespace))
    }

    fn by_state(&self, repo: &Repo) -> bool {
        self.gated.is_none_or(|gated| gated == repo.gated.is_some())
            && self.parameters.is_none_or(|(least, most)| {
                repo.num_parameters().is_some_and(|count| (least..=most).contains(&(count as f64)))
            })
            && (!self.warm || providers::is_warm(repo))
            && (self.providers.is_empty() || self.providers.iter().any(|name| providers::serves(repo, name)))
    }

    fn by_links(&self, repo: &Repo) -> bool {
        if repo.kind != RepoKind::Space {
            return true;
        }
        let uses =
            |key: &str, id: &String| repo.meta(key).as_array().is_some_and(|ids| ids.iter().any(|used| used == id));
        let any = |key: &str| repo.meta(key).as_array().is_some_and(|ids| !ids.is_empty());
        self.models.iter().all(|id| uses("models", id))
            && self.datasets.iter().all(|id| uses("datasets", id))
            && (!self.linked || any("models") || any("datasets"))
    }

    fn by_tags(&self, repo: &Repo) -> bool {
        if self.tags.is_empty() && self.task.is_none() && self.apps.is_empty() {
            return true;
        }
        let tags = tags::of(repo);
        self.tags.iter().chain(&self.task).all(|tag| tags.contains(tag))
            && self.apps.iter().all(|app| runs_in(app, &tags))
    }
}

/// Local apps are told by the format of the weights.
fn runs_in(app: &str, tags: &[String]) -> bool {
    let has = |tag: &str| tags.iter().any(|held| held == tag);
    match app {
        "ollama" | "llama.cpp" | "lmstudio" | "jan" | "node-llama-cpp" | "koboldcpp" | "docker-model-runner" => {
            has("gguf")
        }
        "vllm" | "sglang" | "tgi" => has("safetensors") && (has("text-generation") || has("image-text-to-text")),
        "mlx-lm" => has("mlx"),
        "transformers.js" => has("transformers.js"),
        "tei" => has("text-embeddings-inference"),
        "drawthings" | "diffusionbee" | "invoke" => has("diffusers") && has("text-to-image"),
        _ => false,
    }
}

/// `min:6B,max:128B`; either end may be left out.
fn range(text: &str) -> Result<(f64, f64), ApiError> {
    let mut ends = (0.0, f64::INFINITY);
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let end = part.split_once(':').and_then(|(name, count)| Some((name, quantity(count)?)));
        match end {
            Some(("min", count)) => ends.0 = count,
            Some(("max", count)) => ends.1 = count,
            _ => {
                return Err(ApiError::bad_request(
                    "Invalid \"num_parameters\": expected a range such as min:6B,max:128B",
                ));
            }
        }
    }
    Ok(ends)
}

fn quantity(text: &str) -> Option<f64> {
    let (digits, factor) = match text.chars().last()?.to_ascii_uppercase() {
        'K' => (text.get(..text.len() - 1)?, 1e3),
        'M' => (text.get(..text.len() - 1)?, 1e6),
        'B' => (text.get(..text.len() - 1)?, 1e9),
        'T' => (text.get(..text.len() - 1)?, 1e12),
        _ => (text, 1.0),
    };
    digits.parse::<f64>().ok().map(|number| number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_suffixes_and_open_ends() {
        assert_eq!(range("min:6B,max:128b").unwrap(), (6e9, 128e9));
        assert_eq!(range("max:500M").unwrap(), (0.0, 5e8));
        assert_eq!(range("min:1.5K").unwrap(), (1500.0, f64::INFINITY));
        assert_eq!(range("about:6B").unwrap_err().status, 400);
        assert_eq!(range("min:six").unwrap_err().status, 400);
    }
}
