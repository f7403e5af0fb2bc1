//! Control of `emulator/scripted`.

use axum::http::StatusCode;
use serde_json::json;

use crate::http::call::Call;
use crate::http::response::{self, ApiResponse};
use crate::inference::scripted;

pub async fn script(call: Call) -> response::Result {
    Ok(ApiResponse::json(&json!(call.app.inference.script().as_deref())))
}

/// Sets the script for conversations that bring none of their own.
pub async fn set_script(call: Call) -> response::Result {
    let turns = scripted::parse(&call.json()?)?;
    call.app.inference.set_script(Some(turns.into()));
    script(call).await
}

pub async fn clear_script(call: Call) -> response::Result {
    call.app.inference.set_script(None);
    Ok(ApiResponse::text("").status(StatusCode::NO_CONTENT))
}
