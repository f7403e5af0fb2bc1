//! A row in the making: what a list shows of a repository that nobody has opened yet.

use serde_json::{Value, json};
use time::macros::datetime;

use super::accounts::millis;
use super::dice::Dice;
use super::names;
use crate::hub::error::Error;
use crate::hub::git;
use crate::hub::repo::{Repo, RepoKind};

const DAY: i64 = 24 * 60 * 60 * 1000;

pub struct Draft {
    pub kind: RepoKind,
    pub namespace: String,
    pub name: String,
    pub gated: Option<&'static str>,
    pub created_at: i64,
    /// 0 for what nobody knows, 1 for what everybody uses.
    pub fame: f64,
    pub meta: Value,
}

impl Draft {
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Draws the numbers that follow from fame and age, and computes the commit id.
    pub fn finish(mut self, dice: &mut Dice) -> Result<Repo, Error> {
        let age = (last_day() - self.created_at) / DAY;
        let downloads = dice.spread(1.0, 40.0) * 10f64.powf(self.fame * 6.0) as i64;
        let likes = (downloads as f64).powf(0.55) as i64 / dice.spread(2.0, 9.0).max(1);
        let recent = likes * dice.below(30) as i64 / (age + 30);
        set(&mut self.meta, "likes30d", recent);
        let mut repo = Repo {
            id: names::id(&format!("{} {}", self.kind.as_str(), self.full_name()), self.created_at),
            kind: self.kind,
            namespace: self.namespace,
            name: self.name,
            visibility: "public".to_owned(),
            gated: self.gated.map(str::to_owned),
            disabled: false,
            created_at: self.created_at,
            last_modified: self.created_at + age * DAY * dice.below(90) as i64 / 100 + dice.below(DAY as usize) as i64,
            downloads: if self.kind == RepoKind::Space { 0 } else { downloads },
            downloads_all_time: downloads * (2 + age / 60),
            likes,
            trending: recent as f64 + dice.below(10) as f64 / 10.0,
            meta: self.meta,
            settings: json!({}),
            sha: String::new(),
        };
        repo.sha = git::listing_sha(&repo)?;
        Ok(repo)
    }
}

/// A moment of a year, or of the years up to the last day.
pub fn moment(dice: &mut Dice, from_year: i32) -> i64 {
    let start = millis(datetime!(2022-01-10 08:00 UTC)) + i64::from(from_year - 2022) * 365 * DAY;
    let days = ((last_day() - start) / DAY).max(1);
    start + dice.below(days as usize) as i64 * DAY + dice.below(DAY as usize) as i64
}

/// A moment within a year of the start of that year.
pub fn moment_in(dice: &mut Dice, year: i32) -> i64 {
    let start = millis(datetime!(2022-01-10 08:00 UTC)) + i64::from(year - 2022) * 365 * DAY;
    start + dice.below(300) as i64 * DAY + dice.below(DAY as usize) as i64
}

/// Nothing of the seed is newer.
fn last_day() -> i64 {
    millis(datetime!(2026-10-31 00:00 UTC))
}

/// Sets the property at a path such as `license` or `cardData.license`.
pub fn set(object: &mut Value, path: &str, value: impl Into<Value>) {
    if let Some((parent, key)) = path.split_once('.') {
        if let Some(parent) = object.get_mut(parent) {
            set(parent, key, value);
        }
    } else if let Some(properties) = object.as_object_mut() {
        properties.insert(path.to_owned(), value.into());
    }
}
