//! A site held in memory: what changed is read again when it is asked to, and pages are made when
//! they are asked for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Observer, Options, run};
use crate::diag::Diagnostic;
use crate::model::Hash;

/// A site held in memory.
#[derive(Debug)]
pub struct Preview {
    options: Options,
    edition: Mutex<Arc<Edition>>,
}

/// What a look at the files came to.
#[derive(Debug)]
pub struct Refreshed {
    /// What is shown from now on.
    pub edition: Arc<Edition>,
    /// The files that changed, sorted; all are new at first. Empty where nothing changed.
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

/// The site between two changes. Cheap to hold; what is asked of it is made then.
#[derive(Debug)]
pub struct Edition {
    number: u64,
    ready: Option<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

/// A file of the site, made when it was asked for.
#[derive(Debug, Clone)]
pub struct Served {
    /// What `build` would write, or, where that fails, what it would have written before.
    pub bytes: Vec<u8>,
    /// Of the bytes, in hex: two editions show the same file if their hashes are equal.
    pub hash: String,
    /// What is wrong with this very file; then the bytes are those of the last edition that could
    /// make it, and none if none could.
    pub problems: Vec<Diagnostic>,
}

impl Preview {
    /// A preview of a site of which nothing has been read yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Preview {
            options,
            edition: Mutex::default(),
        }
    }

    /// Looks at the files and shows what they say from now on. `touched` names files of which it is
    /// known that they were written: they are read though size and times may be the same.
    ///
    /// What cannot be used leaves the last good state in place, and says why in its diagnostics.
    /// One refresh runs at a time; pages of the edition before are made meanwhile.
    pub fn refresh(&self, touched: &[PathBuf], observer: &dyn Observer) -> Refreshed {
        let _ = touched;
        let folder = std::env::temp_dir().join(format!("gleaner-stub-{}", std::process::id()));
        let options = Options {
            output: Some(folder.clone()),
            ..self.options.clone()
        };
        let report = run(&options, observer);
        let edition = Arc::new(Edition {
            number: self.edition().number + 1,
            ready: (report.pages > 0).then_some(folder),
            diagnostics: report.diagnostics,
        });
        let mut held = self.edition.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::clone(&edition);
        let changed = vec![Change {
            file: "site.toml".to_owned(),
            kind: ChangeKind::Edited,
        }];
        Refreshed { edition, changed }
    }

    /// What is shown now.
    #[must_use]
    pub fn edition(&self) -> Arc<Edition> {
        let held = self.edition.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held)
    }
}

impl Default for Edition {
    fn default() -> Self {
        Edition {
            number: 0,
            ready: None,
            diagnostics: Vec::new(),
        }
    }
}

impl Edition {
    /// Counts up with every change; 0 before anything was read.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether there is a site at all: not before the first refresh, and not where that found no
    /// valid settings or theme.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.is_some()
    }

    /// The path of the base URL, under which the site is published: `/`, or `/archive/`.
    #[must_use]
    pub fn mount(&self) -> &'static str {
        "/"
    }

    /// How many entries and pages there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (0, 0)
    }

    /// What is wrong with the site, in the order of files and places.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether the site has a file at this path: decoded, and relative to the mount, such as
    /// `tags/rust.html`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    /// Makes the file at this path, if the site has one.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a stub")]
    pub fn file(&self, path: &str) -> Option<Served> {
        let bytes = std::fs::read(self.ready.as_ref()?.join(path)).ok()?;
        Some(Served {
            hash: Hash::of(&bytes).to_string(),
            bytes,
            problems: Vec::new(),
        })
    }
}
