//! The order of a commit's steps. A step asks for one thing; its answer may put further steps before what is left.

use super::lines::Lines;
use super::operation::{self, Change, Operation};
use super::requests::{self, Requests, malformed};
use super::steps::{Answer, Ask, Form, Progress, Step};
use crate::core::args::Args;
use crate::core::body;
use crate::core::failure::Failure;
use crate::core::hash;
use crate::core::json::Json;
use crate::endpoints::files::LFS_BATCH;
use crate::endpoints::repos::PREUPLOAD;

/// Files asked for in one preupload or batch request.
const BATCH: usize = 100;
/// Bytes that preupload wants to see of each file.
const SAMPLE: u64 = 512;
/// Bytes hashed at a time.
const PIECE: u64 = 4 << 20;

pub struct Plan<'a> {
    requests: Requests<'a>,
    operations: Vec<(Operation, Form)>,
    /// The next step is the last of the list.
    steps: Vec<Step>,
    /// The step that was asked last.
    asked: Option<Step>,
    /// Content of a `.gitattributes` in this commit.
    attributes: Option<Vec<u8>>,
    /// The files of the next preupload, as it wants them.
    samples: Vec<String>,
    /// Paths that need no commit.
    pub skipped: Vec<String>,
    /// Head commit of the branch, where preupload told it.
    pub head: Option<String>,
}

impl<'a> Plan<'a> {
    pub fn new(args: &'a Args, endpoint: &'a str, operations: Vec<Operation>) -> Result<Plan<'a>, Box<Failure>> {
        let requests = Requests::new(args, endpoint)?;
        operation::check(&operations)?;
        let mut steps = Vec::new();
        let mut added = Vec::new();
        let mut sources: Vec<(Option<&str>, Vec<usize>)> = Vec::new();
        for (at, operation) in operations.iter().enumerate() {
            let revision = match &operation.change {
                Change::Add { .. } => {
                    if operation.path == ".gitattributes" {
                        steps.push(Step::Attributes(at));
                    }
                    added.push(at);
                    continue;
                }
                Change::Delete => continue,
                Change::Rename { .. } => None,
                Change::Copy { revision, .. } => revision.as_deref(),
            };
            match sources.iter_mut().find(|(known, _)| *known == revision) {
                Some((_, list)) => list.push(at),
                None => sources.push((revision, vec![at])),
            }
        }
        for batch in added.chunks(BATCH) {
            for at in batch {
                steps.push(Step::Sample(*at));
            }
            steps.push(Step::Preupload(batch.to_vec()));
        }
        for (_, list) in sources {
            steps.push(Step::PathsInfo(list));
        }
        steps.push(Step::Large);
        steps.push(Step::Commit);
        steps.reverse();
        let mut known = Vec::new();
        for operation in operations {
            known.push((operation, Form::Plain));
        }
        Ok(Plan {
            requests,
            operations: known,
            steps,
            asked: None,
            attributes: None,
            samples: Vec::new(),
            skipped: Vec::new(),
            head: None,
        })
    }

    /// Takes the answer to the last step, and gives the next.
    pub fn next<V: Json>(&mut self, answer: Answer<V>, progress: Progress<'_>) -> Result<Ask, Box<Failure>> {
        if let Some(step) = self.asked.take() {
            self.take(step, answer, progress)?;
        }
        loop {
            let Some(step) = self.steps.pop() else { return Ok(Ask::Nothing) };
            let ask = self.ask(&step, progress)?;
            self.asked = Some(step);
            if let Some(ask) = ask {
                return Ok(ask);
            }
        }
    }

    fn ask(&mut self, step: &Step, progress: Progress<'_>) -> Result<Option<Ask>, Box<Failure>> {
        Ok(Some(match step {
            Step::Attributes(at) | Step::Content { at, .. } => self.read(*at, 0, u64::MAX),
            Step::Sample(at) => self.read(*at, 0, SAMPLE),
            Step::Hash { at, start, .. } => {
                let (path, size) = self.file(*at);
                progress("hash", path, *start, size);
                self.read(*at, *start, start + PIECE)
            }
            Step::BlobId { at, .. } => match self.operations.get(*at) {
                Some((_, Form::Inline(content))) => Ask::Sha1(hash::blob(content)),
                _ => return Ok(None),
            },
            Step::Preupload(_) => {
                let samples = std::mem::take(&mut self.samples);
                self.requests.preupload(&samples, self.attributes.as_deref())?
            }
            Step::PathsInfo(list) => {
                let mut paths = Vec::new();
                for at in list {
                    paths.push(self.from(*at).0.to_owned());
                }
                let revision = list.first().and_then(|at| self.from(*at).1);
                self.requests.paths_info(&paths, revision)?
            }
            Step::Download(at) => {
                let (from, revision) = self.from(*at);
                self.requests.download(from, revision)?
            }
            Step::Large => {
                self.plan_uploads();
                return Ok(None);
            }
            Step::Batch(list) => {
                let mut objects = Vec::new();
                for at in list {
                    objects.push(self.object(*at));
                }
                self.requests.lfs_batch(&objects)?
            }
            Step::Upload { at, href } => {
                let (path, size) = self.file(*at);
                progress("upload", path, 0, size);
                requests::upload(href, self.index(*at), size)
            }
            Step::Verify { at, href } => requests::verify(href, self.object(*at)),
            Step::Commit => self.commit(),
        }))
    }

    fn take<V: Json>(&mut self, step: Step, answer: Answer<V>, progress: Progress<'_>) -> Result<(), Box<Failure>> {
        match (step, answer) {
            (Step::Attributes(_), Answer::Bytes(content)) => self.attributes = Some(content),
            (Step::Sample(at), Answer::Bytes(sample)) => {
                let (path, size) = self.file(at);
                let sample = requests::sample(path, size, &sample);
                self.samples.push(sample);
            }
            (Step::Preupload(list), Answer::Reply(reply)) => self.sort(&list, &reply)?,
            (Step::Hash { at, known, mut id, start }, Answer::Bytes(piece)) => {
                id.push(&piece);
                let start = start + piece.len() as u64;
                let (path, size) = self.file(at);
                if start < size && !piece.is_empty() {
                    self.steps.push(Step::Hash { at, known, id, start });
                    return Ok(());
                }
                progress("hash", path, start, size);
                let oid = id.finish();
                let unchanged = known.as_deref() == Some(oid.as_str());
                self.set(at, if unchanged { Form::Unchanged } else { Form::Large { oid, size } });
            }
            (Step::Content { at, known }, Answer::Bytes(content)) => {
                self.set(at, Form::Inline(content));
                self.steps.push(Step::BlobId { at, known });
            }
            // Without an id the file is sent again, which changes nothing.
            (Step::BlobId { at, known: Some(known) }, Answer::Hash(Some(id))) if hash::hex(&id) == known => {
                self.set(at, Form::Unchanged);
            }
            (Step::PathsInfo(list), Answer::Reply(reply)) => self.look(&list, &reply)?,
            (Step::Download(at), Answer::Bytes(content)) => self.set(at, Form::Inline(content)),
            (Step::Batch(list), Answer::Reply(reply)) => self.transfer(&list, &reply)?,
            (Step::Upload { at, .. }, _) => {
                let (path, size) = self.file(at);
                progress("upload", path, size, size);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes what preupload says of each file.
    fn sort<V: Json>(&mut self, list: &[usize], reply: &V) -> Result<(), Box<Failure>> {
        let (told, head) = body::preupload(reply).ok_or_else(|| malformed(&PREUPLOAD))?;
        self.head = head.or(self.head.take());
        for at in list.iter().rev() {
            let (path, size) = self.file(*at);
            let told = told.iter().find(|told| told.path == path).ok_or_else(|| malformed(&PREUPLOAD))?;
            let known = told.oid.clone();
            if told.ignored {
                self.set(*at, Form::Unchanged);
            // An empty file is never a large one, whatever the answer.
            } else if told.large && size > 0 {
                self.steps.push(Step::Hash { at: *at, known, id: Box::default(), start: 0 });
            } else {
                self.steps.push(Step::Content { at: *at, known });
            }
        }
        Ok(())
    }

    /// Takes what paths-info says of the files that are renamed or copied.
    fn look<V: Json>(&mut self, list: &[usize], reply: &V) -> Result<(), Box<Failure>> {
        for at in list {
            let (from, _) = self.from(*at);
            match body::file_at(reply, from).ok_or_else(|| requests::missing(from))? {
                Some((oid, size)) => self.set(*at, Form::Large { oid, size: size as u64 }),
                None => {
                    if matches!(self.operations.get(*at), Some((Operation { change: Change::Copy { .. }, .. }, _))) {
                        self.steps.push(Step::Download(*at));
                    }
                }
            }
        }
        Ok(())
    }

    /// Asks in batches for where the large files go that the commit adds.
    fn plan_uploads(&mut self) {
        let mut large = Vec::new();
        for (at, known) in self.operations.iter().enumerate() {
            if let (Operation { change: Change::Add { .. }, .. }, Form::Large { .. }) = known {
                large.push(at);
            }
        }
        for batch in large.chunks(BATCH) {
            self.steps.push(Step::Batch(batch.to_vec()));
        }
    }

    /// Takes where each file goes. The Hub names no address for what it has.
    fn transfer<V: Json>(&mut self, list: &[usize], reply: &V) -> Result<(), Box<Failure>> {
        let told = body::lfs_batch(reply).ok_or_else(|| malformed(&LFS_BATCH))?;
        for at in list {
            let (path, _) = self.file(*at);
            let Some((_, Form::Large { oid, .. })) = self.operations.get(*at) else { continue };
            let told = told.iter().find(|told| told.oid == *oid).ok_or_else(|| malformed(&LFS_BATCH))?;
            if let Some(error) = &told.error {
                return Err(requests::refused(path, error));
            }
            if let Some(href) = told.verify.clone() {
                self.steps.push(Step::Verify { at: *at, href });
            }
            if let Some(href) = told.upload.clone() {
                self.steps.push(Step::Upload { at: *at, href });
            }
        }
        Ok(())
    }

    fn commit(&mut self) -> Ask {
        let mut lines = self.requests.lines();
        let mut count = 0;
        let mut size = 0;
        for (_, form) in &self.operations {
            if let Form::Inline(content) = form {
                size += content.len() + 1000;
            }
        }
        lines.reserve(size);
        for (operation, form) in &mut self.operations {
            // Taken out, so that each content is free as soon as it is written.
            let form = std::mem::replace(form, Form::Plain);
            if let Form::Unchanged = form {
                self.skipped.push(operation.path.clone());
                continue;
            }
            write(&mut lines, operation, &form);
            count += 1;
        }
        match self.requests.commit(lines) {
            Some(request) if count > 0 => Ask::Commit { request, count },
            _ => Ask::Nothing,
        }
    }

    fn set(&mut self, at: usize, form: Form) {
        if let Some((_, known)) = self.operations.get_mut(at) {
            *known = form;
        }
    }

    /// Path and size of a file that is added.
    fn file(&self, at: usize) -> (&str, u64) {
        match self.operations.get(at) {
            Some((Operation { path, change: Change::Add { size, .. } }, _)) => (path, *size),
            _ => ("", 0),
        }
    }

    fn index(&self, at: usize) -> usize {
        match self.operations.get(at) {
            Some((Operation { change: Change::Add { index, .. }, .. }, _)) => *index,
            _ => 0,
        }
    }

    /// Path and revision that an operation takes its file from.
    fn from(&self, at: usize) -> (&str, Option<&str>) {
        match self.operations.get(at).map(|(operation, _)| &operation.change) {
            Some(Change::Rename { from }) => (from, None),
            Some(Change::Copy { from, revision }) => (from, revision.as_deref()),
            _ => ("", None),
        }
    }

    fn read(&self, at: usize, start: u64, end: u64) -> Ask {
        let (_, size) = self.file(at);
        Ask::Read { index: self.index(at), start, end: end.min(size) }
    }

    /// A large file as an LFS request names it.
    fn object(&self, at: usize) -> String {
        match self.operations.get(at) {
            Some((_, Form::Large { oid, size })) => requests::object(oid, *size),
            _ => String::new(),
        }
    }
}

/// Writes the line of one operation.
fn write(lines: &mut Lines, operation: &Operation, form: &Form) {
    let path = operation.path.as_str();
    match (&operation.change, form) {
        (Change::Rename { from }, Form::Large { oid, size }) => lines.rename_large(path, from, oid, *size),
        (Change::Rename { from }, _) => lines.rename(path, from),
        (Change::Delete, _) if path.ends_with('/') => lines.delete_folder(path),
        (Change::Delete, _) => lines.delete_file(path),
        (_, Form::Large { oid, size }) => lines.large_file(path, oid, *size),
        (_, Form::Inline(content)) => lines.file(path, content),
        (_, Form::Plain | Form::Unchanged) => {}
    }
}
