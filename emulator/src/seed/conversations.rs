//! Discussions and pull requests of `acme/tiny-bert`: more than one page of them, in every state.

use serde_json::json;

use super::accounts::{self, millis};
use super::dice::Dice;
use super::files::CREATED;
use crate::hub::Hub;
use crate::hub::discussions::store::{self, Discussion, Opening, Status, open};
use crate::hub::error::Error;
use crate::hub::git::{self, Commit, Merge, Operation};
use crate::hub::repo::Repo;

const DAY: i64 = 86_400_000;

/// Discussions in all.
const COUNT: i64 = 58;

pub fn fill(hub: &Hub, repo: &Repo) -> Result<(), Error> {
    let start = millis(CREATED) + 100 * DAY;
    first(hub, repo, start)?;
    second(hub, repo, start + DAY)?;
    open_pull_request(hub, repo, start + 2 * DAY)?;
    merged_pull_request(hub, repo, start + 52 * DAY)?;
    let mut dice = Dice::new("conversations");
    for num in 5..=COUNT {
        other(hub, repo, &mut dice, start + 52 * DAY + num * DAY / 6)?;
    }
    Ok(())
}

fn first(hub: &Hub, repo: &Repo, at: i64) -> Result<(), Error> {
    let discussion =
        talk(hub, repo, "bob", "Which data was it trained on?", "The card does not say. Is there a list?", at)?;
    let mut answer = store::add_comment(
        hub,
        &discussion,
        &accounts::id("alice"),
        "On acme/reviews, the train split only.",
        at + DAY / 4,
    )?;
    let history = json!([{ "raw": "On acme/reviews.", "updatedAt": crate::dates::iso(at + DAY / 4) }]);
    answer.data = json!({ "raw": "On acme/reviews, the train split only.", "updatedAt": at + DAY / 3, "hidden": false, "history": history });
    store::update_event(hub, &answer)?;
    store::add_comment(hub, &discussion, &accounts::id("carol"), "Could the card link to it?", at + DAY / 2)?;
    Ok(())
}

fn second(hub: &Hub, repo: &Repo, at: i64) -> Result<(), Error> {
    let discussion = talk(hub, repo, "farid", "Tokenizer is missing", "`AutoTokenizer` finds no tokenizer.", at)?;
    store::add_comment(hub, &discussion, &accounts::id("alice"), "Added, thank you.", at + DAY)?;
    set_status(hub, discussion, Status::Closed, at + DAY)
}

fn open_pull_request(hub: &Hub, repo: &Repo, at: i64) -> Result<(), Error> {
    let discussion = propose(hub, repo, "mei-chen", "Add a usage example", at)?;
    let example =
        "from transformers import pipeline\n\nprint(pipeline(\"fill-mask\", \"acme/tiny-bert\")(\"A [MASK] day.\"))\n";
    push(hub, repo, &discussion, "Add a usage example", "examples/fill_mask.py", example, at)?;
    store::add_comment(hub, &discussion, &accounts::id("alice"), "Looks good, I will try it.", at + DAY)?;
    Ok(())
}

fn merged_pull_request(hub: &Hub, repo: &Repo, at: i64) -> Result<(), Error> {
    let mut discussion = propose(hub, repo, "kavya", "Add generation defaults", at)?;
    push(hub, repo, &discussion, "Add generation defaults", "generation_config.json", "{\n  \"top_k\": 5\n}\n", at)?;
    let merge = Merge {
        source: discussion.reference(),
        author: "alice".to_owned(),
        title: format!("{} (#{})", discussion.title, discussion.num),
        body: String::new(),
        time_ms: at + DAY,
    };
    discussion.merge_commit = git::merge(hub, repo, merge)?.new;
    set_status(hub, discussion, Status::Merged, at + DAY)
}

fn other(hub: &Hub, repo: &Repo, dice: &mut Dice, at: i64) -> Result<(), Error> {
    let people: Vec<&str> = accounts::users().collect();
    let title = format!("{} {}", dice.word(&OPENINGS), dice.word(&SUBJECTS));
    let discussion = talk(hub, repo, dice.word(&people), &title, "I could not find this in the card.", at)?;
    for number in 0..dice.below(4) {
        let author = accounts::id(dice.word(&people));
        store::add_comment(hub, &discussion, &author, dice.word(&ANSWERS), at + DAY / 8 * (1 + number as i64))?;
    }
    if dice.chance(35) {
        set_status(hub, discussion, Status::Closed, at + DAY)?;
    }
    Ok(())
}

fn talk(hub: &Hub, repo: &Repo, author: &str, title: &str, text: &str, at: i64) -> Result<Discussion, Error> {
    let author = &accounts::id(author);
    open(
        hub,
        repo,
        Opening { title, description: text, status: Status::Open, pull_request: false, author, created_at: at },
    )
}

fn propose(hub: &Hub, repo: &Repo, author: &str, title: &str, at: i64) -> Result<Discussion, Error> {
    let author = &accounts::id(author);
    let opening = Opening {
        title,
        description: "See the commit.",
        status: Status::Open,
        pull_request: true,
        author,
        created_at: at,
    };
    let discussion = open(hub, repo, opening)?;
    let git = git::open(hub, repo)?;
    git::set_reference(hub, repo, &discussion.reference(), git::revision(&git, "main")?)?;
    Ok(discussion)
}

fn push(
    hub: &Hub,
    repo: &Repo,
    discussion: &Discussion,
    title: &str,
    path: &str,
    content: &str,
    at: i64,
) -> Result<(), Error> {
    let pushed = git::commit(
        hub,
        repo,
        Commit {
            branch: discussion.reference(),
            parent: None,
            author: "mei-chen".to_owned(),
            title: title.to_owned(),
            body: String::new(),
            operations: vec![Operation::File { path: path.to_owned(), content: content.as_bytes().to_vec() }],
            time_ms: at,
        },
    )?;
    store::add_commit(hub, discussion, &discussion.author_id, title, &pushed.new.unwrap_or_default(), at)
}

fn set_status(hub: &Hub, mut discussion: Discussion, status: Status, at: i64) -> Result<(), Error> {
    discussion.status = status;
    store::update(hub, &discussion)?;
    let data = json!({ "status": status.as_str() });
    store::add(hub, &discussion, "status-change", &accounts::id("alice"), at, data).map(|_| ())
}

const OPENINGS: [&str; 8] = [
    "How about", "Question about", "Problem with", "Thanks for", "Feature request:", "Numbers for", "Documentation of",
    "Unclear:",
];
const SUBJECTS: [&str; 12] = [
    "the vocabulary", "long inputs", "quantized weights", "the ONNX export", "batch inference", "the license",
    "other languages", "browser use", "fine-tuning", "the loss curve", "memory use", "the evaluation",
];
const ANSWERS: [&str; 6] = [
    "Same here.",
    "It works for me with the newest release.",
    "Could you show the code?",
    "Good idea, a pull request is welcome.",
    "This is in the card now.",
    "Thank you!",
];
