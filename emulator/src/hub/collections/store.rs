//! Collections and their items as rows of the database, and as responses show them.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::item_forms;
use crate::dates;
use crate::hub::accounts::{Caller, Target};
use crate::hub::error::Error;
use crate::hub::{Hub, accounts, authors};
use crate::json::parsed;

pub const SCHEMA: &str = "
create table if not exists collections (id text primary key, owner text not null collate nocase, title text not null,
    description text, private integer not null, theme text not null, gating text not null default 'false',
    position integer not null, upvotes integer not null default 0, last_updated integer not null);
create table if not exists collection_items (id text primary key, collection_id text not null, type text not null,
    item text not null, note text, gallery text, position integer not null, unique (collection_id, type, item));
";

pub const THEMES: [&str; 6] = ["orange", "blue", "green", "purple", "pink", "indigo"];

#[derive(Debug, Clone)]
pub struct Collection {
    pub id: String,
    /// Name of the user or organization.
    pub owner: String,
    pub title: String,
    pub description: Option<String>,
    pub private: bool,
    pub theme: String,
    pub gating: Value,
    /// Place among the owner's collections.
    pub position: i64,
    pub upvotes: i64,
    pub last_updated: i64,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub id: String,
    pub collection_id: String,
    /// `model`, `dataset`, `space`, `paper`, `collection` or `bucket`.
    pub kind: String,
    /// Id of the thing, such as `acme/tiny-bert`.
    pub item: String,
    pub note: Option<String>,
    pub gallery: Value,
    pub position: i64,
}

impl Collection {
    /// `alice/good-small-models-66b0f0c2d9b7a54e0c1b2a77`
    pub fn slug(&self) -> String {
        let plain = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        let words: String = self.title.chars().map(plain).collect();
        let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
        format!("{}/{}-{}", self.owner, words.join("-"), self.id)
    }

    /// What a list shows: at most `most` items, and no `position`, which some clients give themselves.
    pub fn in_list(&self, hub: &Hub, caller: &Caller, most: usize, details: bool) -> Result<Value, Error> {
        let owner = accounts::by_name(hub, &self.owner)?.map(|owner| authors::of(&owner));
        let mut shown = Vec::new();
        for item in items(hub, &self.id)? {
            if shown.len() == most {
                break;
            }
            shown.extend(item_forms::object(hub, caller, &item, details)?);
        }
        let mut object = json!({
            "slug": self.slug(),
            "title": self.title,
            "lastUpdated": dates::iso(self.last_updated),
            "gating": self.gating,
            "owner": owner,
            "theme": self.theme,
            "private": self.private,
            "upvotes": self.upvotes,
            "isUpvotedByUser": false,
            "items": shown,
        });
        if let (Some(text), Some(properties)) = (&self.description, object.as_object_mut()) {
            properties.insert("description".to_owned(), text.as_str().into());
        }
        Ok(object)
    }

    /// What a response about one collection shows.
    pub fn alone(&self, hub: &Hub, caller: &Caller) -> Result<Value, Error> {
        let mut object = self.in_list(hub, caller, usize::MAX, true)?;
        if let Some(properties) = object.as_object_mut() {
            properties.insert("position".to_owned(), self.position.into());
            properties.insert("shareUrl".to_owned(), format!("{}/collections/{}", hub.origin, self.slug()).into());
        }
        Ok(object)
    }
}

pub fn can_see(hub: &Hub, caller: &Caller, collection: &Collection) -> Result<bool, Error> {
    Ok(!collection.private || accounts::may(hub, caller, Target::Namespace(&collection.owner), "collection.read")?)
}

pub fn save(hub: &Hub, collection: &Collection) -> Result<(), Error> {
    hub.db().execute(
        "insert or replace into collections (id, owner, title, description, private, theme, gating, position, upvotes, last_updated)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            collection.id,
            collection.owner,
            collection.title,
            collection.description,
            collection.private,
            collection.theme,
            collection.gating.to_string(),
            collection.position,
            collection.upvotes,
            collection.last_updated
        ],
    )?;
    Ok(())
}

pub fn find(hub: &Hub, id: &str) -> Result<Option<Collection>, Error> {
    Ok(hub.db().query_row("select * from collections where id = ?", [id], collection_of_row).optional()?)
}

pub fn all(hub: &Hub) -> Result<Vec<Collection>, Error> {
    hub.rows("select * from collections order by id", [], collection_of_row)
}

pub fn remove(hub: &Hub, id: &str) -> Result<(), Error> {
    let db = hub.db();
    db.execute("delete from collection_items where collection_id = ?", [id])?;
    db.execute("delete from collections where id = ?", [id])?;
    Ok(())
}

/// Items in their order.
pub fn items(hub: &Hub, collection_id: &str) -> Result<Vec<Item>, Error> {
    hub.rows(
        "select * from collection_items where collection_id = ? order by position, id",
        [collection_id],
        item_of_row,
    )
}

pub fn save_item(hub: &Hub, item: &Item) -> Result<(), Error> {
    hub.db().execute(
        "insert into collection_items (id, collection_id, type, item, note, gallery, position) values (?, ?, ?, ?, ?, ?, ?)
         on conflict (id) do update set note = excluded.note, gallery = excluded.gallery, position = excluded.position",
        params![item.id, item.collection_id, item.kind, item.item, item.note, item.gallery.to_string(), item.position],
    )?;
    Ok(())
}

pub fn remove_item(hub: &Hub, item: &Item) -> Result<(), Error> {
    hub.db().execute("delete from collection_items where id = ?", [&item.id])?;
    Ok(())
}

fn collection_of_row(row: &Row<'_>) -> rusqlite::Result<Collection> {
    let gating: String = row.get("gating")?;
    Ok(Collection {
        id: row.get("id")?,
        owner: row.get("owner")?,
        title: row.get("title")?,
        description: row.get("description")?,
        private: row.get("private")?,
        theme: row.get("theme")?,
        gating: parsed(&gating),
        position: row.get("position")?,
        upvotes: row.get("upvotes")?,
        last_updated: row.get("last_updated")?,
    })
}

fn item_of_row(row: &Row<'_>) -> rusqlite::Result<Item> {
    let gallery: Option<String> = row.get("gallery")?;
    Ok(Item {
        id: row.get("id")?,
        collection_id: row.get("collection_id")?,
        kind: row.get("type")?,
        item: row.get("item")?,
        note: row.get("note")?,
        gallery: parsed(gallery.as_deref().unwrap_or("null")),
        position: row.get("position")?,
    })
}
