//! Feature extraction and sentence similarity, in the form of `hf-inference` and in OpenAI's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hf_wasm::endpoints::{Endpoint, inference};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{json_response, task};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response;
use crate::http::route::{Route, handler};
use crate::inference::hash_embedding::{self, DIMENSIONS, words};
use crate::json::at;

/// Words that one text may have; more are cut off, or refused without `truncate`.
const MAX_WORDS: usize = 512;
/// What the model knows as `prompt_name`, and puts before the text.
const PROMPTS: [(&str, &str); 2] = [("query", "query: "), ("passage", "passage: ")];
const TASKS: [&str; 2] = ["feature-extraction", "sentence-similarity"];

const BASE: Endpoint = Endpoint { params: &[], ..inference::FEATURE_EXTRACTION };
static SIMILARITY: Endpoint =
    Endpoint { name: "sentenceSimilarity", path: "/hf-inference/models/{model}/pipeline/sentence-similarity", ..BASE };
static OPENAI_STYLE: [Endpoint; 3] = [
    Endpoint { name: "togetherEmbeddings", path: "/together/v1/embeddings", ..BASE },
    Endpoint { name: "scalewayEmbeddings", path: "/scaleway/v1/embeddings", ..BASE },
    Endpoint { name: "deepinfraEmbeddings", path: "/deepinfra/v1/openai/embeddings", ..BASE },
];

pub fn routes() -> Vec<Route> {
    [
        Route { endpoint: &inference::FEATURE_EXTRACTION, handler: handler!(extract) },
        Route { endpoint: &SIMILARITY, handler: handler!(compare) },
    ]
    .into_iter()
    .chain(OPENAI_STYLE.iter().map(|endpoint| Route { endpoint, handler: handler!(openai_style) }))
    .collect()
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Inputs {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
struct Options {
    normalize: Option<bool>,
    prompt_name: Option<String>,
    truncate: Option<bool>,
    truncation_direction: Option<String>,
    dimensions: Option<usize>,
    encoding_format: Option<String>,
}

/// A flat array for one text, an array of arrays for several.
pub async fn extract(call: Call) -> response::Result {
    task::require(&call, call.path_value("model").unwrap_or_default(), &TASKS)?;
    let body = call.json()?;
    let inputs = inputs(at(&body, "inputs"), "inputs")?;
    let options = options(&body)?;
    let vectors: Result<Value, ApiError> = match inputs {
        Inputs::One(text) => options.vector(&text),
        Inputs::Many(texts) => texts.iter().map(|text| options.vector(text)).collect(),
    };
    let response = json_response(&vectors?, "hf-inference");
    super::served_free(&call)?;
    Ok(response)
}

/// How near each of `sentences` is to `source_sentence`, 1 being the same.
async fn compare(call: Call) -> response::Result {
    task::require(&call, call.path_value("model").unwrap_or_default(), &TASKS)?;
    let body = call.json()?;
    let source = at(&body, "inputs.source_sentence").as_str();
    let source = source.ok_or_else(|| task::bad_parameter("`inputs.source_sentence` must be a string"))?;
    let Inputs::Many(sentences) = inputs(at(&body, "inputs.sentences"), "inputs.sentences")? else {
        return Err(task::bad_parameter("`inputs.sentences` must be a list"));
    };
    let source = hash_embedding::embed(source);
    let near = |text: &String| rounded(hash_embedding::similarity(&source, &hash_embedding::embed(text)));
    super::served_free(&call)?;
    Ok(json_response(&sentences.iter().map(near).collect(), "hf-inference"))
}

async fn openai_style(call: Call) -> response::Result {
    let body = call.json()?;
    task::require(&call, at(&body, "model").as_str().unwrap_or_default(), &TASKS)?;
    let texts = match inputs(at(&body, "input"), "input")? {
        Inputs::One(text) => vec![text],
        Inputs::Many(texts) => texts,
    };
    let options = options(&body)?;
    let mut data = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        data.push(json!({ "object": "embedding", "index": index, "embedding": options.vector(text)? }));
    }
    let tokens: usize = texts.iter().map(|text| words(text).len()).sum();
    let usage = json!({ "prompt_tokens": tokens, "total_tokens": tokens });
    let provider = call.endpoint.path.split('/').nth(1).unwrap_or_default();
    super::served_free(&call)?;
    Ok(json_response(&json!({ "object": "list", "data": data, "model": at(&body, "model"), "usage": usage }), provider))
}

fn inputs(value: &Value, name: &str) -> Result<Inputs, ApiError> {
    serde_json::from_value(value.clone())
        .map_err(|_| ApiError::openai(400, format!("`{name}` must be a string or a list of strings"), Some(name), None))
}

fn options(body: &Value) -> Result<Options, ApiError> {
    serde_json::from_value(body.clone())
        .map_err(|error| ApiError::openai(400, format!("Invalid request body: {error}"), None, None))
}

impl Options {
    fn vector(&self, text: &str) -> Result<Value, ApiError> {
        let mut vector = hash_embedding::embed(&format!("{}{}", self.prompt()?, self.fit(text)?));
        match self.dimensions {
            Some(0) => return Err(task::bad_parameter("`dimensions` must be at least 1")),
            Some(wanted) => vector.truncate(wanted.min(DIMENSIONS)),
            None => {}
        }
        if self.normalize.unwrap_or_default() {
            hash_embedding::normalize(&mut vector);
        }
        Ok(match self.encoding_format.as_deref() {
            Some("base64") => {
                let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
                STANDARD.encode(bytes).into()
            }
            _ => vector.into_iter().map(rounded).collect(),
        })
    }

    fn prompt(&self) -> Result<&'static str, ApiError> {
        let Some(name) = &self.prompt_name else {
            return Ok("");
        };
        let prompt = PROMPTS.iter().find(|prompt| prompt.0 == name).map(|prompt| prompt.1);
        prompt.ok_or_else(|| task::bad_parameter(&format!("The model has no prompt named '{name}'")))
    }

    /// The text, cut to what the model reads.
    fn fit(&self, text: &str) -> Result<String, ApiError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some(surplus) = words.len().checked_sub(MAX_WORDS).filter(|surplus| *surplus > 0) else {
            return Ok(text.to_owned());
        };
        if !self.truncate.unwrap_or_default() {
            let text = format!("`inputs` must have at most {MAX_WORDS} words, it has {}", words.len());
            return Err(ApiError::new(413, text));
        }
        let left = self.truncation_direction.as_deref().is_some_and(|side| side.eq_ignore_ascii_case("left"));
        let kept = if left { words.get(surplus..) } else { words.get(..MAX_WORDS) };
        Ok(kept.unwrap_or_default().join(" "))
    }
}

/// Seven decimals, which is what such a number holds.
fn rounded(value: f32) -> Value {
    json!((f64::from(value) * 1e7).round() / 1e7)
}
