//! Opening a Hub: its folder, its tables, its first content. Opening the same folder again changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};

use rusqlite::Connection;

use super::{Hub, accounts, collections, credits, discussions, lfs, likes, oauth, recover, repo, webhooks};
use crate::hub::error::Error;
use crate::hub::webhooks::delivery::Delivery;

/// The database's `user_version` while a Hub is being filled, and from then on.
const UNFINISHED: i64 = 1;
const FILLED: i64 = 2;

/// The database in a folder, which is made where it is absent.
fn database(folder: &Path) -> Result<Connection, Error> {
    fs::create_dir_all(folder)?;
    let db = Connection::open(folder.join("hub.sqlite"))?;
    db.execute_batch("pragma journal_mode = wal; pragma synchronous = normal;")?;
    Ok(db)
}

/// Every module's tables.
const SCHEMAS: [&str; 9] = [
    accounts::SCHEMA,
    repo::SCHEMA,
    lfs::SCHEMA,
    likes::SCHEMA,
    discussions::store::SCHEMA,
    collections::store::SCHEMA,
    webhooks::store::SCHEMA,
    credits::SCHEMA,
    oauth::SCHEMA,
];

/// Puts the first content into an empty Hub.
pub type Fill = fn(&Hub) -> Result<(), Error>;

#[derive(Debug, Clone)]
pub struct Options {
    pub origin: String,
    pub cdn_origin: String,
    /// `None` keeps everything in memory and in a folder that vanishes.
    pub data: Option<PathBuf>,
    /// Bytes of the parts in which large files are uploaded.
    pub part_size: u64,
    /// What fills an empty Hub; without it, an empty Hub stays empty.
    pub fill: Option<Fill>,
}

impl Default for Options {
    /// An empty Hub in memory.
    fn default() -> Self {
        Options {
            origin: "http://127.0.0.1:8787".to_owned(),
            cdn_origin: "http://127.0.0.1:8788".to_owned(),
            data: None,
            part_size: 8 << 20,
            fill: None,
        }
    }
}

impl Hub {
    /// Opens a Hub; the other end of the channel receives its webhook deliveries.
    pub fn open(options: Options) -> Result<(Hub, Receiver<Delivery>), Error> {
        let (data, folder, db) = match options.data {
            Some(data) => {
                let db = database(&data)
                    .map_err(|error| Error::internal(format!("{}: {}", data.display(), error.message)))?;
                (data, None, db)
            }
            None => {
                let folder = tempfile::tempdir()?;
                (folder.path().to_owned(), Some(folder), Connection::open_in_memory()?)
            }
        };
        let (deliveries, receiver) = channel();
        let hub = Hub {
            origin: options.origin,
            cdn_origin: options.cdn_origin,
            data,
            part_size: options.part_size,
            db: Mutex::new(db),
            clock_offset: AtomicI64::new(0),
            deliveries,
            fill: options.fill,
            _folder: folder,
        };
        match hub.state()? {
            FILLED => {
                create_tables(&hub.db())?;
                hub.make_folders()?;
                recover::recover(&hub)?;
            }
            _ => hub.renew()?,
        }
        Ok((hub, receiver))
    }

    /// Makes everything as it was when the folder was new, the clock included.
    pub fn reset(&self) -> Result<(), Error> {
        self.clock_offset.store(0, Ordering::Relaxed);
        self.renew()
    }

    /// Drops all there is and fills the Hub. A fill that is interrupted starts over.
    fn renew(&self) -> Result<(), Error> {
        self.db().pragma_update(None, "user_version", UNFINISHED)?;
        {
            let db = self.db();
            drop_tables(&db)?;
            create_tables(&db)?;
        }
        for name in ["git", "lfs"] {
            remove_folder(&self.data.join(name))?;
        }
        self.make_folders()?;
        if let Some(fill) = self.fill {
            fill(self)?;
        }
        Ok(self.db().pragma_update(None, "user_version", FILLED)?)
    }

    fn make_folders(&self) -> Result<(), Error> {
        ["git", "lfs"].iter().try_for_each(|name| Ok(fs::create_dir_all(self.data.join(name))?))
    }

    /// How far the Hub in this folder came. A folder older than this record counts as filled if its
    /// last step was done.
    fn state(&self) -> Result<i64, Error> {
        let db = self.db();
        let state = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 =
            db.query_row("select count(*) from sqlite_master where name = 'repos'", [], |row| row.get(0))?;
        if state != 0 || tables == 0 {
            return Ok(state);
        }
        let repos: i64 = db.query_row("select count(*) from repos", [], |row| row.get(0))?;
        Ok(if repos > 0 { FILLED } else { UNFINISHED })
    }
}

fn create_tables(db: &Connection) -> Result<(), Error> {
    for schema in SCHEMAS {
        db.execute_batch(schema)?;
    }
    Ok(())
}

fn drop_tables(db: &Connection) -> Result<(), Error> {
    let sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
    let names: Vec<String> = db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for name in names {
        db.execute_batch(&format!("drop table \"{name}\""))?;
    }
    Ok(())
}

fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
