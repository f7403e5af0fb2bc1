//! An event on its way to a webhook.

use serde_json::Value;

/// One event for one webhook.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: String,
    pub webhook_id: String,
    pub created_at: i64,
    pub body: Value,
    pub attempts: i64,
    /// HTTP status of the last response.
    pub status: Option<u16>,
    pub error: Option<String>,
    pub done: bool,
}
