//! About 1,200 models: families as released, and what others made of them.

use std::collections::HashSet;

use super::dice::Dice;
use super::draft::Draft;
use crate::hub::error::Error;
use crate::hub::repo::Repo;

mod base;
mod derived;
mod families;
mod providers;

/// Models that stand in lists; those with files of their own come on top.
const COUNT: usize = 1190;

pub fn rows() -> Result<Vec<Repo>, Error> {
    let released = base::drafts();
    let mut dice = Dice::new("which base");
    let mut taken: HashSet<String> = released.iter().map(Draft::full_name).collect();
    let mut made = Vec::new();
    let mut number = 0;
    while released.len() + made.len() < COUNT {
        number += 1;
        let Some(base) = dice.pick(&released) else { break };
        let draft = derived::draft(base, number);
        if draft.namespace != base.namespace && taken.insert(draft.full_name()) {
            made.push(draft);
        }
    }
    let mut dice = Dice::new("numbers of models");
    released.into_iter().chain(made).map(|draft| draft.finish(&mut dice)).collect()
}
