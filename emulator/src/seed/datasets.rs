//! About 300 datasets.

use std::collections::HashSet;

use serde_json::json;

use super::dice::Dice;
use super::draft::{Draft, moment, set};
use super::{accounts, words};
use crate::hub::error::Error;
use crate::hub::repo::{Repo, RepoKind};

const COUNT: usize = 297;

/// What a dataset holds: words of its name, task, sub-task, modality.
const KINDS: [(&str, &str, &str, &str); 16] = [
    ("reviews", "text-classification", "sentiment-classification", "text"),
    ("news-headlines", "text-classification", "topic-classification", "text"),
    ("toxicity", "text-classification", "hate-speech-detection", "text"),
    ("qa", "question-answering", "extractive-qa", "text"),
    ("trivia", "question-answering", "open-domain-qa", "text"),
    ("ner", "token-classification", "named-entity-recognition", "text"),
    ("summaries", "summarization", "news-articles-summarization", "text"),
    ("parallel-corpus", "translation", "", "text"),
    ("instructions", "text-generation", "dialogue-modeling", "text"),
    ("web-crawl", "text-generation", "language-modeling", "text"),
    ("preferences", "reinforcement-learning", "", "text"),
    ("speech", "automatic-speech-recognition", "", "audio"),
    ("sound-events", "audio-classification", "", "audio"),
    ("photos", "image-classification", "multi-class-image-classification", "image"),
    ("street-scenes", "object-detection", "", "image"),
    ("captions", "image-to-text", "image-captioning", "image"),
];

/// `size_categories` and the rows that fall under it.
const SIZES: [(&str, f64, f64); 7] = [
    ("n<1K", 40.0, 999.0),
    ("1K<n<10K", 1e3, 9.9e3),
    ("10K<n<100K", 1e4, 9.9e4),
    ("100K<n<1M", 1e5, 9.9e5),
    ("1M<n<10M", 1e6, 9.9e6),
    ("10M<n<100M", 1e7, 9.9e7),
    ("100M<n<1B", 1e8, 9.9e8),
];

const FORMATS: [&str; 5] = ["parquet", "json", "csv", "webdataset", "imagefolder"];

pub fn rows() -> Result<Vec<Repo>, Error> {
    let mut dice = Dice::new("datasets");
    let mut taken = HashSet::new();
    let mut repos = Vec::new();
    while repos.len() < COUNT {
        let draft = draft(&mut dice);
        if taken.insert(draft.full_name()) {
            repos.push(draft.finish(&mut dice)?);
        }
    }
    Ok(repos)
}

fn draft(dice: &mut Dice) -> Draft {
    let (noun, task, sub_task, modality) = dice.pick(&KINDS).copied().unwrap_or_default();
    let (size, least, most) = dice.pick(&SIZES).copied().unwrap_or_default();
    let topic = dice.word(&words::TOPICS);
    let count = 1 + dice.below(3);
    let mut languages: Vec<&str> = (0..count).map(|_| dice.word(&words::LANGUAGES)).collect();
    languages.dedup();
    let name =
        if dice.chance(40) { format!("{topic}-{noun}-{}", languages.join("-")) } else { format!("{topic}-{noun}") };
    let rows = dice.spread(least, most);
    let bytes = rows * dice.spread(60.0, if modality == "text" { 3e3 } else { 2e5 });
    let mut card = json!({
        "pretty_name": title(&format!("{topic} {noun}")),
        "license": dice.word(&words::LICENSES),
        "language": languages,
        "task_categories": [task],
        "size_categories": [size],
        "multilinguality": [if languages.len() > 1 { "multilingual" } else { "monolingual" }],
        "annotations_creators": [dice.word(&["crowdsourced", "expert-generated", "machine-generated", "no-annotation"])],
        "source_datasets": ["original"],
    });
    if !sub_task.is_empty() {
        set(&mut card, "task_ids", [sub_task].as_slice());
    }
    let format = dice.word(if modality == "image" { &FORMATS } else { FORMATS.get(..3).unwrap_or(&FORMATS) });
    let mut tags = vec![format!("format:{format}"), format!("modality:{modality}"), "library:datasets".to_owned()];
    if matches!(format, "parquet" | "csv" | "json") {
        tags.extend(["library:pandas".to_owned(), "library:polars".to_owned()]);
    }
    if dice.chance(30) {
        tags.push(format!("arxiv:{}{:02}.{:05}", 20 + dice.below(6), 1 + dice.below(12), dice.below(20_000)));
    }
    let what = format!(
        "{rows} rows about {topic}, for {}. Collected from public sources, cleaned and split into train and test.",
        task.replace('-', " ")
    );
    let mut meta = json!({
        "tags": tags, "cardData": card, "description": what, "numRows": rows, "mainSize": bytes, "usedStorage": bytes + 20_000,
    });
    if dice.chance(25) {
        set(&mut meta, "citation", format!("@misc{{{topic}{noun}, title={{{}}}, year={{2024}}}}", title(&name)));
        set(&mut meta, "paperswithcode_id", name.as_str());
    }
    let owner = dice.word(&accounts::owners());
    let gated = if dice.chance(6) { Some("auto") } else { None };
    let fame = dice.fraction().powi(2) * 0.8;
    Draft {
        kind: RepoKind::Dataset,
        namespace: owner.to_owned(),
        name,
        gated,
        created_at: moment(dice, 2022),
        fame,
        meta,
    }
}

fn title(text: &str) -> String {
    let mut letters = text.replace('-', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}
