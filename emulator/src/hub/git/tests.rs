use std::process::Command;

use serde_json::json;

use super::*;
use crate::hub::error::ErrorKind;
use crate::hub::repos::{self, Found, NewRepo, Repo, RepoKind};
use crate::hub::{Hub, lfs, testing};

fn file(path: &str, content: &str) -> Operation {
    Operation::File { path: path.to_owned(), content: content.as_bytes().to_vec() }
}

fn on_main(operations: Vec<Operation>) -> Commit {
    Commit {
        branch: "main".to_owned(),
        parent: None,
        author: "alice".to_owned(),
        title: "Change".to_owned(),
        body: String::new(),
        operations,
        time_ms: 1_700_000_000_000,
    }
}

fn paths(hub: &Hub, repo: &Repo, name: &str) -> Vec<String> {
    let git = open(hub, repo).unwrap();
    let commit = revision(&git, name).unwrap();
    snapshot::Snapshot::of(&git, commit).unwrap().entries.into_keys().collect()
}

#[test]
fn git_itself_reads_what_is_committed() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let oid = lfs::put(&hub, &repo.id, b"weights").unwrap();
    let operations = vec![
        file("a.txt", "a"),
        file("a/b.txt", "b"),
        file("a-c", "c"),
        Operation::Lfs { path: "model.bin".to_owned(), oid, size: None },
    ];
    // `a.txt`, `a` the folder and `a-c` test git's order of names.
    let pushed = commit(&hub, &repo, on_main(operations)).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(path(&hub, &repo)).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["fsck", "--strict"]);
    assert_eq!(run(&["log", "--format=%H %an %s", "-1"]).trim(), format!("{} alice Change", pushed.new.unwrap()));
    assert_eq!(run(&["ls-tree", "--name-only", "HEAD"]), ".gitattributes\nREADME.md\na-c\na.txt\na\nmodel.bin\n");
}

#[test]
fn main_moves_the_row() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let later = repo.last_modified + 5000;
    let pushed = commit(&hub, &repo, Commit { time_ms: later, ..on_main(vec![file("a", "a")]) }).unwrap();
    let after = repos::by_id(&hub, &repo.id).unwrap().unwrap();
    assert_eq!((pushed.old, pushed.new), (Some(repo.sha), Some(after.sha)));
    assert_eq!(after.last_modified, later);
}

#[test]
fn operations_add_delete_and_rename() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    commit(&hub, &repo, on_main(vec![file("d/a", "a"), file("d/b", "b"), file("e", "e")])).unwrap();
    let rename = Operation::Rename { from: "e".to_owned(), path: "f/e".to_owned() };
    let delete = Operation::DeleteFolder { path: "d/".to_owned() };
    commit(&hub, &repo, on_main(vec![rename, delete, file("d", "now a file")])).unwrap();
    assert_eq!(paths(&hub, &repo, "main"), [".gitattributes", "README.md", "d", "f/e"]);
}

#[test]
fn renames_swap_files() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let weights = lfs::put(&hub, &repo.id, b"weights").unwrap();
    let large = |path: &str| Operation::Lfs { path: path.to_owned(), oid: weights.clone(), size: None };
    let start = vec![file("a", "same"), file("b", "same"), large("v"), large("w")];
    commit(&hub, &repo, on_main(start)).unwrap();
    let rename = |from: &str, path: &str| Operation::Rename { from: from.to_owned(), path: path.to_owned() };
    let rename_to =
        |from: &str, path: &str| Operation::RenameTo { from: from.to_owned(), write: Box::new(large(path)) };
    let swap = vec![rename("a", "b"), rename("b", "a"), rename_to("v", "w"), rename_to("w", "v")];
    commit(&hub, &repo, on_main(swap)).unwrap();
    assert_eq!(paths(&hub, &repo, "main"), [".gitattributes", "README.md", "a", "b", "v", "w"]);
    commit(&hub, &repo, on_main(vec![rename("a", "d/a"), rename_to("v", "d/v")])).unwrap();
    assert_eq!(paths(&hub, &repo, "main"), [".gitattributes", "README.md", "b", "d/a", "d/v", "w"]);
    let leave = vec![rename("d/a", "a"), rename_to("d/v", "v"), Operation::DeleteFolder { path: "d/".to_owned() }];
    commit(&hub, &repo, on_main(leave)).unwrap();
    assert_eq!(paths(&hub, &repo, "main"), [".gitattributes", "README.md", "a", "b", "v", "w"]);
}

#[test]
fn what_cannot_be_committed_changes_nothing() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let missing = Operation::Delete { path: "nothing".to_owned() };
    let unknown = Operation::Lfs { path: "w.bin".to_owned(), oid: "0".repeat(64), size: None };
    for (operations, kind, text) in [
        (vec![file("new", "x"), missing], ErrorKind::NotFound, "A file with this name doesn't exist"),
        (vec![file("new", "x"), unknown], ErrorKind::Invalid, "LFS pointer"),
        (vec![file("new", "x"), file("../up", "x")], ErrorKind::Invalid, "Invalid file path"),
        (vec![file("README.md/x", "x")], ErrorKind::Invalid, "already exists"),
        (vec![], ErrorKind::Invalid, "empty"),
    ] {
        let error = commit(&hub, &repo, on_main(operations)).unwrap_err();
        assert_eq!(error.kind, kind);
        assert!(error.message.contains(text), "{}", error.message);
    }
    assert_eq!(repos::by_id(&hub, &repo.id).unwrap().unwrap().sha, repo.sha);
}

#[test]
fn a_parent_that_is_no_longer_the_tip_is_refused() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let based = |parent: &str| Commit { parent: Some(parent.to_owned()), ..on_main(vec![file("a", "a")]) };
    commit(&hub, &repo, based(&repo.sha[..7])).unwrap();
    let error = commit(&hub, &repo, based(&repo.sha)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Outdated);
    assert_eq!(error.message, "The branch was updated since you opened this page. Please refresh and try again.");
}

#[test]
fn a_revision_is_a_branch_a_tag_a_reference_or_part_of_an_id() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let git = open(&hub, &repo).unwrap();
    let head = revision(&git, "main").unwrap();
    set_reference(&hub, &repo, "refs/pr/1", head).unwrap();
    set_reference(&hub, &repo, "refs/tags/v1", head).unwrap();
    for name in ["HEAD", "refs/heads/main", "refs/pr/1", "v1", &repo.sha, &repo.sha[..5]] {
        assert_eq!(revision(&git, name).unwrap(), head, "{name}");
    }
    for name in ["nope", "refs/pr/2", &repo.sha[..4], &"0".repeat(40), "../x", ""] {
        assert_eq!(revision(&git, name).unwrap_err().code, Some("RevisionNotFound"), "{name}");
    }
}

#[test]
fn a_listed_repository_gets_the_commit_that_was_foretold() {
    let hub = testing::hub();
    let mut repo = testing::repo(&hub);
    repos::remove(&hub, &repo).unwrap();
    repo.meta =
        json!({ "cardData": { "license": "mit" }, "config": { "model_type": "bert" }, "pipeline_tag": "fill-mask" });
    repo.sha = listing_sha(&repo).unwrap();
    repos::insert(&hub.db(), &repo).unwrap();
    assert!(!path(&hub, &repo).exists());
    assert_eq!(paths(&hub, &repo, &repo.sha), [".gitattributes", "README.md", "config.json"]);
}

#[test]
fn a_renamed_repository_is_found_by_its_old_id() {
    let hub = testing::hub();
    let repo = testing::repo(&hub);
    let found = |id: &str| repos::find(&hub, RepoKind::Model, id).unwrap();
    assert!(matches!(found("acme/x"), Found::Repo(_)));
    assert!(matches!(found("Acme/X"), Found::Moved(to) if to == "acme/x"));
    repos::redirect(&hub.db(), RepoKind::Model, "x", &repo.id).unwrap();
    let repo = repos::rename(&hub, &repo, "bob", "y").unwrap();
    for id in ["acme/x", "x", "ACME/x"] {
        assert!(matches!(found(id), Found::Moved(to) if to == "bob/y"), "{id}");
    }
    repos::remove(&hub, &repo).unwrap();
    assert!(matches!(found("acme/x"), Found::Missing));
    assert!(matches!(found("bob/y"), Found::Missing));
    assert!(!path(&hub, &repo).exists());
}

#[test]
fn a_name_is_given_once() {
    let hub = testing::hub();
    testing::repo(&hub);
    let error = repos::create(&hub, NewRepo::new(&hub, RepoKind::Model, "acme", "X")).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Conflict, "You already created this model repo"));
    assert_eq!(error.extra["url"], "http://127.0.0.1:8787/acme/x");
    assert!(repos::create(&hub, NewRepo::new(&hub, RepoKind::Dataset, "acme", "x")).is_ok());
}
