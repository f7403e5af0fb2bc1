//! People, organizations, memberships and the ready-made tokens.

use rusqlite::params;
use serde_json::{Value, json};
use time::macros::datetime;

use super::names::{self, ACME, ALICE, TINY_BERT};
use crate::hub::Hub;
use crate::hub::error::Error;

const USERS: [(&str, &str); 36] = [
    ("alice", "Alice Doe"),
    ("bob", "Bob Roe"),
    ("carol", "Carol Diaz"),
    ("dmitri-k", "Dmitri K."),
    ("erin-w", "Erin Walsh"),
    ("farid", "Farid Haddad"),
    ("grace-lin", "Grace Lin"),
    ("hiroshi", "Hiroshi Tanaka"),
    ("ines-m", "Inês Moreira"),
    ("jonas-b", "Jonas Berg"),
    ("kavya", "Kavya Rao"),
    ("liam-o", "Liam O'Neill"),
    ("mei-chen", "Mei Chen"),
    ("nadia-s", "Nadia Sørensen"),
    ("olek", "Oleksandr Bondar"),
    ("pia-v", "Pia Virtanen"),
    ("quentin-r", "Quentin Roux"),
    ("rosa-p", "Rosa Pérez"),
    ("sami-a", "Sami Aziz"),
    ("tuan-ng", "Tuan Nguyen"),
    ("uma-k", "Uma Krishnan"),
    ("vlad-m", "Vlad Marin"),
    ("wendy-z", "Wendy Zhou"),
    ("xenia-f", "Xenia Fischer"),
    ("yusuf-d", "Yusuf Demir"),
    ("zoe-t", "Zoe Taylor"),
    ("quant-kitchen", "Quant Kitchen"),
    ("merge-garden", "Merge Garden"),
    ("tinyweights", "tinyweights"),
    ("lora-loft", "LoRA Loft"),
    ("benchwarmer", "benchwarmer"),
    ("papermill-ai", "Papermill"),
    ("noisy-channel", "Noisy Channel"),
    ("gradient-hill", "Gradient Hill"),
    ("softmaxine", "Maxine"),
    ("byte-pair", "Byte Pair"),
];

/// Name, full name, plan.
const ORGS: [(&str, &str, &str); 32] = [
    ("acme", "Acme", "team"),
    ("emulator", "Emulator", ""),
    ("openai-community", "OpenAI community", ""),
    ("openai", "OpenAI", "enterprise"),
    ("google", "Google", "enterprise"),
    ("google-bert", "BERT community", ""),
    ("FacebookAI", "Facebook AI community", ""),
    ("facebook", "AI at Meta", "enterprise"),
    ("meta-llama", "Meta Llama", "enterprise"),
    ("mistralai", "Mistral AI", "team"),
    ("Qwen", "Qwen", "team"),
    ("microsoft", "Microsoft", "enterprise"),
    ("sentence-transformers", "Sentence Transformers", ""),
    ("stabilityai", "Stability AI", "team"),
    ("nvidia", "NVIDIA", "enterprise"),
    ("deepseek-ai", "DeepSeek", ""),
    ("HuggingFaceTB", "Hugging Face Smol Models Research", "team"),
    ("HuggingFaceH4", "Hugging Face H4", "team"),
    ("bigscience", "BigScience Workshop", ""),
    ("BAAI", "Beijing Academy of Artificial Intelligence", ""),
    ("allenai", "Ai2", "academia"),
    ("tiiuae", "Technology Innovation Institute", ""),
    ("EleutherAI", "EleutherAI", ""),
    ("ibm-granite", "IBM Granite", "enterprise"),
    ("distilbert", "DistilBERT community", ""),
    ("intfloat", "intfloat", ""),
    ("Helsinki-NLP", "Language Technology Research Group, Helsinki", "academia"),
    ("timm", "PyTorch Image Models", ""),
    ("black-forest-labs", "Black Forest Labs", "team"),
    ("amazon", "Amazon", "enterprise"),
    ("riverbend-labs", "Riverbend Labs", "team"),
    ("northwind-nlp", "Northwind NLP", ""),
];

const MEMBERS: [(&str, &str, &str); 6] = [
    ("acme", "alice", "admin"),
    ("acme", "carol", "contributor"),
    ("acme", "dmitri-k", "read"),
    ("emulator", "alice", "admin"),
    ("riverbend-labs", "bob", "admin"),
    ("northwind-nlp", "kavya", "write"),
];

const CREATED: time::OffsetDateTime = datetime!(2022-01-03 13:24:28 UTC);

pub fn fill(hub: &Hub) -> Result<(), Error> {
    let created = millis(CREATED);
    let db = hub.db();
    for (name, fullname) in USERS {
        let meta = json!({ "email": format!("{name}@example.org"), "avatarUrl": avatar(name) });
        db.execute(
            "insert into accounts (id, name, fullname, type, is_pro, meta) values (?1, ?2, ?3, 'user', ?4, ?5)",
            params![account_id(name, created), name, fullname, name == "grace-lin", meta.to_string()],
        )?;
    }
    for (name, fullname, plan) in ORGS {
        let mut meta = json!({ "avatarUrl": avatar(name) });
        if let (Some(meta), false) = (meta.as_object_mut(), plan.is_empty()) {
            meta.insert("plan".to_owned(), plan.into());
        }
        db.execute(
            "insert into accounts (id, name, fullname, type, is_pro, meta) values (?1, ?2, ?3, 'org', 0, ?4)",
            params![account_id(name, created), name, fullname, meta.to_string()],
        )?;
    }
    for (org, user, role) in MEMBERS {
        db.execute(
            "insert into members (org_id, user_id, role) values (?1, ?2, ?3)",
            params![account_id(org, created), account_id(user, created), role],
        )?;
    }
    for (token, user, name, role, rights, expires) in tokens() {
        db.execute(
            "insert into tokens (token, user_id, display_name, role, fine_grained, created_at, expires_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                token,
                account_id(user, created),
                name,
                role,
                rights.map(|rights| rights.to_string()),
                millis(datetime!(2026-01-05 10:00 UTC)),
                expires
            ],
        )?;
    }
    Ok(())
}

/// People who build on the models of others.
pub fn makers() -> Vec<&'static str> {
    users().filter(|name| !matches!(*name, "alice" | "bob")).chain(["riverbend-labs", "northwind-nlp"]).collect()
}

/// Users and organizations that listings spread their datasets and Spaces over.
pub fn owners() -> Vec<&'static str> {
    let orgs = ORGS.iter().map(|(name, ..)| *name);
    orgs.chain(USERS.iter().map(|(name, _)| *name))
        .filter(|name| !matches!(*name, "emulator" | "acme" | "alice" | "bob"))
        .collect()
}

pub fn users() -> impl Iterator<Item = &'static str> {
    USERS.iter().map(|(name, _)| *name)
}

type TokenRow = (&'static str, &'static str, &'static str, &'static str, Option<Value>, Option<i64>);

/// Token, user, display name, role, fine-grained rights, end of life.
fn tokens() -> [TokenRow; 8] {
    let fine = json!({
        "global": ["discussion.write"],
        "canReadGatedRepos": false,
        "scoped": [
            {"entity": {"_id": TINY_BERT, "type": "model", "name": "acme/tiny-bert"},
             "permissions": ["repo.content.read", "repo.write"]},
            {"entity": {"_id": ALICE, "type": "user", "name": "alice"},
             "permissions": ["inference.serverless.write", "user.webhooks.read"]},
        ],
    });
    let past = millis(datetime!(2026-02-01 00:00 UTC));
    [
        ("hf_emulator_read", "alice", "laptop", "read", None, None),
        ("hf_emulator_write", "alice", "ci", "write", None, None),
        ("hf_emulator_fine", "alice", "one-model", "fineGrained", Some(fine), None),
        ("hf_emulator_expired", "alice", "last-winter", "write", None, Some(past)),
        ("hf_emulator_bob", "bob", "desk", "write", None, None),
        ("hf_emulator_bob_read", "bob", "reader", "read", None, None),
        ("hf_emulator_carol", "carol", "studio", "write", None, None),
        ("hf_emulator_dmitri", "dmitri-k", "desk", "write", None, None),
    ]
}

/// Id of a user or organization of the seed.
pub fn id(name: &str) -> String {
    account_id(name, millis(CREATED))
}

fn account_id(name: &str, created: i64) -> String {
    match name {
        "alice" => ALICE.to_owned(),
        "acme" => ACME.to_owned(),
        _ => names::id(&format!("account {name}"), created),
    }
}

fn avatar(name: &str) -> String {
    format!("/avatars/{}.svg", names::id(name, 0))
}

pub fn millis(at: time::OffsetDateTime) -> i64 {
    at.unix_timestamp() * 1000
}
