//! What the system is asked to watch, and what it tells, in our words.
//!
//! On Linux, folder by folder: a whole tree at once would be watched by notify after it was listed,
//! and what appears in between would be lost. Elsewhere, the system itself watches trees.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};
use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::map::Part;

/// Whether whole trees are watched at once.
const TREES: bool = cfg!(any(target_os = "macos", target_os = "windows"));
/// `EMFILE`: no further instance of inotify.
const NO_INSTANCE: i32 = 24;

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// It is there, and was not before.
    Made,
    /// Another file or folder may stand there, or none.
    Moved,
    /// Something was written; it is not said that this was all.
    Written,
    /// Who wrote has closed it.
    Closed,
}

impl What {
    /// Whether something else may stand there now, or nothing.
    pub(super) fn may_be_another(self) -> bool {
        matches!(self, What::Made | What::Moved)
    }
}

/// What the system tells.
#[derive(Debug)]
pub(super) enum Told {
    /// Something happened to a path.
    Path(PathBuf, What),
    /// So much happened that it was not told: anything may have.
    Everything,
}

/// Why the system does not watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There are as many watches as the user may have.
    Watches,
    /// There are as many watchers as the user may have.
    Instances,
    /// Any other reason.
    Other(String),
}

/// The system's watches that are ours.
#[derive(Debug)]
pub(super) struct System {
    source: RecommendedWatcher,
    watched: BTreeMap<PathBuf, Part>,
}

impl System {
    /// Nothing is watched yet.
    pub(super) fn new() -> Result<(System, Receiver<Told>), Refusal> {
        let (sender, told) = channel();
        let source = notify::recommended_watcher(move |event| {
            for told in in_our_words(event) {
                // Nobody listens: the process ends.
                let _ = sender.send(told);
            }
        });
        let source = source.map_err(|error| refusal(&error))?;
        let watched = BTreeMap::new();
        Ok((System { source, watched }, told))
    }

    /// Watches a folder, unless it is watched. A folder that is not there, or that must not be read,
    /// is none of a build's, either.
    pub(super) fn watch(&mut self, folder: &Path, part: Part) -> Result<(), Refusal> {
        if self.is_watched(folder, part) {
            return Ok(());
        }
        let mode = match part {
            Part::Tree if TREES => RecursiveMode::Recursive,
            _ => RecursiveMode::NonRecursive,
        };
        match self.source.watch(folder, mode) {
            Ok(()) => {
                self.watched.insert(folder.to_path_buf(), part);
                Ok(())
            }
            Err(error) => match refusal(&error) {
                Refusal::Other(_) => Ok(()),
                limit => Err(limit),
            },
        }
    }

    fn is_watched(&self, folder: &Path, part: Part) -> bool {
        let known = self.watched.get(folder);
        if !TREES {
            return known.is_some();
        }
        let mut above = folder.ancestors();
        known.is_some_and(|known| *known >= part)
            || above.any(|above| self.watched.get(above) == Some(&Part::Tree))
    }

    /// Watches a folder and all in it no more: what stands there may not be what stood there.
    pub(super) fn forget(&mut self, path: &Path) {
        self.keep(|folder| !folder.starts_with(path));
    }

    /// Watches no folder but these.
    pub(super) fn keep(&mut self, is_wanted: impl Fn(&Path) -> bool) {
        let source = &mut self.source;
        self.watched.retain(|folder, _| {
            let keep = is_wanted(folder);
            if !keep {
                // It is not watched already where the folder is gone.
                let _ = source.unwatch(folder);
            }
            keep
        });
    }
}

fn refusal(error: &notify::Error) -> Refusal {
    match &error.kind {
        ErrorKind::MaxFilesWatch => Refusal::Watches,
        ErrorKind::Io(error) if error.raw_os_error() == Some(NO_INSTANCE) => Refusal::Instances,
        _ => Refusal::Other(error.to_string()),
    }
}

fn in_our_words(event: notify::Result<notify::Event>) -> Vec<Told> {
    let Ok(event) = event else {
        return vec![Told::Everything];
    };
    if event.need_rescan() {
        return vec![Told::Everything];
    }
    let Some(what) = what(event.kind) else {
        return Vec::new();
    };
    let paths = event.paths.into_iter();
    paths.map(|path| Told::Path(path, what)).collect()
}

/// None where nothing changed: who reads, as a build does, changes nothing.
fn what(kind: EventKind) -> Option<What> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(What::Closed),
        EventKind::Access(_) => None,
        // Both ends were told one by one.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) if !TREES => None,
        // Elsewhere, it is told of files that were there before, too.
        EventKind::Create(CreateKind::File) if !TREES => Some(What::Made),
        EventKind::Modify(ModifyKind::Data(_)) => Some(What::Written),
        _ => Some(What::Moved),
    }
}
