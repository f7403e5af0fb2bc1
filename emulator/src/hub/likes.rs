//! Who likes which repository.

use rusqlite::{Connection, params};

use super::Hub;
use crate::hub::error::Error;

pub const SCHEMA: &str = "
create table if not exists likes (repo_id text not null, user_id text not null, created_at integer not null,
    primary key (repo_id, user_id));
";

/// Records a like that the repository's count includes already.
pub fn note(db: &Connection, repo_id: &str, user_id: &str, time_ms: i64) -> Result<(), Error> {
    let sql = "insert or ignore into likes (repo_id, user_id, created_at) values (?, ?, ?)";
    db.execute(sql, params![repo_id, user_id, time_ms])?;
    Ok(())
}

/// Removes a like, if there is one.
pub fn remove(hub: &Hub, repo_id: &str, user_id: &str) -> Result<(), Error> {
    let mut db = hub.db();
    let change = db.transaction()?;
    let gone = change.execute("delete from likes where repo_id = ? and user_id = ?", [repo_id, user_id])?;
    if gone > 0 {
        change.execute("update repos set likes = max(0, likes - 1) where id = ?", [repo_id])?;
    }
    Ok(change.commit()?)
}
