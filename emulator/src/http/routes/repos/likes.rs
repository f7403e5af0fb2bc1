//! Who likes which repository.
//!
//! The Hub lets nobody like something with a token, only take a like back; the likes that there are come with the seed.

use hf_wasm::endpoints::{Endpoint, Group, Method};
use serde_json::{Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::links;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, Account, AccountKind};
use crate::hub::{authors, likes, repo};

/// Whoever may take part in a repository's discussions may like it.
const LIKE: Endpoint = Endpoint {
    name: "like",
    method: Method::Post,
    path: "/api/{repo}/like",
    group: Group::Repos,
    permission: Some("discussion.write"),
    ..Endpoint::WRITE
};
const UNLIKE: Endpoint = Endpoint { name: "unlike", method: Method::Delete, ..LIKE };
const LIKERS: Endpoint =
    Endpoint { name: "listLikers", path: "/api/{repo}/likers", group: Group::Repos, ..Endpoint::READ };
const LIKED: Endpoint =
    Endpoint { name: "listLikes", path: "/api/users/{user}/likes", group: Group::Repos, ..Endpoint::READ };

/// Most entries of a page.
const LONGEST_PAGE: usize = 1000;

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &LIKE, handler: handler!(like) },
        Route { endpoint: &UNLIKE, handler: handler!(unlike) },
        Route { endpoint: &LIKERS, handler: handler!(likers) },
        Route { endpoint: &LIKED, handler: handler!(liked) },
    ]
}

async fn like(_: Call) -> response::Result {
    Err(ApiError::forbidden("Liking a repository needs a browser session: access tokens cannot be used for it."))
}

/// A like that is not there is no error.
async fn unlike(call: Call) -> response::Result {
    likes::remove(&call.hub, &call.repo()?.id, &call.caller.require()?.id)?;
    Ok(ApiResponse::text("OK"))
}

async fn likers(call: Call) -> response::Result {
    let repo = call.repo()?;
    let ids = column(&call, "select user_id, created_at from likes where repo_id = ? order by 2, 1", &repo.id)?;
    let accounts = ids.iter().filter_map(|(id, _)| accounts::by_id(&call.hub, id).transpose());
    let users = accounts.map(|account| account.map(|account| of(&account))).collect::<Result<Vec<_>, _>>()?;
    page(&call, &format!("{}/likers", repo.api_url(&call.hub)), &users)
}

/// What the caller may not see is left out.
async fn liked(call: Call) -> response::Result {
    let name = call.path_value("user").unwrap_or_default();
    let account = accounts::by_name(&call.hub, name)?.filter(|account| account.kind == AccountKind::User);
    let account = account.ok_or_else(|| ApiError::not_found("This user does not exist"))?;
    let rows =
        column(&call, "select repo_id, created_at from likes where user_id = ? order by 2 desc, 1", &account.id)?;
    let mut shown = Vec::new();
    for (id, created_at) in rows {
        let Some(repo) = repo::by_id(&call.hub, &id)? else { continue };
        if accounts::can_see(&call.hub, &call.caller, &repo)? {
            let about = json!({ "name": repo.full_name(), "type": repo.kind.as_str() });
            shown.push(json!({ "createdAt": dates::iso(created_at), "repo": about }));
        }
    }
    page(&call, &format!("{}/api/users/{}/likes", call.hub.origin, account.name), &shown)
}

fn column(call: &Call, sql: &str, id: &str) -> Result<Vec<(String, i64)>, ApiError> {
    Ok(call.hub.rows(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn of(account: &Account) -> Value {
    let mut user = authors::of(account);
    if let Some(user) = user.as_object_mut() {
        user.shift_remove("name");
        user.insert("user".to_owned(), account.name.as_str().into());
    }
    user
}

fn page(call: &Call, url: &str, items: &[Value]) -> response::Result {
    let limit = call.whole("limit", LONGEST_PAGE, 1, LONGEST_PAGE)?;
    let start = call.whole("cursor", 0, 0, usize::MAX)?;
    let response = ApiResponse::json(&items.iter().skip(start).take(limit).cloned().collect::<Value>());
    match start.checked_add(limit).filter(|end| *end < items.len()) {
        Some(end) => {
            let query = links::turned(&call.query, "cursor", end.to_string());
            Ok(response.header("link", links::next(url, &query)))
        }
        None => Ok(response),
    }
}
