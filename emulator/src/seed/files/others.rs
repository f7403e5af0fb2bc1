//! The other repositories with real files: one for each thing that examples and tests do.

use serde_json::{Value, json};
use time::macros::datetime;

use super::{Recipe, bytes, commit, file, large};
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::repos::{self, RepoKind};
use crate::hub::{gguf, git};
use crate::seed::accounts::{self, millis};

pub fn fill(hub: &Hub) -> Result<(), Error> {
    reviews(hub)?;
    demo(hub)?;
    gpt2(hub)?;
    quantized(hub)?;
    restricted(hub)?;
    for (name, what) in [
        ("alice/playground", "Write here whatever you like."),
        ("alice/throwaway", "Made to be deleted."),
        ("alice/old-name", "Made to be renamed."),
    ] {
        plain(name, &format!("---\nlicense: mit\n---\n\n# {name}\n\n{what}\n")).make(hub)?;
    }
    let notes = "---\nlicense: other\n---\n\n# private-notes\n\nFor alice alone.\n";
    let recipe = plain("alice/private-notes", notes);
    let files = vec![("notes.jsonl", b"{\"note\": \"buy milk\"}\n".to_vec())];
    Recipe { kind: RepoKind::Dataset, private: true, files, ..recipe }.make(hub)?;
    Ok(())
}

fn reviews(hub: &Hub) -> Result<(), Error> {
    let created_at = millis(datetime!(2025-11-12 09:00 UTC));
    let repo = Recipe {
        kind: RepoKind::Dataset,
        created_at,
        meta: json!({
            "tags": ["format:parquet", "modality:text", "library:datasets", "library:pandas"],
            "description": "Short product reviews with one to five stars, written for tests.",
            "citation": "@misc{acme2025reviews, title={Reviews}, author={Acme}, year={2025}}",
            "numRows": 24_000, "mainSize": 96_008, "likes30d": 6,
        }),
        numbers: (9130, 41),
        ..plain("acme/reviews", REVIEWS)
    }
    .make(hub)?;
    let rows = |from: usize, to: usize| -> String {
        (from..to)
            .map(|row| {
                format!("{{\"id\": {row}, \"stars\": {}, \"text\": \"Review number {row}.\"}}\n", 1 + row * 7 % 5)
            })
            .collect()
    };
    let parquet = bytes::filler("PAR1", "reviews", 96_000);
    let data =
        vec![large(hub, &repo, "data/train-00000-of-00001.parquet", &parquet)?, file("data/test.jsonl", &rows(0, 200))];
    commit(hub, &repo, "Upload train and test", created_at + 3_600_000, data)?;
    let more = vec![file("data/validation.jsonl", &rows(200, 300))];
    let changed = millis(datetime!(2026-07-30 10:01:11 UTC));
    commit(hub, &repo, "Add a validation split", changed, more)?;
    // The parquet files that the viewer makes of every dataset stand on a reference of their own.
    git::empty_branch(hub, &repo, CONVERTED, "parquet-converter")?;
    let converted = git::Commit {
        branch: CONVERTED.to_owned(),
        parent: None,
        author: "parquet-converter".to_owned(),
        title: "Update parquet files".to_owned(),
        body: String::new(),
        operations: vec![large(hub, &repo, "default/train/0000.parquet", &parquet)?],
        time_ms: changed + 600_000,
    };
    git::commit(hub, &repo, converted).map(drop)
}

/// A model for llama.cpp, made from another one.
fn quantized(hub: &Hub) -> Result<(), Error> {
    let repo = Recipe {
        created_at: millis(datetime!(2026-05-20 08:00 UTC)),
        meta: json!({
            "library_name": "gguf", "pipeline_tag": "text-generation", "tags": ["gguf", "conversational"],
            "gguf": { "total": 137_022_720, "architecture": "gpt2", "context_length": 1024 },
            "likes30d": 2,
        }),
        numbers: (840, 9),
        ..plain("acme/gpt2-gguf", QUANTIZED)
    }
    .make(hub)?;
    let file = |kind: &str| {
        let header = [("general.architecture", "gpt2"), ("general.name", "gpt2"), ("general.quantization", kind)];
        large(hub, &repo, &format!("gpt2.{kind}.gguf"), &gguf::metadata(&header))
    };
    let files = vec![file("Q4_K_M")?, file("Q8_0")?];
    commit(hub, &repo, "Upload two quantizations", repo.created_at + 3_600_000, files)
}

fn demo(hub: &Hub) -> Result<(), Error> {
    let app = "import gradio as gr\nfrom transformers import pipeline\n\nfill = pipeline(\"fill-mask\", model=\"acme/tiny-bert\")\ngr.Interface(fill, \"text\", \"label\").launch()\n";
    let running = json!({
        "stage": "RUNNING",
        "hardware": { "current": "cpu-basic", "requested": "cpu-basic" },
        "storage": null,
        "gcTimeout": 172_800,
        "replicas": { "current": 1, "requested": 1 },
        "domains": [{ "domain": "acme-demo.hf.space", "stage": "READY" }],
    });
    Recipe {
        kind: RepoKind::Space,
        created_at: millis(datetime!(2026-06-01 12:00 UTC)),
        files: vec![("app.py", app.as_bytes().to_vec()), ("requirements.txt", b"transformers\ntorch\n".to_vec())],
        meta: json!({
            "sdk": "gradio", "runtime": running, "models": ["acme/tiny-bert"], "datasets": ["acme/reviews"], "tags": [],
            "likes30d": 1,
        }),
        numbers: (0, 3),
        ..plain("acme/demo", DEMO)
    }
    .make(hub)
    .map(|_| ())
}

fn gpt2(hub: &Hub) -> Result<(), Error> {
    let config =
        b"{\n  \"architectures\": [\"GPT2LMHeadModel\"],\n  \"model_type\": \"gpt2\",\n  \"n_layer\": 12\n}\n".to_vec();
    let repo = Recipe {
        created_at: millis(datetime!(2022-03-02 23:29:04 UTC)),
        files: vec![("config.json", config), ("vocab.json", b"{\"!\": 0, \"\\\"\": 1, \"#\": 2}\n".to_vec())],
        meta: json!({
            "library_name": "transformers", "pipeline_tag": "text-generation",
            "tags": ["pytorch", "safetensors", "text-generation-inference", "endpoints_compatible"],
            "safetensors": { "parameters": { "F32": 137_022_720 }, "total": 137_022_720 },
            "transformersInfo": { "auto_model": "AutoModelForCausalLM", "pipeline_tag": "text-generation", "processor": "AutoTokenizer" },
            "likes30d": 40, "mainSize": 548_090_880, "usedStorage": 13_400_000_000_u64,
        }),
        numbers: (9_862_341, 3012),
        ..plain("openai-community/gpt2", GPT2)
    }
    .make(hub)?;
    repos::redirect(&hub.db(), RepoKind::Model, "gpt2", &repo.id)
}

/// A model that asks for a grant, and one that is disabled.
fn restricted(hub: &Hub) -> Result<(), Error> {
    let files = || {
        vec![(
            "config.json",
            b"{\n  \"architectures\": [\"LlamaForCausalLM\"],\n  \"model_type\": \"llama\"\n}\n".to_vec(),
        )]
    };
    let meta = json!({ "library_name": "transformers", "pipeline_tag": "text-generation", "tags": ["conversational"] });
    let readme =
        "---\nlicense: other\nextra_gated_prompt: Tell us who you are.\n---\n\n# gated-llm\n\nAsk for access.\n";
    let gated =
        Recipe { gated: Some("manual"), files: files(), meta, numbers: (511, 20), ..plain("acme/gated-llm", readme) };
    let gated = gated.make(hub)?;
    let sql = "insert into grants (repo_id, user_id) values (?, ?)";
    hub.db().execute(sql, (&gated.id, accounts::id("alice")))?;
    let readme = "---\nlicense: other\n---\n\n# disabled-model\n\nNo longer served.\n";
    let disabled = Recipe { files: files(), ..plain("acme/disabled-model", readme) }.make(hub)?;
    hub.db().execute("update repos set disabled = 1 where id = ?", [&disabled.id])?;
    Ok(())
}

/// A public model with a README.
fn plain<'a>(name: &'a str, readme: &'a str) -> Recipe<'a> {
    Recipe {
        id: None,
        kind: RepoKind::Model,
        name,
        created_at: millis(datetime!(2026-05-04 10:30 UTC)),
        readme,
        files: Vec::new(),
        meta: Value::Object(serde_json::Map::new()),
        private: false,
        gated: None,
        numbers: (3, 0),
    }
}

const REVIEWS: &str = "---
license: cc-by-4.0
pretty_name: Reviews
language:
- en
task_categories:
- text-classification
task_ids:
- sentiment-classification
size_categories:
- 10K<n<100K
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*
  - split: test
    path: data/test.jsonl
---

# Reviews

Short product reviews with one to five stars.
";

const DEMO: &str = "---
title: Demo
emoji: 🧠
colorFrom: indigo
colorTo: green
sdk: gradio
sdk_version: 5.49.1
app_file: app.py
pinned: false
license: mit
short_description: Fill the blank with tiny-bert
---

# Demo
";

const CONVERTED: &str = "refs/convert/parquet";

const QUANTIZED: &str = "---
license: mit
base_model: openai-community/gpt2
base_model_relation: quantized
---

# gpt2-gguf

GPT-2 in the format of llama.cpp. The files hold metadata and no weights.
";

const GPT2: &str = "---
language: en
license: mit
tags:
- exbert
---

# GPT-2

A transformer that was trained on text from the web.
";
