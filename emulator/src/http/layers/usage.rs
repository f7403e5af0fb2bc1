//! What an inference cost.

use serde_json::Value;

/// What an inference cost and whom, for the log: an extension of the response.
#[derive(Debug, Clone)]
pub struct Usage(pub Value);
