//! The nine orders of a list, and where a page goes on.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::dates;
use crate::hub::repos::Repo;

/// Largest or newest first, unless `ascending`; ids decide between equals.
#[derive(Debug, Clone)]
pub struct Order {
    pub by: &'static str,
    pub ascending: bool,
}

const ORDERS: [&str; 10] = [
    "createdAt", "downloads", "likes", "lastModified", "likes30d", "trendingScore", "num_parameters", "mainSize", "id",
    "datasetsServerInfo.numRows",
];

impl Order {
    /// The Hub ignores an order that it does not know.
    pub fn parse(sort: Option<&str>, direction: Option<&str>) -> Order {
        let by = ORDERS.into_iter().find(|order| Some(*order) == sort).unwrap_or("trendingScore");
        Order { by, ascending: direction == Some("1") }
    }

    pub fn sort(&self, repos: &mut [Repo]) {
        repos.sort_by_cached_key(|repo| Place::of(self, repo));
    }

    /// What a cursor says: the key of the last item, and its id.
    pub fn position(&self, repo: &Repo) -> Value {
        json!({ self.by: self.key(repo), "_id": repo.id })
    }

    /// Whether a repository comes after the position of a cursor.
    pub fn is_after(&self, repo: &Repo, position: &Value) -> bool {
        let last = Place { key: position[self.by].clone(), id: id(position), ascending: self.ascending };
        Place::of(self, repo) > last
    }

    fn key(&self, repo: &Repo) -> Value {
        match self.by {
            "createdAt" => dates::iso(repo.created_at).into(),
            "lastModified" => dates::iso(repo.last_modified).into(),
            "downloads" => repo.downloads.into(),
            "likes" => repo.likes.into(),
            "likes30d" => repo.meta("likes30d").clone(),
            "num_parameters" => repo.num_parameters().into(),
            "mainSize" => repo.meta("mainSize").clone(),
            "datasetsServerInfo.numRows" => repo.meta("numRows").clone(),
            "id" => repo.full_name().into(),
            _ => repo.trending.into(),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Place {
    key: Value,
    id: String,
    ascending: bool,
}

impl Place {
    fn of(order: &Order, repo: &Repo) -> Place {
        Place { key: order.key(repo), id: repo.id.clone(), ascending: order.ascending }
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = compare(&self.key, &other.key);
        let keys = if self.ascending { keys } else { keys.reverse() };
        keys.then_with(|| self.id.cmp(&other.id))
    }
}

/// An absent key counts as the smallest.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one.as_f64().unwrap_or_default().total_cmp(&other.as_f64().unwrap_or_default())
        }
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

fn id(position: &Value) -> String {
    position["_id"].as_str().unwrap_or_default().to_owned()
}
