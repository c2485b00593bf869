//! A site held in memory: what changed is read again when it is asked to, and pages are made when
//! they are asked for.
//!
//! 1. [`Preview::refresh`] looks at the files ([`seen`]) and runs the pieces of the straight line
//!    that have something new to work on ([`work`]);
//! 2. what comes out is an [`Edition`]: it makes the file at a path with the functions of a build.
//!
//! Invariants: what an edition makes is byte for byte what a build of the same files writes; an
//! edition never changes, so who holds one sees one state; what is shown is replaced when the next
//! edition is whole, and stays where there can be none.
//!
//! The cache of builds is read when the first refresh begins, and what that finds out is kept for
//! later runs. Then it is given back, so that builds of the same site go on beside a preview.

mod edition;
mod seen;
mod work;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::memory::held;
use super::{Observer, Options};
pub use edition::{Edition, Served};
pub(super) use seen::Seen;
use work::Work;

/// A site held in memory.
#[derive(Debug)]
pub struct Preview {
    work: Mutex<Work>,
    edition: Mutex<Arc<Edition>>,
}

/// What a look at the files came to.
#[derive(Debug)]
pub struct Refreshed {
    /// What is shown from now on.
    pub edition: Arc<Edition>,
    /// The files that changed, sorted; all are new at first. Empty where nothing changed: then the
    /// edition is the one before.
    pub changed: Vec<Change>,
}

/// A file of the site that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The file, as diagnostics name it: relative to the site's folder.
    pub file: String,
    /// What became of it.
    pub kind: ChangeKind,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It says something else.
    Edited,
    /// It is gone.
    Removed,
}

impl Preview {
    /// A preview of a site of which nothing has been read yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Preview {
            work: Mutex::new(Work::new(options)),
            edition: Mutex::default(),
        }
    }

    /// Looks at the files and shows what they say from now on. `touched` names files of which it is
    /// known that they were written, under the site's folder as it was given: they are read though
    /// size and times may be the same. A folder stands for all that is in it.
    ///
    /// What cannot be used leaves the last good state in place, and says why in its diagnostics.
    /// One refresh runs at a time; pages of the edition before are made meanwhile.
    pub fn refresh(&self, touched: &[PathBuf], observer: &dyn Observer) -> Refreshed {
        let mut work = held(&self.work);
        let before = self.edition();
        let Some((edition, changed)) = work.refresh(&before, touched, observer) else {
            return Refreshed {
                edition: before,
                changed: Vec::new(),
            };
        };
        let edition = Arc::new(edition);
        *held(&self.edition) = Arc::clone(&edition);
        let replaced = work.take_replaced();
        rayon::spawn(move || drop((before, replaced)));
        Refreshed { edition, changed }
    }

    /// What is shown now.
    #[must_use]
    pub fn edition(&self) -> Arc<Edition> {
        Arc::clone(&held(&self.edition))
    }
}
