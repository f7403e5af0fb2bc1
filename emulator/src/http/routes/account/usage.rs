//! What inference has cost an account, by month and session.

use hf_wasm::endpoints::account as rows;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, AccountKind, Target};
use crate::hub::credits;

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::USAGE, handler: handler!(own) },
        Route { endpoint: &rows::ORGANIZATION_USAGE, handler: handler!(of_organization) },
    ]
}

async fn own(call: Call) -> response::Result {
    usage(&call, &call.caller.require()?.id)
}

async fn of_organization(call: Call) -> response::Result {
    let name = call.path_value("name").unwrap_or_default();
    let found = accounts::by_name(&call.hub, name)?.filter(|account| account.kind == AccountKind::Org);
    let organization = found.ok_or_else(|| ApiError::not_found("This organization does not exist"))?;
    if !accounts::may(&call.hub, &call.caller, Target::Namespace(name), "org.billing.read")? {
        return Err(ApiError::forbidden(format!("You do not have the permission org.billing.read on {name}.")));
    }
    usage(&call, &organization.id)
}

fn usage(call: &Call, account_id: &str) -> response::Result {
    let now = call.hub.now();
    let month = format!("{}-01T00:00:00.000Z", dates::iso(now).get(..7).unwrap_or_default());
    let start = date(call, "startDate")?.unwrap_or(month);
    let end = date(call, "endDate")?.unwrap_or_else(|| dates::iso(now));
    let mut periods: Vec<(String, Vec<Value>)> = Vec::new();
    for session in credits::sessions(&call.hub, account_id, &start, &end)? {
        let value = json!({
            "id": session.id,
            "requestCount": session.requests,
            "costCents": session.nano_dollars as f64 / 1e7,
        });
        match periods.last_mut() {
            Some((month, sessions)) if *month == session.month => sessions.push(value),
            _ => periods.push((session.month, vec![value])),
        }
    }
    let period = |(month, sessions)| json!({ "period": format!("{month}-01T00:00:00.000Z"), "sessions": sessions });
    let periods: Value = periods.into_iter().map(period).collect();
    Ok(ApiResponse::json(&json!({ "currency": "USD", "periods": periods })))
}

/// A date of the query, as dates are stored.
fn date(call: &Call, name: &str) -> Result<Option<String>, ApiError> {
    let Some(text) = call.query_value(name) else { return Ok(None) };
    let date = OffsetDateTime::parse(text, &Rfc3339).ok().filter(|date| date.offset() == UtcOffset::UTC);
    let date = date.ok_or_else(|| ApiError::bad_request(format!("Invalid ISO datetime at {name}")))?;
    Ok(Some(dates::iso((date.unix_timestamp_nanos() / 1_000_000) as i64)))
}
