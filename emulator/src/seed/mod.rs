//! What a fresh Hub holds: the same people, repositories and conversations every time, down to their ids.

use crate::hub::Hub;
use crate::refusal::Refusal;

mod accounts;
pub mod names;

/// Fills an empty database; does nothing on one that was filled before.
pub fn fill(hub: &Hub) -> Result<(), Refusal> {
    let accounts: i64 = hub.db().query_row("select count(*) from accounts", [], |row| row.get(0))?;
    if accounts > 0 {
        return Ok(());
    }
    accounts::fill(hub)
}
