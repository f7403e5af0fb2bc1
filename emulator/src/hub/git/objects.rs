//! Git objects as bytes: trees and commits are written here, so that an id can be known without a disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::{ObjectType, Oid, Repository, RepositoryInitOptions};

use super::snapshot::{Entry, FILE, Snapshot};
use crate::hub::error::Error;

pub const MAIN: &str = "refs/heads/main";

/// What every new repository starts with: which files are large by their name.
pub const GIT_ATTRIBUTES: &str = include_str!("gitattributes.txt");

/// Who signs, and when.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub name: &'a str,
    pub time_ms: i64,
}

/// Most files and folders that one folder may hold.
const LARGEST_FOLDER: usize = 10_000;

/// An object with its id.
pub struct Object {
    pub oid: Oid,
    pub kind: ObjectType,
    pub bytes: Vec<u8>,
}

impl Object {
    pub fn new(kind: ObjectType, bytes: Vec<u8>) -> Result<Object, Error> {
        Ok(Object { oid: Oid::hash_object(kind, &bytes)?, kind, bytes })
    }
}

/// A commit without parents and all that it holds; the commit comes last.
pub fn seal(files: &[(String, Vec<u8>)], author: Author<'_>, message: &str) -> Result<Vec<Object>, Error> {
    let mut sealed = Vec::new();
    let mut snapshot = Snapshot::default();
    for (path, content) in files {
        let blob = Object::new(ObjectType::Blob, content.clone())?;
        snapshot.entries.insert(path.clone(), Entry { oid: blob.oid, mode: FILE });
        sealed.push(blob);
    }
    let tree = trees(&snapshot, &mut sealed)?;
    sealed.push(Object::new(ObjectType::Commit, commit(tree, &[], author, message))?);
    Ok(sealed)
}

/// Makes a bare repository whose main branch is the last of the objects, and hands back that one's id.
pub fn init(place: &Path, sealed: &[Object]) -> Result<String, Error> {
    let Some(head) = sealed.last() else { return Err(Error::internal("git: nothing to commit")) };
    let parent = place.parent().unwrap_or(place);
    fs::create_dir_all(parent)?;
    let growing = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).initial_head("main");
    let git = Repository::init_opts(growing.path(), &options)?;
    write(&git, sealed)?;
    git.reference(MAIN, head.oid, false, "")?;
    fs::rename(growing.keep(), place)?;
    Ok(head.oid.to_string())
}

pub fn write(git: &Repository, objects: &[Object]) -> Result<(), Error> {
    let odb = git.odb()?;
    for object in objects {
        odb.write(object.kind, &object.bytes)?;
    }
    Ok(())
}

/// Appends the trees of a snapshot, and hands back the id of the root.
pub fn trees(snapshot: &Snapshot, into: &mut Vec<Object>) -> Result<Oid, Error> {
    let paths: Vec<(&str, Entry)> = snapshot.entries.iter().map(|(path, entry)| (path.as_str(), *entry)).collect();
    tree(&paths, into)
}

/// `paths` are relative to the tree.
fn tree(paths: &[(&str, Entry)], into: &mut Vec<Object>) -> Result<Oid, Error> {
    let mut folders: BTreeMap<&str, Vec<(&str, Entry)>> = BTreeMap::new();
    let mut entries: Vec<(&str, u32, Oid)> = Vec::new();
    for (path, entry) in paths {
        match path.split_once('/') {
            Some((folder, rest)) => folders.entry(folder).or_default().push((rest, *entry)),
            None => entries.push((path, entry.mode, entry.oid)),
        }
    }
    for (folder, inner) in &folders {
        entries.push((folder, 0o040_000, tree(inner, into)?));
    }
    if entries.len() > LARGEST_FOLDER {
        return Err(Error::invalid(format!(
            "Your push was rejected because it contains too many files per directory. Each directory in your git repo \
             can only contain up to {LARGEST_FOLDER} files."
        )));
    }
    // Git compares the names of folders as if they ended in a slash.
    entries
        .sort_by_cached_key(|(name, mode, _)| if *mode == 0o040_000 { format!("{name}/") } else { (*name).to_owned() });
    let mut bytes = Vec::new();
    for (name, mode, oid) in entries {
        bytes.extend_from_slice(format!("{mode:o} {name}\0").as_bytes());
        bytes.extend_from_slice(oid.as_bytes());
    }
    let object = Object::new(ObjectType::Tree, bytes)?;
    let oid = object.oid;
    into.push(object);
    Ok(oid)
}

pub fn commit(tree: Oid, parents: &[Oid], author: Author<'_>, message: &str) -> Vec<u8> {
    let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
    let line = author.line();
    format!("tree {tree}\n{parents}author {line}\ncommitter {line}\n\n{message}\n").into_bytes()
}
