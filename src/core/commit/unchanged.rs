//! Operations that undo each other: files that swap equal contents, folders deleted and written again as they were. The
//! server would make an empty commit of them.

use super::places::Places;
use super::{Change, Commit, CommitCall, CommitIo, Content, FILE_COST};
use crate::core::body::{self, Entry};
use crate::core::io::{CallError, Reply};
use crate::core::pages;

impl<I: CommitIo> Commit<'_, I> {
    /// Leaves out every operation, if all together leave the tree as it is.
    pub(super) async fn leave_out_what_undoes_itself(&mut self) -> Result<(), CallError> {
        self.take_turn(FILE_COST * self.operations.len() as u64).await?;
        if !self.undoes_itself().await? {
            return Ok(());
        }
        for ((operation, content), step) in self.operations.iter().zip(&mut self.contents).zip(&mut self.steps) {
            match (&operation.change, &content) {
                (Change::Delete, _) => step.redundant = true,
                (_, Content::Ignored) => {}
                _ => *content = Content::Unchanged,
            }
        }
        Ok(())
    }

    async fn undoes_itself(&self) -> Result<bool, CallError> {
        let all = || self.operations.iter().zip(&self.contents).enumerate();
        let mut written = Places::default();
        for (at, (operation, content)) in all() {
            if operation.change != Change::Delete && !matches!(content, Content::Ignored) {
                written.insert(&operation.path, at);
            }
        }
        // Without a file to write, there is nothing that comes back.
        if written.is_empty() {
            return Ok(false);
        }
        let (mut folders, mut moved) = (Vec::new(), Vec::new());
        for (at, (operation, content)) in all() {
            let step = self.step(at);
            let undone = match &operation.change {
                Change::Delete => {
                    let bare = operation.path.strip_suffix('/').unwrap_or(&operation.path);
                    if !step.redundant && written.get(bare).is_none() {
                        folders.push(bare);
                    }
                    true
                }
                Change::Rename { from } if step.moves && written.get(from).is_none() => false,
                Change::Rename { from } if !step.same => {
                    moved.extend([from.clone(), operation.path.clone()]);
                    true
                }
                _ => step.same || (matches!(content, Content::Ignored) && self.stays(step)),
            };
            if !undone {
                return Ok(false);
            }
        }
        if !moved.is_empty() {
            let entries = self.paths_info(&moved, None).await?;
            let places = Places::of(&mut entries.iter().map(|entry| entry.path.as_str()));
            let find = |path: &String| places.get(path).and_then(|at| entries.get(at));
            let same = |pair: &[String]| match pair {
                [from, path] => find(from).zip(find(path)).is_some_and(|(one, other)| one.same_content(other)),
                _ => false,
            };
            if !moved.chunks(2).all(same) {
                return Ok(false);
            }
        }
        for folder in folders {
            if !self.is_written_again(folder, &written).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether each file that the parent commit has in a folder is written.
    async fn is_written_again(&self, folder: &str, written: &Places<'_>) -> Result<bool, CallError> {
        let mut request = self.requests.list(folder)?;
        // A list of more pages than that has other files, or no end.
        for _ in 0..=self.operations.len() {
            let reply = match self.io.call(CommitCall::ListFiles, &request).await {
                Ok(reply) => reply,
                // The commit itself will tell.
                Err(CallError::Failed(_)) => return Ok(false),
                Err(stop) => return Err(stop),
            };
            let files = body::entries(reply.value());
            // A path without files below it is none that can be deleted.
            let again = |files: &[Entry]| files.iter().all(|file| written.get(&file.path).is_some());
            if !files.is_some_and(|files| !files.is_empty() && again(&files)) {
                return Ok(false);
            }
            match pages::linked::<I>(&request.url, self.io.base_url(), &reply) {
                Ok(Some(next)) => request.url = next,
                end => return Ok(end.is_ok()),
            }
        }
        Ok(false)
    }
}
