//! What a commit sends, applied line by line, gives the tree that its operations describe.

use std::collections::BTreeSet;
use std::time::Instant;

use proptest::prelude::*;

use super::testing::{Content, Server, Tree, run};
use super::*;

fn add(path: &str, content: &'static str) -> (String, Step) {
    (path.into(), Step::Add(content))
}

fn delete(path: &str) -> (String, Step) {
    (path.into(), Step::Delete)
}

fn rename(from: &str, path: &str) -> (String, Step) {
    (path.into(), Step::Rename(from.into()))
}

fn copy(from: &str, path: &str) -> (String, Step) {
    (path.into(), Step::Copy(from.into()))
}

#[derive(Debug, Clone)]
enum Step {
    Add(&'static str),
    Delete,
    Rename(String),
    Copy(String),
}

type Steps = Vec<(String, Step)>;

fn tree(files: &[(&str, Content)]) -> Tree {
    files.iter().map(|(path, content)| ((*path).to_owned(), *content)).collect()
}

fn operations(steps: &Steps) -> (Vec<Operation>, Vec<Content>) {
    let mut files = Vec::new();
    let operations = steps.iter().map(|(path, step)| {
        let change = match step {
            Step::Add(content) => {
                files.push(*content);
                Change::Add { index: files.len() - 1, size: content.len() as u64 }
            }
            Step::Delete => Change::Delete,
            Step::Rename(from) => Change::Rename { from: from.clone() },
            Step::Copy(from) => Change::Copy { from: from.clone(), revision: None },
        };
        Operation { path: path.clone(), change }
    });
    (operations.collect(), files)
}

/// Takes the operations at their word; None where one cannot be done.
fn literally(parent: &Tree, steps: &Steps) -> Option<Tree> {
    let mut tree = parent.clone();
    let mut written = BTreeSet::new();
    let mut deleted: Vec<&str> = Vec::new();
    for (path, step) in steps {
        let content = match step {
            Step::Delete => {
                let is_below = |other: &String| match path.strip_suffix('/') {
                    Some(_) => other.starts_with(path),
                    None => other == path || other.starts_with(&format!("{path}/")),
                };
                let bare = path.trim_end_matches('/');
                // What is gone already need not have been there.
                if !deleted.iter().any(|other| bare == *other || bare.starts_with(&format!("{other}/"))) {
                    parent.keys().find(|other| is_below(other))?;
                }
                deleted.push(bare);
                tree.retain(|other, _| !is_below(other));
                continue;
            }
            Step::Add(content) => *content,
            Step::Copy(from) => *parent.get(from)?,
            Step::Rename(from) => {
                let content = *parent.get(from)?;
                if !written.contains(from) {
                    tree.remove(from);
                }
                content
            }
        };
        tree.insert(path.clone(), content);
        written.insert(path.clone());
    }
    Some(tree)
}

/// The tree after a commit, and whether there was one.
fn committed(parent: &Tree, steps: &Steps) -> Result<(Tree, bool), Box<Failure>> {
    let (operations, files) = operations(steps);
    let server = Server::new(parent.clone(), files);
    let outcome = run(&server, operations)?;
    Ok((server.tree(), outcome.reply.is_some()))
}

#[test]
fn a_folder_that_is_deleted_by_its_name_is_deleted() {
    let parent = tree(&[("d/x", "1"), ("d/y", "large"), ("d/z", "2")]);
    let mut steps = vec![delete("d"), add("d/x", "1"), add("d/y", "large")];
    assert_eq!(committed(&parent, &steps).unwrap(), (tree(&[("d/x", "1"), ("d/y", "large")]), true));
    steps.push(add("d/z", "2"));
    assert_eq!(committed(&parent, &steps).unwrap(), (parent, false));
}

#[test]
fn thirty_thousand_operations_take_no_time() {
    let paths: Vec<String> = (0..15_000).map(|at| format!("folder {}/{at}", at % 100)).collect();
    let parent: Tree = paths.iter().map(|path| (path.clone(), "1")).collect();
    let mut steps: Steps = paths.iter().map(|path| rename(path, &format!("new/{path}"))).collect();
    steps.extend(paths.iter().map(|path| add(path, "2")));
    let (operations, files) = operations(&steps);
    let started = Instant::now();
    tree::plan(&operations).unwrap();
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
    let server = Server::new(parent, files);
    run(&server, operations).unwrap();
    assert_eq!(server.requests.take().iter().filter(|request| request.contains("/paths-info/")).count(), 15);
    assert_eq!(server.tree().len(), 30_000);
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "d/x", "d/y", "d/e/z"])
}

fn content() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "1", "2", "large", "larger"])
}

fn step() -> impl Strategy<Value = (String, Step)> {
    prop_oneof![
        3 => (path(), content()).prop_map(|(path, content)| add(path, content)),
        2 => prop::sample::select(vec!["a", "b", "c", "d", "d/x", "d/y", "d/", "d/e", "d/e/"]).prop_map(delete),
        3 => (path(), path()).prop_map(|(from, path)| rename(from, path)),
        2 => (path(), path()).prop_map(|(from, path)| copy(from, path)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_lines_give_the_tree(
        parent in prop::collection::btree_map(path().prop_map(str::to_owned), content(), 0..6),
        steps in prop::collection::vec(step(), 1..6),
    ) {
        let expected = literally(&parent, &steps);
        // What contradicts itself is refused; what cannot be done, the server refuses.
        if let Ok((tree, made)) = committed(&parent, &steps) {
            prop_assert_eq!(made, tree != parent);
            prop_assert_eq!(Some(tree), expected);
        }
    }
}
