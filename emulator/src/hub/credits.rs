//! Who pays for an inference, how much of the month's credits is left, and what each session has cost.

use rusqlite::{OptionalExtension, params};

use crate::dates;
use crate::hub::Hub;
use crate::hub::accounts::{self, AccountKind, Caller};
use crate::hub::error::{Error, ErrorKind};

pub const SCHEMA: &str = "
create table if not exists spending (account_id text not null, month text not null, nano_dollars integer not null,
    primary key (account_id, month));
create table if not exists inferences (account_id text not null, session_id text not null, at text not null,
    nano_dollars integer not null);
create index if not exists inferences_of_account on inferences (account_id, at);
";

/// A billionth of a US dollar is the unit of account.
const NANO: f64 = 1e9;

/// What a session has cost in a month, such as `2026-01`.
#[derive(Debug)]
pub struct Session {
    pub month: String,
    pub id: String,
    pub requests: i64,
    pub nano_dollars: i64,
}

#[derive(Debug)]
pub struct Payer {
    id: String,
    pub name: String,
}

/// The organization that is to be billed, else the caller. Refuses when the credits are used up.
pub fn payer(hub: &Hub, caller: &Caller, bill_to: Option<&str>) -> Result<Payer, Error> {
    let user = caller.require()?;
    let (payer, credits) = match bill_to {
        None => (Payer { id: user.id.clone(), name: user.name.clone() }, if user.is_pro { 2.0 } else { 0.1 }),
        Some(name) => {
            let account = accounts::by_name(hub, name)?.filter(|account| account.kind == AccountKind::Org);
            let role = accounts::role_in(hub, name, user)?;
            match (account, role) {
                (Some(account), Some(_)) => (Payer { id: account.id, name: account.name }, 2.0),
                _ => {
                    let text = format!("You are not allowed to bill requests to {name}: you are no member of it.");
                    return Err(Error::forbidden(text));
                }
            }
        }
    };
    if payer.spent(hub)? as f64 >= credits * NANO {
        return Err(Error::new(
            ErrorKind::OutOfCredits,
            "You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference \
             Providers. Alternatively, subscribe to PRO to get 20x more included usage.",
        ));
    }
    Ok(payer)
}

impl Payer {
    /// Books US dollars, and the request under its session if it has one.
    pub fn charge(&self, hub: &Hub, dollars: f64, session: Option<&str>) -> Result<(), Error> {
        let nano_dollars = (dollars * NANO).round() as i64;
        if let Some(session) = session {
            let sql = "insert into inferences (account_id, session_id, at, nano_dollars) values (?1, ?2, ?3, ?4)";
            hub.db().execute(sql, params![self.id, session, dates::iso(hub.now()), nano_dollars])?;
        }
        hub.db().execute(
            "insert into spending (account_id, month, nano_dollars) values (?1, ?2, ?3)
             on conflict do update set nano_dollars = nano_dollars + excluded.nano_dollars",
            params![self.id, month(hub), nano_dollars],
        )?;
        Ok(())
    }

    fn spent(&self, hub: &Hub) -> Result<i64, Error> {
        let sql = "select nano_dollars from spending where account_id = ?1 and month = ?2";
        let spent = hub.db().query_row(sql, params![self.id, month(hub)], |row| row.get(0)).optional()?;
        Ok(spent.unwrap_or_default())
    }
}

/// What an account has paid for from `start` until `end`, by month and session. Requests without a session are not known.
pub fn sessions(hub: &Hub, account_id: &str, start: &str, end: &str) -> Result<Vec<Session>, Error> {
    let sql = "select substr(at, 1, 7) as month, session_id, count(*), sum(nano_dollars) from inferences
               where account_id = ?1 and at >= ?2 and at <= ?3 group by month, session_id order by month, min(at)";
    hub.rows(sql, params![account_id, start, end], |row| {
        Ok(Session { month: row.get(0)?, id: row.get(1)?, requests: row.get(2)?, nano_dollars: row.get(3)? })
    })
}

fn month(hub: &Hub) -> String {
    dates::iso(hub.now()).chars().take(7).collect()
}
