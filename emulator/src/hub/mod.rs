//! The domain: real git repositories and large files on disk, everything else in SQLite. It knows no HTTP.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::hub::error::Error;
use crate::hub::webhooks::delivery::Delivery;

pub mod accounts;
pub mod authors;
pub mod card;
pub mod collections;
pub mod credits;
pub mod discussions;
mod dotgit;
pub mod error;
pub mod gguf;
pub mod git;
pub mod ids;
pub mod lfs;
pub mod licenses;
pub mod likes;
pub mod names;
pub mod oauth;
pub mod open;
pub mod patterns;
pub mod providers;
mod recover;
pub mod repo;
pub mod repos;
pub mod rights;
pub mod space;
pub mod tags;
#[cfg(test)]
pub mod testing;
pub mod webhooks;

#[derive(Debug)]
pub struct Hub {
    /// Own address as clients see it, such as `http://127.0.0.1:8787`: every absolute URL starts with it.
    pub origin: String,
    /// Address of the second origin, which large files are redirected to.
    pub cdn_origin: String,
    /// Folder that holds `git/{repo id}.git`, `lfs/{aa}/{sha256}` and `hub.sqlite`.
    pub data: PathBuf,
    /// Large files above this are uploaded in parts of this size, by clients that can.
    pub part_size: u64,
    db: Mutex<Connection>,
    /// Milliseconds that tests have moved the clock by.
    pub clock_offset: AtomicI64,
    /// Where webhook deliveries leave the Hub.
    deliveries: Sender<Delivery>,
    /// What fills an empty Hub.
    fill: Option<open::Fill>,
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
    ) -> Result<List, Error> {
        let db = self.db();
        let mut statement = db.prepare(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands a delivery to whoever sends it.
    pub fn deliver(&self, delivery: Delivery) {
        // Nobody sends where nobody listens; the delivery is kept and sent after the next start.
        let _ = self.deliveries.send(delivery);
    }

    /// Milliseconds since 1970, by the adjustable clock.
    pub fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as i64);
        real + self.clock_offset.load(Ordering::Relaxed)
    }
}
