//! Text to image, in the form of `hf-inference` and in OpenAI's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hf_wasm::endpoints::{Endpoint, inference};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{json_response, task};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::inference::gradient::{self, Scene};
use crate::json::at;

const LONGEST_SIDE: u32 = 2048;
const BASE: Endpoint = Endpoint { params: &[], ..inference::TEXT_TO_IMAGE };
static OPENAI_STYLE: [Endpoint; 2] = [
    Endpoint { name: "togetherImage", path: "/together/v1/images/generations", ..BASE },
    Endpoint { name: "nscaleImage", path: "/nscale/v1/images/generations", ..BASE },
];

pub fn routes() -> Vec<Route> {
    OPENAI_STYLE.iter().map(|endpoint| Route { endpoint, handler: handler!(openai_style) }).collect()
}

#[derive(Debug, Default, Deserialize)]
struct Parameters {
    width: Option<u32>,
    height: Option<u32>,
    seed: Option<i64>,
    negative_prompt: Option<String>,
}

/// Draws `inputs` as a PNG.
pub async fn draw(call: Call) -> response::Result {
    let body = call.json()?;
    let parameters = match at(&body, "parameters") {
        Value::Null => json!({}),
        given => given.clone(),
    };
    let png = paint(at(&body, "inputs"), "inputs", parameters).await?;
    super::served_free(&call)?;
    Ok(ApiResponse::bytes("image/png", png).header("x-inference-provider", "hf-inference"))
}

async fn openai_style(call: Call) -> response::Result {
    let body = call.json()?;
    task::require(&call, at(&body, "model").as_str().unwrap_or_default(), &["text-to-image"])?;
    let png = paint(at(&body, "prompt"), "prompt", body.clone()).await?;
    let provider = call.endpoint.path.split('/').nth(1).unwrap_or_default();
    super::served_free(&call)?;
    let data = json!([{ "index": 0, "b64_json": STANDARD.encode(png) }]);
    Ok(json_response(&json!({ "object": "list", "model": at(&body, "model"), "data": data }), provider))
}

async fn paint(prompt: &Value, name: &str, parameters: Value) -> Result<Vec<u8>, ApiError> {
    let prompt = prompt.as_str().filter(|prompt| !prompt.trim().is_empty());
    let prompt = prompt.ok_or_else(|| task::bad_parameter(&format!("`{name}` must be a string")))?.to_owned();
    let parameters: Parameters = serde_json::from_value(parameters)
        .map_err(|error| task::bad_parameter(&format!("Invalid parameters: {error}")))?;
    let side = |value: Option<u32>| value.unwrap_or(512);
    let (width, height) = (side(parameters.width), side(parameters.height));
    if [width, height].iter().any(|side| !(1..=LONGEST_SIDE).contains(side)) {
        return Err(task::bad_parameter(&format!("`width` and `height` must be between 1 and {LONGEST_SIDE}")));
    }
    let without = parameters.negative_prompt.unwrap_or_default();
    let drawing = move || gradient::png(&Scene::of(&prompt, &without, parameters.seed), width, height);
    let png = tokio::task::spawn_blocking(drawing).await.map_err(|error| ApiError::new(500, error.to_string()))?;
    png.map_err(|error| ApiError::new(500, format!("drawing: {error}")))
}
