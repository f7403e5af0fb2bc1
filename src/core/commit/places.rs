//! The one kind of map that a commit uses, from paths to numbers: each kind costs kilobytes of wasm.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A path in the order of its bytes. Paths that lie deep have much in common, so eight bytes are compared together.
#[derive(Debug, PartialEq, Eq)]
struct Path<'a>(&'a str);

#[derive(Debug, Default)]
pub struct Places<'a>(BTreeMap<Path<'a>, usize>);

impl<'a> Places<'a> {
    /// The places of paths in their order.
    pub fn of(paths: &mut dyn Iterator<Item = &'a str>) -> Places<'a> {
        let mut places = Places::default();
        for (at, path) in paths.enumerate() {
            places.insert(path, at);
        }
        places
    }

    /// Gives the place that the path had before.
    pub fn insert(&mut self, path: &'a str, at: usize) -> Option<usize> {
        self.0.insert(Path(path), at)
    }

    pub fn get(&self, path: &str) -> Option<usize> {
        self.0.get(&Path(path)).copied()
    }

    /// The places of the paths that begin with `folder`.
    pub fn below<'p>(&'p self, folder: &'p str) -> impl Iterator<Item = usize> + 'p {
        let places: &'p BTreeMap<Path<'p>, usize> = &self.0;
        let below = move |(path, _): &(&Path<'_>, &usize)| path.0.starts_with(folder);
        places.range(Path(folder)..).take_while(below).map(|(_, at)| *at)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn paths(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().map(|path| path.0)
    }
}

impl Ord for Path<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mine, others) = (self.0.as_bytes(), other.0.as_bytes());
        let words = mine.as_chunks::<8>().0.iter().zip(others.as_chunks::<8>().0);
        let same = words.take_while(|(word, other)| word == other).count() * 8;
        mine.get(same..).cmp(&others.get(same..))
    }
}

impl PartialOrd for Path<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
