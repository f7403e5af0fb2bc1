//! A person or organization as it stands beside what it made: in discussions, collections, events.

use serde_json::{Map, Value};

use crate::hub::Hub;
use crate::hub::accounts::{self, Account, AccountKind};
use crate::hub::error::Error;
use crate::json;

/// The author object of an account id; `None` for an account that is gone, which responses leave out.
pub fn object(hub: &Hub, account_id: &str) -> Result<Option<Value>, Error> {
    Ok(accounts::by_id(hub, account_id)?.map(|account| of(&account)))
}

pub fn of(account: &Account) -> Value {
    let mut object = Map::new();
    object.insert("_id".to_owned(), account.id.as_str().into());
    object.insert("avatarUrl".to_owned(), json::at(&account.meta, "avatarUrl").clone());
    object.insert("fullname".to_owned(), account.fullname.as_str().into());
    object.insert("name".to_owned(), account.name.as_str().into());
    object.insert("type".to_owned(), account.kind.as_str().into());
    match account.kind {
        AccountKind::User => object.insert("isPro".to_owned(), account.is_pro.into()),
        AccountKind::Org => account.meta.get("plan").and_then(|plan| object.insert("plan".to_owned(), plan.clone())),
    };
    for flag in ["isHf", "isHfAdmin", "isMod"] {
        object.insert(flag.to_owned(), false.into());
    }
    Value::Object(object)
}
