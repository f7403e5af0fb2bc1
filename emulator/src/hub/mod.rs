//! The state of the Hub: real git repositories and large files on disk, everything else in SQLite.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::gate::Door;
use crate::refusal::Refusal;
use crate::router::Inference;

pub mod accounts;
pub mod authors;
pub mod card;
pub mod catalogue;
pub mod collections;
pub mod discussions;
mod dotgit;
pub mod fields;
pub mod gguf;
pub mod git;
pub mod ids;
pub mod info;
pub mod lfs;
pub mod licenses;
pub mod likes;
pub mod listing;
pub mod names;
mod open;
pub mod overview;
pub mod patterns;
pub mod providers;
mod recover;
pub mod repos;
pub mod rights;
pub mod tags;
#[cfg(test)]
pub mod testing;
pub mod webhooks;
pub mod whoami;

pub use open::Options;

#[derive(Debug)]
pub struct Hub {
    /// Own address as clients see it, such as `http://127.0.0.1:8787`: every absolute URL starts with it.
    pub origin: String,
    /// Address of the second origin, which large files are redirected to.
    pub cdn_origin: String,
    /// Folder that holds `git/{repo id}.git`, `lfs/{aa}/{sha256}` and `hub.sqlite`.
    pub data: PathBuf,
    db: Mutex<Connection>,
    /// Milliseconds that tests have moved the clock by.
    pub clock_offset: AtomicI64,
    /// What the gate keeps between requests: limits, faults, the log.
    pub door: Door,
    /// How the router answers.
    pub inference: Inference,
    /// Whether a reset fills the database again.
    seed: bool,
    /// The folder of a Hub in memory, which vanishes with it.
    _folder: Option<TempDir>,
}

impl Hub {
    /// One connection, one user at a time; never held across an `await`.
    pub fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// All rows of a query, each read by `read`.
    pub fn rows<T, List: FromIterator<T>>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<List, Refusal> {
        let db = self.db();
        let mut statement = db.prepare(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Milliseconds since 1970, by the adjustable clock.
    pub fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as i64);
        real + self.clock_offset.load(Ordering::Relaxed)
    }
}
