//! Files and folders as the API lists them.

use std::collections::{HashMap, VecDeque};
use std::path::Path;

use git2::{ObjectType, Oid, Repository, Sort, Tree};
use serde_json::{Value, json};

use crate::dates::iso;
use crate::hub::error::Error;
use crate::hub::lfs::Pointer;

/// A file or folder of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From the root of the repository.
    pub path: String,
    pub oid: Oid,
    pub is_folder: bool,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Size of the file itself, not of its pointer.
    pub size: u64,
    pub pointer: Option<Pointer>,
    /// Size of the blob in git.
    pub blob_size: u64,
}

/// Lists a folder, sub-folders before files; `recursive` adds what is below, level by level.
pub fn list(git: &Repository, commit: Oid, folder: &str, recursive: bool) -> Result<Vec<Item>, Error> {
    let root = git.find_commit(commit)?.tree()?;
    let start = match folder {
        "" => root.id(),
        _ => match find(&root, folder) {
            Some(item) if item.is_folder => item.oid,
            _ => {
                return Err(Error::not_found(format!("{folder} does not exist on \"{commit}\"")).code("EntryNotFound"));
            }
        },
    };
    let mut items = Vec::new();
    let mut waiting = VecDeque::from([(folder.to_owned(), start)]);
    while let Some((folder, oid)) = waiting.pop_front() {
        let (folders, files): (Vec<_>, Vec<_>) =
            entries(&git.find_tree(oid)?, &folder).into_iter().partition(|item| item.is_folder);
        if recursive {
            waiting.extend(folders.iter().map(|item| (item.path.clone(), item.oid)));
        }
        items.extend(folders);
        items.extend(files);
    }
    Ok(items)
}

fn entries(tree: &Tree<'_>, folder: &str) -> Vec<Item> {
    let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let item = |entry: git2::TreeEntry<'_>| {
        let is_folder = entry.kind() == Some(ObjectType::Tree);
        entry.name().ok().map(|name| Item { path: path(name), oid: entry.id(), is_folder })
    };
    tree.iter().filter_map(item).collect()
}

/// The file or folder at a path.
pub fn find(root: &Tree<'_>, path: &str) -> Option<Item> {
    let path = path.trim_end_matches('/');
    let entry = root.get_path(Path::new(path)).ok()?;
    Some(Item { path: path.to_owned(), oid: entry.id(), is_folder: entry.kind() == Some(ObjectType::Tree) })
}

/// Looks into a blob as far as is needed to know a pointer.
pub fn content(git: &Repository, blob: Oid) -> Result<Content, Error> {
    let odb = git.odb()?;
    let (length, _) = odb.read_header(blob)?;
    let pointer = match length {
        100..=1024 => Pointer::parse(odb.read(blob)?.data()),
        _ => None,
    };
    let size = pointer.as_ref().map_or(length as u64, |pointer| pointer.size);
    Ok(Content { size, pointer, blob_size: length as u64 })
}

/// Total size of the files at and below a path.
pub fn size(git: &Repository, commit: Oid, path: &str) -> Result<u64, Error> {
    let root = git.find_commit(commit)?.tree()?;
    if let Some(item) = find(&root, path).filter(|item| !item.is_folder) {
        return Ok(content(git, item.oid)?.size);
    }
    let files = list(git, commit, path, true)?.into_iter().filter(|item| !item.is_folder);
    files.map(|file| Ok(content(git, file.oid)?.size)).sum()
}

/// Entries in the API's words; `expand` adds the last commit and the state of the security scan.
pub fn describe(git: &Repository, commit: Oid, items: &[Item], expand: bool) -> Result<Vec<Value>, Error> {
    let mut last = if expand { last_commits(git, commit, items)? } else { HashMap::new() };
    let describe = |item: &Item| {
        let mut entry = match item.is_folder {
            true => json!({ "type": "directory", "oid": item.oid.to_string(), "size": 0, "path": item.path }),
            false => file(git, item)?,
        };
        if let (Some(entry), Some(commit)) = (entry.as_object_mut(), last.remove(&item.path)) {
            entry.insert("lastCommit".to_owned(), commit);
            if !item.is_folder {
                entry.insert("securityFileStatus".to_owned(), unscanned());
            }
        }
        Ok(entry)
    };
    items.iter().map(describe).collect()
}

fn file(git: &Repository, item: &Item) -> Result<Value, Error> {
    let content = content(git, item.oid)?;
    let mut entry = json!({ "type": "file", "oid": item.oid.to_string(), "size": content.size, "path": item.path });
    if let (Some(entry), Some(pointer)) = (entry.as_object_mut(), content.pointer) {
        let lfs = json!({ "oid": pointer.oid, "size": pointer.size, "pointerSize": content.blob_size });
        entry.insert("lfs".to_owned(), lfs);
    }
    Ok(entry)
}

/// Nothing is scanned here, and the response says so.
fn unscanned() -> Value {
    let unscanned = json!({ "status": "unscanned" });
    json!({ "status": "unscanned", "avScan": unscanned, "pickleImportScan": unscanned })
}

/// For each path the newest commit that gave it its present content: one that has it while none of its parents does.
fn last_commits(git: &Repository, tip: Oid, items: &[Item]) -> Result<HashMap<String, Value>, Error> {
    let mut walk = git.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    walk.push(tip)?;
    let mut pending: Vec<&Item> = items.iter().collect();
    let mut last = HashMap::new();
    for oid in walk {
        if pending.is_empty() {
            break;
        }
        let commit = git.find_commit(oid?)?;
        let tree = commit.tree()?;
        let parents = commit.parents().map(|parent| parent.tree()).collect::<Result<Vec<_>, _>>()?;
        let has = |tree: &Tree<'_>, item: &Item| find(tree, &item.path).is_some_and(|found| found.oid == item.oid);
        let (made, left): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|item| has(&tree, item) && !parents.iter().any(|parent| has(parent, item)));
        pending = left;
        for item in made {
            let title = commit.summary().ok().flatten().unwrap_or_default();
            let date = iso(commit.time().seconds() * 1000);
            last.insert(item.path.clone(), json!({ "id": commit.id().to_string(), "title": title, "date": date }));
        }
    }
    Ok(last)
}
