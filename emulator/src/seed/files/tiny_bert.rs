//! `acme/tiny-bert`: a small model with everything that a repository can have.

use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;

use super::{Recipe, bytes, commit, file, large};
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::git::{self, Operation};
use crate::hub::repo::{Repo, RepoKind};
use crate::seed::accounts::millis;
use crate::seed::conversations;
use crate::seed::names::TINY_BERT;
use crate::seed::words;

pub const CREATED: OffsetDateTime = datetime!(2026-03-02 23:29:04 UTC);
const LAST: OffsetDateTime = datetime!(2026-08-19 07:19:38 UTC);
const DAY: i64 = 86_400_000;

const HIDDEN: usize = 64;
const VOCABULARY: usize = 1000;

pub fn fill(hub: &Hub) -> Result<(), Error> {
    let created_at = millis(CREATED);
    let repo = Recipe {
        id: Some(TINY_BERT),
        kind: RepoKind::Model,
        name: "acme/tiny-bert",
        created_at,
        readme: "---\nlicense: mit\n---\n\n# tiny-bert\n",
        files: vec![("config.json", config(2).into_bytes())],
        meta: meta(),
        private: false,
        gated: None,
        numbers: (4821, 12),
    }
    .make(hub)?;
    let weights = bytes::safetensors(&tensors());
    commit(hub, &repo, "Add the vocabulary", created_at + DAY, vec![file("vocab.txt", &vocabulary())])?;
    commit(hub, &repo, "Add the tokenizer", created_at + 2 * DAY, vec![file("tokenizer_config.json", TOKENIZER)])?;
    commit(
        hub,
        &repo,
        "Upload the weights",
        created_at + 3 * DAY,
        vec![large(hub, &repo, "model.safetensors", &weights)?],
    )?;
    tag(hub, &repo, "v1.0", "First release", created_at + 3 * DAY)?;
    for (week, note) in (0..).zip(NOTES) {
        let operation = file("CHANGELOG.md", &changelog(week));
        commit(hub, &repo, note, created_at + (6 + 7 * week as i64) * DAY, vec![operation])?;
    }
    let main = git::revision(&git::open(hub, &repo)?, "main")?;
    git::set_reference(hub, &repo, "refs/heads/dev", main)?;
    let onnx = vec![
        large(hub, &repo, "onnx/model.onnx", &bytes::filler("ONNX", "onnx", 40_000))?,
        file("onnx/config.json", &config(2)),
        file("onnx/README.md", "Exported with opset 17.\n"),
    ];
    commit(hub, &repo, "Add an ONNX export", created_at + 150 * DAY, onnx)?;
    tag(hub, &repo, "v1.1", "", created_at + 150 * DAY)?;
    on_branch(hub, &repo, "dev", "Try three layers", created_at + 152 * DAY, vec![file("config.json", &config(3))])?;
    conversations::fill(hub, &repo)?;
    commit(hub, &repo, "Tell more in the model card", millis(LAST), vec![file("README.md", README)])
}

/// Commits elsewhere than on the main branch.
fn on_branch(
    hub: &Hub,
    repo: &Repo,
    branch: &str,
    title: &str,
    at: i64,
    operations: Vec<Operation>,
) -> Result<(), Error> {
    let commit = git::Commit {
        branch: branch.to_owned(),
        parent: None,
        author: "alice".to_owned(),
        title: title.to_owned(),
        body: String::new(),
        operations,
        time_ms: at,
    };
    git::commit(hub, repo, commit).map(|_| ())
}

fn tag(hub: &Hub, repo: &Repo, name: &str, message: &str, at: i64) -> Result<(), Error> {
    let git = git::open(hub, repo)?;
    let commit = git.find_object(git::revision(&git, "main")?, None)?;
    if message.is_empty() {
        git.tag_lightweight(name, &commit, false)?;
    } else {
        let signature = git2::Signature::new("alice", "alice@users.noreply.hf.co", &git2::Time::new(at / 1000, 0))?;
        git.tag(name, &commit, &signature, message, false)?;
    }
    Ok(())
}

fn tensors() -> [(&'static str, &'static [usize]); 6] {
    [
        ("bert.embeddings.word_embeddings.weight", &[VOCABULARY, HIDDEN]),
        ("bert.embeddings.position_embeddings.weight", &[128, HIDDEN]),
        ("bert.encoder.layer.0.attention.self.query.weight", &[HIDDEN, HIDDEN]),
        ("bert.encoder.layer.1.attention.self.query.weight", &[HIDDEN, HIDDEN]),
        ("bert.embeddings.LayerNorm.weight", &[HIDDEN]),
        ("cls.predictions.bias", &[VOCABULARY]),
    ]
}

fn meta() -> serde_json::Value {
    let parameters: usize = tensors().iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    json!({
        "library_name": "transformers",
        "pipeline_tag": "fill-mask",
        "mask_token": "[MASK]",
        "tags": ["safetensors", "onnx", "endpoints_compatible"],
        "safetensors": { "parameters": { "F32": parameters }, "total": parameters },
        "transformersInfo": { "auto_model": "AutoModelForMaskedLM", "pipeline_tag": "fill-mask", "processor": "AutoTokenizer" },
        "widgetData": [{ "text": "Paris is the [MASK] of France." }],
        "inferenceProviderMapping": {
            "hf-inference": { "status": "live", "providerId": "acme/tiny-bert", "task": "fill-mask", "isModelAuthor": false },
        },
        "likes30d": 3,
        "mainSize": parameters * 4,
    })
}

fn config(layers: usize) -> String {
    let config = json!({
        "architectures": ["BertForMaskedLM"],
        "model_type": "bert",
        "hidden_size": HIDDEN,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "intermediate_size": 256,
        "max_position_embeddings": 128,
        "vocab_size": VOCABULARY,
    });
    serde_json::to_string_pretty(&config).unwrap_or_default() + "\n"
}

/// Special tokens, letters, then syllables.
fn vocabulary() -> String {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(str::to_owned);
    let letters = ('a'..='z').flat_map(|letter| [letter.to_string(), format!("##{letter}")]);
    let vowels = ["a", "e", "i", "o", "u", "ou", "ea"];
    let syllables = ('b'..='z').flat_map(|first| {
        vowels
            .into_iter()
            .flat_map(move |vowel| ['n', 'r', 's', 't', 'l', 'm'].map(|last| format!("{first}{vowel}{last}")))
    });
    let words = words::TOPICS.map(str::to_owned);
    let all: Vec<String> = special.into_iter().chain(letters).chain(words).chain(syllables).take(VOCABULARY).collect();
    all.join("\n") + "\n"
}

fn changelog(weeks: usize) -> String {
    let lines = NOTES.iter().take(weeks + 1).rev().map(|note| format!("- {note}\n"));
    format!("# Changelog\n\n{}", lines.collect::<String>())
}

const NOTES: [&str; 17] = [
    "Describe the training data", "Fix a typo in the changelog", "Note the evaluation on GLUE", "Name the license",
    "Link the paper", "Say how to load the model", "Add the loss curve", "Mention the batch size",
    "Correct the learning rate", "List known limitations", "Thank the reviewers", "Add a citation",
    "Note the hardware", "Measure the latency", "Compare with distilbert", "Describe the tokenizer",
    "Announce the ONNX export",
];

const TOKENIZER: &str = "{\n  \"do_lower_case\": true,\n  \"mask_token\": \"[MASK]\",\n  \"model_max_length\": 128,\n  \"tokenizer_class\": \"BertTokenizer\"\n}\n";

const README: &str = "---
license: mit
language: en
library_name: transformers
pipeline_tag: fill-mask
datasets:
- acme/reviews
tags:
- demo
---

# tiny-bert

A BERT with two layers and a vocabulary of a thousand words, small enough for tests and demonstrations.

## Use

```python
from transformers import pipeline

fill = pipeline(\"fill-mask\", model=\"acme/tiny-bert\")
fill(\"Paris is the [MASK] of France.\")
```

## Limits

The weights were never trained: do not expect Paris to be the capital.
";
