//! About 100 Spaces, each using models or datasets of the lists.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::dice::Dice;
use super::draft::{Draft, moment};
use super::{accounts, words};
use crate::hub::error::Error;
use crate::hub::repo::{Repo, RepoKind};

const COUNT: usize = 98;

const NOUNS: [&str; 12] = [
    "chat", "playground", "leaderboard", "image-studio", "transcriber", "translator", "semantic-search", "explorer",
    "arena", "captioner", "voice-lab", "summarizer",
];
const EMOJI: [&str; 12] = ["🚀", "🎨", "🔊", "🤖", "📚", "🧠", "🌍", "🔥", "🦙", "🐢", "🏆", "✨"];
const COLORS: [&str; 8] = ["red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"];

pub fn rows(models: &[Repo], datasets: &[Repo]) -> Result<Vec<Repo>, Error> {
    let mut dice = Dice::new("spaces");
    let mut taken = HashSet::new();
    let mut repos = Vec::new();
    while repos.len() < COUNT {
        let draft = draft(&mut dice, models, datasets);
        if taken.insert(draft.full_name()) {
            repos.push(draft.finish(&mut dice)?);
        }
    }
    Ok(repos)
}

fn draft(dice: &mut Dice, models: &[Repo], datasets: &[Repo]) -> Draft {
    let name = format!("{}-{}", dice.word(&words::TOPICS), dice.word(&NOUNS));
    let sdk = dice.word(&["gradio", "gradio", "gradio", "docker", "static"]);
    let mut card = json!({
        "title": name.replace('-', " "),
        "emoji": dice.word(&EMOJI),
        "colorFrom": dice.word(&COLORS),
        "colorTo": dice.word(&COLORS),
        "sdk": sdk,
        "pinned": false,
        "license": dice.word(&words::LICENSES),
        "short_description": format!("Try {} in your browser", name.replace('-', " ")),
    });
    if let (Some(card), "gradio") = (card.as_object_mut(), sdk) {
        card.insert("sdk_version".to_owned(), "5.49.1".into());
        card.insert("app_file".to_owned(), "app.py".into());
    }
    let meta = json!({
        "sdk": sdk,
        "tags": if dice.chance(15) { json!(["mcp-server"]) } else { json!([]) },
        "cardData": card,
        "models": some(dice, models, 3),
        "datasets": some(dice, datasets, 2),
        "runtime": runtime(dice, sdk),
        "usedStorage": 4_000 + dice.below(3_000_000),
    });
    let owner = dice.word(&accounts::owners());
    let fame = dice.fraction().powi(2) * 0.9;
    Draft {
        kind: RepoKind::Space,
        namespace: owner.to_owned(),
        name,
        gated: None,
        created_at: moment(dice, 2023),
        fame,
        meta,
    }
}

/// Ids of up to `most` repositories, the well-known ones more often.
fn some(dice: &mut Dice, repos: &[Repo], most: usize) -> Value {
    let count = dice.below(most + 1);
    let known = repos.get(..repos.len().min(150)).unwrap_or(repos);
    let mut ids: Vec<String> = (0..count).filter_map(|_| dice.pick(known)).map(Repo::full_name).collect();
    ids.sort();
    ids.dedup();
    ids.into()
}

fn runtime(dice: &mut Dice, sdk: &str) -> Value {
    let stages = ["RUNNING", "RUNNING", "RUNNING", "SLEEPING", "PAUSED", "BUILDING", "RUNTIME_ERROR", "BUILD_ERROR"];
    let stage = if sdk == "static" { "RUNNING" } else { dice.word(&stages) };
    let hardware = dice.word(&["cpu-basic", "cpu-basic", "cpu-upgrade", "zero-a10g", "t4-small", "l4x1", "a10g-small"]);
    let runs = stage == "RUNNING";
    json!({
        "stage": stage,
        "hardware": { "current": if runs && sdk != "static" { json!(hardware) } else { Value::Null }, "requested": if sdk == "static" { Value::Null } else { json!(hardware) } },
        "storage": null,
        "gcTimeout": 172_800,
        "replicas": { "current": i32::from(runs), "requested": 1 },
    })
}
