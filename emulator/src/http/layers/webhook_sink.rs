//! A place to send webhooks to: it keeps what it got.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use crate::dates;

/// Deliveries that are kept.
const MAX_DELIVERIES: usize = 1000;

#[derive(Debug, Default)]
pub struct WebhookSink {
    deliveries: Mutex<VecDeque<Value>>,
}

impl WebhookSink {
    pub fn put(&self, now: i64, headers: &HeaderMap, body: &[u8]) {
        let headers: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect();
        let body: Value = serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into());
        let mut deliveries = self.lock();
        if deliveries.len() == MAX_DELIVERIES {
            deliveries.pop_front();
        }
        deliveries.push_back(json!({ "at": dates::iso(now), "headers": headers, "body": body }));
    }

    /// Everything, oldest first.
    pub fn list(&self) -> Vec<Value> {
        self.lock().iter().cloned().collect()
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Value>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
