//! What each operation means after those before it: a picture of the tree that they change in order.
//!
//! The Hub applies the operations of a commit in order. What is renamed or copied is read from the parent commit.

use super::operation::{Change, Operation, field};
use super::places::Places;
use crate::core::failure::Failure;

/// What the operations before one have done to its paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Step {
    /// The path still holds what the parent commit has there.
    pub untouched: bool,
    /// The operation that deleted this very file before it is written again.
    pub restores: Option<usize>,
    /// A rename whose source is still in its place: the server can move it. Otherwise its content is written.
    pub moves: bool,
    /// A deletion of what is gone already.
    pub redundant: bool,
    /// What is written is what the parent commit has at the path; known when the contents are.
    pub same: bool,
}

/// What stands at a path.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// What the parent commit has there.
    Parent,
    /// What this operation has written.
    Written(usize),
    /// Nothing: this operation has deleted the file or the folder.
    Deleted(usize),
    /// Nothing: this operation has renamed the file.
    Renamed(usize),
    /// Nothing: a folder above it was deleted.
    FolderDeleted,
}

/// The paths that have been changed, and the places of their states.
struct Picture<'a> {
    places: Places<'a>,
    states: Vec<State>,
    marks: Marks,
}

/// Which paths may have been changed, by their hashes: most folders above a path have not, and need no search.
struct Marks(Vec<bool>);

/// Marks for each operation, so that few of the folders that nothing has changed look as if something had.
const MARKS: usize = 16;

/// Refuses operations that contradict each other, and says what is left for each of the others to do.
pub fn plan(operations: &[Operation]) -> Result<Vec<Step>, Box<Failure>> {
    if operations.is_empty() {
        return Err(Failure::invalid("operations", "must not be empty"));
    }
    let marks = Marks(vec![false; operations.len() * MARKS]);
    let mut picture = Picture { places: Places::default(), states: Vec::new(), marks };
    let mut steps = Vec::with_capacity(operations.len());
    for (at, operation) in operations.iter().enumerate() {
        operation.check(at)?;
        steps.push(match &operation.change {
            Change::Delete => picture.delete(at, &operation.path)?,
            Change::Rename { from } => picture.rename(at, from, operation, operations)?,
            Change::Add { .. } | Change::Copy { .. } => picture.write(at, &operation.path)?,
        });
    }
    Ok(steps)
}

impl<'a> Picture<'a> {
    fn known(&self, path: &str) -> Option<State> {
        self.states.get(self.places.get(path)?).copied()
    }

    fn set(&mut self, path: &'a str, state: State) {
        self.places.insert(path, self.states.len());
        self.states.push(state);
        let hash = path.bytes().fold(SEED, hash);
        if let Some(mark) = self.marks.at(hash) {
            *mark = true;
        }
    }

    /// The states of the folders above a path.
    fn above(&self, path: &str) -> impl Iterator<Item = State> {
        self.marks.folders(path).filter_map(|folder| self.known(folder))
    }

    fn state(&self, path: &str) -> State {
        let untouched = || if self.is_in_deleted(path) { State::FolderDeleted } else { State::Parent };
        self.known(path).unwrap_or_else(untouched)
    }

    fn is_in_deleted(&self, path: &str) -> bool {
        self.above(path).any(|state| matches!(state, State::Deleted(_)))
    }

    /// The operation that has written this path or one below it.
    fn writer_at_or_below(&self, path: &str) -> Option<usize> {
        let folder = format!("{path}/");
        let places = self.places.below(&folder).chain(self.places.get(path));
        places.filter_map(|at| self.states.get(at)?.writer()).next()
    }

    fn write(&mut self, at: usize, path: &'a str) -> Result<Step, Box<Failure>> {
        let above = || self.above(path).find_map(State::writer);
        if let Some(other) = self.writer_at_or_below(path).or_else(above) {
            return Err(contradiction(at, "path", "is written by", other));
        }
        let state = self.state(path);
        self.set(path, State::Written(at));
        let restores = match state {
            // Else it would go with its folder.
            State::Deleted(other) if !self.is_in_deleted(path) => Some(other),
            _ => None,
        };
        Ok(Step { untouched: state == State::Parent, restores, ..Step::default() })
    }

    fn delete(&mut self, at: usize, path: &'a str) -> Result<Step, Box<Failure>> {
        let bare = path.strip_suffix('/').unwrap_or(path);
        if let Some(other) = self.writer_at_or_below(bare) {
            return Err(contradiction(at, "path", "deletes what is written by", other));
        }
        let redundant = self.state(bare) != State::Parent;
        if !redundant {
            self.set(bare, State::Deleted(at));
        }
        Ok(Step { redundant, ..Step::default() })
    }

    fn rename(
        &mut self,
        at: usize,
        from: &'a str,
        operation: &'a Operation,
        operations: &[Operation],
    ) -> Result<Step, Box<Failure>> {
        if from == operation.path {
            return Err(Failure::invalid(&field(at, "from"), "is the same as the path"));
        }
        let adds = |other: usize| matches!(operations.get(other), Some(Operation { change: Change::Add { .. }, .. }));
        let source = self.state(from);
        match source {
            State::Written(other) if adds(other) => {
                return Err(contradiction(at, "from", "is written by", other));
            }
            State::Renamed(other) => return Err(contradiction(at, "from", "is renamed by", other)),
            _ => {}
        }
        let step = self.write(at, &operation.path)?;
        if source == State::Parent {
            self.set(from, State::Renamed(at));
        }
        Ok(Step { moves: source == State::Parent, ..step })
    }
}

impl State {
    fn writer(self) -> Option<usize> {
        if let State::Written(at) = self { Some(at) } else { None }
    }
}

impl Marks {
    fn at(&mut self, hash: u32) -> Option<&mut bool> {
        let count = self.0.len();
        self.0.get_mut(hash as usize % count)
    }

    /// The folders above a path that are marked.
    fn folders<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> {
        let mut above = SEED;
        path.bytes().enumerate().filter_map(move |(at, byte)| {
            let marked = byte == b'/' && self.0.get(above as usize % self.0.len()) == Some(&true);
            above = hash(above, byte);
            path.get(..at).filter(|_| marked)
        })
    }
}

/// The hash of no bytes, and of one byte more (FNV-1a).
const SEED: u32 = 0x811c_9dc5;
fn hash(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn contradiction(at: usize, name: &str, problem: &str, other: usize) -> Box<Failure> {
    Failure::invalid(&field(at, name), &format!("{problem} operations[{other}] too"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+path`, `-path`, `from>path` and `from=path` (a copy).
    fn operation(text: &str) -> Operation {
        let (path, change) = match text.split_once(['>', '=']) {
            Some((from, path)) if text.contains('>') => (path, Change::Rename { from: from.into() }),
            Some((from, path)) => (path, Change::Copy { from: from.into(), revision: None }),
            None if text.starts_with('+') => (&text[1..], Change::Add { index: 0, size: 1 }),
            None => (&text[1..], Change::Delete),
        };
        Operation { path: path.into(), change }
    }

    fn planned(operations: &str) -> Result<Vec<Step>, String> {
        let operations: Vec<_> = operations.split_whitespace().map(operation).collect();
        plan(&operations).map_err(|failure| failure.message)
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (operations, problem) in [
            ("+a +a", "\"operations[1].path\" is written by operations[0] too"),
            ("+a -a", "\"operations[1].path\" deletes what is written by operations[0] too"),
            ("+d/a -d/", "\"operations[1].path\" deletes what is written by operations[0] too"),
            ("+d/a -d", "\"operations[1].path\" deletes what is written by operations[0] too"),
            ("+a +a/b", "\"operations[1].path\" is written by operations[0] too"),
            ("+a/b +a", "\"operations[1].path\" is written by operations[0] too"),
            ("+b a>b", "\"operations[1].path\" is written by operations[0] too"),
            ("+a a>b", "\"operations[1].from\" is written by operations[0] too"),
            ("a>b a>c", "\"operations[1].from\" is renamed by operations[0] too"),
            ("a>a", "\"operations[0].from\" is the same as the path"),
            ("", "\"operations\" must not be empty"),
        ] {
            assert_eq!(planned(operations).unwrap_err(), problem, "{operations}");
        }
    }

    #[test]
    fn operations_are_judged_after_those_before_them() {
        let untouched = Step { untouched: true, ..Step::default() };
        let redundant = Step { redundant: true, ..Step::default() };
        let written = Step::default();
        let cases = [
            ("+a +b", vec![untouched, untouched]),
            ("-a +a", vec![written, Step { restores: Some(0), ..written }]),
            ("-d/ +d/a +d/e/f +e", vec![written, written, written, untouched]),
            // A folder may be deleted by its name.
            ("-d +d/a", vec![written, written]),
            ("-d/ -d", vec![written, redundant]),
            ("-d/a -d/ +d/a", vec![written, written, written]),
            ("a>b +a", vec![Step { moves: true, ..untouched }, written]),
            ("a>b b>a", vec![Step { moves: true, ..untouched }, written]),
            ("a>b b>c", vec![Step { moves: true, ..untouched }, untouched]),
            ("b>c a>b", vec![Step { moves: true, ..untouched }, Step { moves: true, ..written }]),
            ("d/a>b -d/", vec![Step { moves: true, ..untouched }, written]),
            ("-d/ d/a>b", vec![written, untouched]),
            ("-a a>b", vec![written, untouched]),
            ("-a -a", vec![written, redundant]),
            ("-d/ -d/a -d/e/", vec![written, redundant, redundant]),
            ("a>b -a", vec![Step { moves: true, ..untouched }, redundant]),
            ("a=b a>c", vec![untouched, Step { moves: true, ..untouched }]),
        ];
        for (operations, steps) in cases {
            assert_eq!(planned(operations).unwrap(), steps, "{operations}");
        }
    }

    #[test]
    fn folders_that_nothing_has_changed_are_not_looked_for() {
        let deep = |at: usize| format!("+{}x{at}", "folder/".repeat(200));
        let operations: Vec<_> = (0..3000).map(|at| operation(&deep(at))).collect();
        let steps = plan(&operations).unwrap();
        assert!(steps.len() == 3000 && steps.iter().all(|step| step.untouched));

        let mut marks = Marks(vec![false; 16 * 3000]);
        for operation in &operations {
            *marks.at(operation.path.bytes().fold(SEED, hash)).unwrap() = true;
        }
        let marked: usize = operations.iter().map(|operation| marks.folders(&operation.path).count()).sum();
        assert!(marked < 3000 * 200 / 5, "{marked}");
        assert_eq!(marks.folders(&format!("{}/y", operations[7].path)).last(), Some(operations[7].path.as_str()));
    }
}
