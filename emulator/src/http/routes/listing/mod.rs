//! Lists of models, datasets and Spaces: filter, order, page.

use serde_json::Value;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::fields::{self, Relations, View};
use crate::http::response;
use crate::hub::accounts;
use crate::hub::repos::{self, Repo, RepoKind};

mod filter;
mod order;
pub mod page;

use filter::Filter;
use order::Order;
use page::Page;

/// Items a page when `limit` is absent, and at most.
const MAX_PAGE_SIZE: usize = 1000;

pub fn list(call: &Call, kind: RepoKind) -> response::Result {
    let fields = fields::expanded(call)?.unwrap_or_else(|| fields::list(kind, call));
    let page = select(call, kind)?;
    let relations = Relations::read(&call.hub, &fields)?;
    let view = View { hub: &call.hub, fields, in_list: true, sha: None, blobs: false, relations };
    let items = page.items.iter().map(|repo| view.object(repo)).collect::<Result<Vec<Value>, ApiError>>()?;
    Ok(page::response(call, Page { items, next: page.next }))
}

fn select(call: &Call, kind: RepoKind) -> Result<Page<Repo>, ApiError> {
    let filter = Filter::parse(call)?;
    let order = Order::parse(call.query_value("sort"), call.query_value("direction"));
    let cursor = page::cursor(call)?;
    let limit = page::limit(call, MAX_PAGE_SIZE, MAX_PAGE_SIZE)?;
    let mut repos = Vec::new();
    for repo in candidates(call, kind)? {
        if filter.keeps(&repo)
            && cursor.as_ref().is_none_or(|position| order.is_after(&repo, position))
            && accounts::can_see(&call.hub, &call.caller, &repo)?
        {
            repos.push(repo);
        }
    }
    order.sort(&mut repos);
    let more = repos.len() > limit;
    repos.truncate(limit);
    let next = repos.last().filter(|_| more).map(|last| order.position(last));
    Ok(Page { items: repos, next })
}

/// All of a type, or of an author.
fn candidates(call: &Call, kind: RepoKind) -> Result<Vec<Repo>, ApiError> {
    let query = format!("select {} from repos where type = ?1 and (?2 is null or namespace = ?2)", repos::COLUMNS);
    Ok(call.hub.rows(&query, (kind.as_str(), call.query_value("author")), repos::read)?)
}
