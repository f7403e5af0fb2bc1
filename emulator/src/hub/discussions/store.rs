//! Discussions and their events as rows of the database.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::ids;
use crate::hub::repo::Repo;
use crate::json::parsed;

pub const SCHEMA: &str = "
create table if not exists discussions (repo_id text not null, num integer not null, id text not null unique, title text not null,
    author_id text not null, created_at integer not null, status text not null, pull_request integer not null,
    pinned integer not null default 0, locked integer not null default 0, base text, merge_commit text,
    ref_deleted integer not null default 0, primary key (repo_id, num));
create table if not exists discussion_events (position integer primary key, id text not null unique, repo_id text not null,
    num integer not null, type text not null, author_id text not null, created_at integer not null, data text not null);
create index if not exists discussion_events_of on discussion_events (repo_id, num);
";

#[derive(Debug, Clone)]
pub struct Discussion {
    pub repo_id: String,
    pub num: i64,
    pub id: String,
    pub title: String,
    pub author_id: String,
    pub created_at: i64,
    pub status: Status,
    pub pull_request: bool,
    pub pinned: bool,
    pub locked: bool,
    /// Branch that a pull request is meant for, such as `refs/heads/main`.
    pub base: Option<String>,
    pub merge_commit: Option<String>,
    pub ref_deleted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Draft,
    Open,
    Closed,
    Merged,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    /// `comment`, `status-change`, `commit`, `title-change`, `pinning-change`, `ref-deleted`.
    pub kind: String,
    pub author_id: String,
    pub created_at: i64,
    /// Of a comment: `raw`, `updatedAt`, `history`, `hidden`, `hiddenBy`; of others what the API shows.
    pub data: Value,
}

/// A discussion to open.
pub struct Opening<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub status: Status,
    pub pull_request: bool,
    /// Account id.
    pub author: &'a str,
    pub created_at: i64,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Open => "open",
            Status::Closed => "closed",
            Status::Merged => "merged",
        }
    }

    fn parse(text: &str) -> Status {
        let all = [Status::Draft, Status::Open, Status::Closed];
        all.into_iter().find(|status| status.as_str() == text).unwrap_or(Status::Merged)
    }

    /// Whether it counts as open in lists.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Draft | Status::Open)
    }
}

impl Discussion {
    pub fn reference(&self) -> String {
        format!("refs/pr/{}", self.num)
    }
}

/// Takes the next number, and makes the description the first comment.
pub fn open(hub: &Hub, repo: &Repo, opening: Opening) -> Result<Discussion, Error> {
    let mut discussion = Discussion {
        repo_id: repo.id.clone(),
        num: 0,
        id: String::new(),
        title: opening.title.to_owned(),
        author_id: opening.author.to_owned(),
        created_at: opening.created_at,
        status: opening.status,
        pull_request: opening.pull_request,
        pinned: false,
        locked: false,
        base: opening.pull_request.then(|| "refs/heads/main".to_owned()),
        merge_commit: None,
        ref_deleted: false,
    };
    {
        let mut db = hub.db();
        let db = db.transaction()?;
        let next = "select coalesce(max(num), 0) + 1 from discussions where repo_id = ?";
        discussion.num = db.query_row(next, [&repo.id], |row| row.get(0))?;
        discussion.id = ids::derived(&format!("discussion {} {}", repo.id, discussion.num), opening.created_at);
        db.execute(
            "insert into discussions (repo_id, num, id, title, author_id, created_at, status, pull_request, base)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                discussion.repo_id,
                discussion.num,
                discussion.id,
                discussion.title,
                discussion.author_id,
                discussion.created_at,
                discussion.status.as_str(),
                discussion.pull_request,
                discussion.base
            ],
        )?;
        let comment = comment(opening.description, opening.created_at);
        insert(&db, &discussion, "comment", opening.author, opening.created_at, comment)?;
        db.commit()?;
    }
    Ok(discussion)
}

pub fn find(hub: &Hub, repo: &Repo, num: i64) -> Result<Option<Discussion>, Error> {
    let sql = "select * from discussions where repo_id = ? and num = ?";
    Ok(hub.db().query_row(sql, params![repo.id, num], discussion_of_row).optional()?)
}

/// All of a repository, newest first.
pub fn all(hub: &Hub, repo: &Repo) -> Result<Vec<Discussion>, Error> {
    hub.rows("select * from discussions where repo_id = ? order by num desc", [&repo.id], discussion_of_row)
}

/// Writes title, status, flags and merge commit back.
pub fn update(hub: &Hub, discussion: &Discussion) -> Result<(), Error> {
    hub.db().execute(
        "update discussions set title = ?, status = ?, pinned = ?, merge_commit = ?, ref_deleted = ? where repo_id = ? and num = ?",
        params![
            discussion.title,
            discussion.status.as_str(),
            discussion.pinned,
            discussion.merge_commit,
            discussion.ref_deleted,
            discussion.repo_id,
            discussion.num
        ],
    )?;
    Ok(())
}

pub fn remove(hub: &Hub, discussion: &Discussion) -> Result<(), Error> {
    let db = hub.db();
    let key = params![discussion.repo_id, discussion.num];
    db.execute("delete from discussion_events where repo_id = ? and num = ?", key)?;
    db.execute("delete from discussions where repo_id = ? and num = ?", key)?;
    Ok(())
}

pub fn add_comment(hub: &Hub, discussion: &Discussion, author: &str, raw: &str, at: i64) -> Result<Event, Error> {
    add(hub, discussion, "comment", author, at, comment(raw, at))
}

fn comment(raw: &str, at: i64) -> Value {
    json!({ "raw": raw, "updatedAt": at, "hidden": false, "history": [] })
}

pub fn add_commit(
    hub: &Hub,
    discussion: &Discussion,
    author: &str,
    subject: &str,
    oid: &str,
    at: i64,
) -> Result<(), Error> {
    add(hub, discussion, "commit", author, at, json!({ "subject": subject, "oid": oid })).map(|_| ())
}

pub fn add(hub: &Hub, discussion: &Discussion, kind: &str, author: &str, at: i64, data: Value) -> Result<Event, Error> {
    insert(&hub.db(), discussion, kind, author, at, data)
}

fn insert(
    db: &Connection,
    discussion: &Discussion,
    kind: &str,
    author: &str,
    at: i64,
    data: Value,
) -> Result<Event, Error> {
    let count: i64 = db.query_row(
        "select count(*) from discussion_events where repo_id = ? and num = ?",
        params![discussion.repo_id, discussion.num],
        |row| row.get(0),
    )?;
    let event = Event {
        id: ids::derived(&format!("event {} {count}", discussion.id), at),
        kind: kind.to_owned(),
        author_id: author.to_owned(),
        created_at: at,
        data,
    };
    db.execute(
        "insert into discussion_events (id, repo_id, num, type, author_id, created_at, data) values (?, ?, ?, ?, ?, ?, ?)",
        params![event.id, discussion.repo_id, discussion.num, event.kind, event.author_id, at, event.data.to_string()],
    )?;
    Ok(event)
}

/// Events in the order of their making.
pub fn events(hub: &Hub, discussion: &Discussion) -> Result<Vec<Event>, Error> {
    hub.rows(
        "select * from discussion_events where repo_id = ? and num = ? order by position",
        params![discussion.repo_id, discussion.num],
        event_of_row,
    )
}

pub fn update_event(hub: &Hub, event: &Event) -> Result<(), Error> {
    let sql = "update discussion_events set data = ? where id = ?";
    hub.db().execute(sql, params![event.data.to_string(), event.id])?;
    Ok(())
}

/// Number of comments of each discussion, by its number.
pub fn comment_counts(hub: &Hub, repo: &Repo) -> Result<std::collections::HashMap<i64, i64>, Error> {
    let sql = "select num, count(*) from discussion_events where repo_id = ? and type = 'comment' group by num";
    hub.rows(sql, [&repo.id], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn discussion_of_row(row: &Row<'_>) -> rusqlite::Result<Discussion> {
    let status: String = row.get("status")?;
    Ok(Discussion {
        repo_id: row.get("repo_id")?,
        num: row.get("num")?,
        id: row.get("id")?,
        title: row.get("title")?,
        author_id: row.get("author_id")?,
        created_at: row.get("created_at")?,
        status: Status::parse(&status),
        pull_request: row.get("pull_request")?,
        pinned: row.get("pinned")?,
        locked: row.get("locked")?,
        base: row.get("base")?,
        merge_commit: row.get("merge_commit")?,
        ref_deleted: row.get("ref_deleted")?,
    })
}

fn event_of_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    let data: String = row.get("data")?;
    Ok(Event {
        id: row.get("id")?,
        kind: row.get("type")?,
        author_id: row.get("author_id")?,
        created_at: row.get("created_at")?,
        data: parsed(&data),
    })
}
