//! What a fresh Hub holds: the same people, repositories and conversations every time, down to their ids.

use std::sync::OnceLock;

use crate::hub::error::Error;
use crate::hub::repo::Repo;
use crate::hub::{Hub, repos};

mod accounts;
mod conversations;
mod datasets;
mod dice;
mod draft;
mod files;
mod models;
pub mod names;
mod personal;
mod spaces;
mod words;

/// Fills an empty database.
pub fn fill(hub: &Hub) -> Result<(), Error> {
    accounts::fill(hub)?;
    listings(hub)?;
    files::fill(hub)?;
    personal::fill(hub)
}

/// Repositories that stand in lists; their files are made when somebody first reads them.
fn listings(hub: &Hub) -> Result<(), Error> {
    let rows = rows()?;
    let mut db = hub.db();
    let transaction = db.transaction()?;
    for repo in rows {
        repos::insert(&transaction, repo)?;
    }
    Ok(transaction.commit()?)
}

/// The rows of `listings`. They are the same every time, and take half of a start: they are made once a process.
fn rows() -> Result<&'static [Repo], Error> {
    static ROWS: OnceLock<Vec<Repo>> = OnceLock::new();
    if let Some(rows) = ROWS.get() {
        return Ok(rows);
    }
    let models = models::rows()?;
    let datasets = datasets::rows()?;
    let spaces = spaces::rows(&models, &datasets)?;
    Ok(ROWS.get_or_init(|| [models, datasets, spaces].into_iter().flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::testing;
    use std::collections::HashMap;

    #[test]
    fn the_seed_is_the_same_every_time() {
        let hubs = [testing::hub(), testing::hub()];
        let dump = |hub: &Hub| -> Vec<(String, String, String, i64)> {
            let db = hub.db();
            let mut rows = db.prepare("select id, sha, meta, likes from repos order by id").unwrap();
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        for hub in &hubs {
            fill(hub).unwrap();
        }
        assert_eq!(dump(&hubs[0]), dump(&hubs[1]));
    }

    #[test]
    fn lists_have_about_the_promised_length() {
        let hub = testing::hub();
        fill(&hub).unwrap();
        let db = hub.db();
        let mut query = db.prepare("select type, count(*) from repos group by type").unwrap();
        let counts: HashMap<String, i64> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap();
        assert!((1190..1230).contains(&counts["model"]), "{counts:?}");
        assert!((295..310).contains(&counts["dataset"]), "{counts:?}");
        assert!((98..110).contains(&counts["space"]), "{counts:?}");
    }
}
