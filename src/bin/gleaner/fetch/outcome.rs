//! What came of fetching one feed.

use gleaner::diag::{Diagnostic, has_errors};
use gleaner::pipeline::Verdict;

use super::state::Memory;

/// What came of one feed.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Its name.
    pub(crate) feed: String,
    pub(crate) end: End,
    /// Entries that no snapshot had.
    pub(crate) new: usize,
    /// Entries that say something else than before.
    pub(crate) changed: usize,
    /// The snapshots that were stored, the feed's own first.
    pub(crate) stored: Vec<String>,
    /// Bytes in them.
    pub(crate) bytes: usize,
    /// Documents of its history that were read.
    pub(crate) documents: usize,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What to remember; none if it stays as it was.
    pub(crate) memory: Option<Memory>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Something was stored.
    Stored,
    /// Something came that said nothing new.
    NothingNew,
    /// The server said that nothing has changed.
    NotModified,
    /// It did not work.
    Failed,
}

impl Outcome {
    pub(crate) fn new(feed: &str) -> Self {
        Outcome {
            feed: feed.to_owned(),
            end: End::NothingNew,
            new: 0,
            changed: 0,
            stored: Vec::new(),
            bytes: 0,
            documents: 0,
            diagnostics: Vec::new(),
            memory: None,
        }
    }

    /// The same, failed.
    pub(crate) fn failed(mut self, problem: Diagnostic) -> Self {
        self.diagnostics.push(problem);
        self.end = End::Failed;
        self
    }

    /// Counts a snapshot that was stored.
    pub(crate) fn count(&mut self, path: &str, verdict: &Verdict, bytes: usize) {
        if let Verdict::New { new, changed } = verdict {
            self.new += new;
            self.changed += changed;
        }
        self.stored.push(path.to_owned());
        self.bytes += bytes;
        self.end = End::Stored;
    }

    /// Whether anything of it failed.
    pub(crate) fn is_failed(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}
