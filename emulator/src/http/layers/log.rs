//! The log of received requests. It holds what kind of token came, never the token.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::Value;

use super::request_context::RequestContext;
use crate::dates;
use crate::http::error::ApiError;
use crate::hub::accounts::{Caller, Role};

/// Requests that are kept.
const MAX_ENTRIES: usize = 5000;

#[derive(Debug, Default)]
pub struct Log {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    last: u64,
    list: VecDeque<Entry>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts up from 1.
    pub id: u64,
    pub at: String,
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    /// Name of the endpoint that served it; empty when none did.
    pub endpoint: &'static str,
    pub bucket: &'static str,
    /// 0 until it is answered.
    pub status: u16,
    /// Until the head of the response was ready.
    pub duration_ms: f64,
    pub authorization: bool,
    /// `none`, `invalid`, `read`, `write` or `fineGrained`.
    pub token: &'static str,
    pub user: Option<String>,
    pub user_agent: Option<String>,
    pub bill_to: Option<String>,
    pub request_bytes: Option<u64>,
    pub response_bytes: u64,
    /// Announced length of the response's body.
    #[serde(skip)]
    pub length: Option<u64>,
    /// `open` while the body is on its way, `complete`, or `broken` when it did not get to its end.
    pub body: &'static str,
    pub fault: bool,
    pub request_id: Option<String>,
    /// What an inference cost, and whom.
    pub usage: Option<Value>,
}

impl Log {
    /// Notes a request that arrived, and hands back its number.
    pub fn begin(&self, now: i64, context: &RequestContext, caller: Result<&Caller, &ApiError>) -> u64 {
        let header = |name| context.header(name).map(str::to_owned);
        let mut entries = self.lock();
        entries.last += 1;
        let entry = Entry {
            id: entries.last,
            at: dates::iso(now),
            method: context.parts.method.to_string(),
            path: context.path().to_owned(),
            query: context.parts.uri.query().map(str::to_owned),
            endpoint: context.endpoint_name(),
            bucket: context.bucket.as_str(),
            status: 0,
            duration_ms: 0.0,
            authorization: context.parts.headers.contains_key(AUTHORIZATION),
            token: kind_of(caller),
            user: caller.ok().and_then(Caller::user).map(|user| user.name.clone()),
            user_agent: header("user-agent"),
            bill_to: header("x-hf-bill-to"),
            request_bytes: header("content-length").and_then(|length| length.parse().ok()),
            response_bytes: 0,
            length: None,
            body: "open",
            fault: false,
            request_id: None,
            usage: None,
        };
        if entries.list.len() == MAX_ENTRIES {
            entries.list.pop_front();
        }
        entries.list.push_back(entry);
        entries.last
    }

    pub fn update(&self, id: u64, change: impl FnOnce(&mut Entry)) {
        // The newest entries are asked for most.
        if let Some(entry) = self.lock().list.iter_mut().rev().find(|entry| entry.id == id) {
            change(entry);
        }
    }

    /// The requests after the given number.
    pub fn since(&self, id: u64) -> Vec<Entry> {
        self.lock().list.iter().filter(|entry| entry.id > id).cloned().collect()
    }

    pub fn clear(&self) {
        self.lock().list.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind_of(caller: Result<&Caller, &ApiError>) -> &'static str {
    match caller {
        Err(_) => "invalid",
        Ok(Caller::Anonymous) => "none",
        Ok(Caller::User { token, .. }) => match token.role {
            Role::Read => "read",
            Role::Write => "write",
            Role::FineGrained(_) => "fineGrained",
        },
    }
}
