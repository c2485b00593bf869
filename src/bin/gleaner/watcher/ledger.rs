//! How the inputs of a site look from outside, to tell what became of them: for status lines, and
//! for watching where the system does not tell.
//!
//! A file that was written has another size, time or number. Time stamps are coarse, though (two
//! seconds on some file systems): who must not miss a change looks twice, as the poll does.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gleaner::pipeline::ChangeKind;
use walkdir::WalkDir;

use super::inputs::Inputs;

/// How deep folders may be nested: as deep as a build reads.
const DEPTH: usize = 64;

/// The inputs of a site, as they looked last.
#[derive(Debug)]
pub(crate) struct Ledger {
    inputs: Inputs,
    files: BTreeMap<PathBuf, Look>,
}

/// How something looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    File {
        size: u64,
        modified: Option<SystemTime>,
        /// When anything of it changed, and which file it is; where the system says so.
        inode: (i64, i64, u64),
    },
    /// A folder that is not looked into, but named in a warning.
    Folder,
    /// Something that cannot be read.
    Other,
}

impl Ledger {
    /// Looks at everything.
    pub(crate) fn open(inputs: Inputs) -> Self {
        let mut ledger = Ledger {
            files: BTreeMap::new(),
            inputs,
        };
        ledger.look(&ledger.inputs.all());
        ledger
    }

    /// Looks at these paths again, and at all that is in them; what changed there, sorted.
    pub(crate) fn look(&mut self, touched: &[PathBuf]) -> BTreeMap<PathBuf, ChangeKind> {
        let mut changes = BTreeMap::new();
        for path in touched {
            let now = self.looks(path);
            let was = self.below(path);
            for (path, look) in &now {
                match was.get(path) {
                    // Something that cannot be read any more, such as a link that leads nowhere.
                    None if *look == Look::Other => {
                        changes.insert(path.clone(), ChangeKind::Edited)
                    }
                    None => changes.insert(path.clone(), ChangeKind::Added),
                    Some(was) if was != look => changes.insert(path.clone(), ChangeKind::Edited),
                    Some(_) => None,
                };
            }
            for path in was.into_keys().filter(|path| !now.contains_key(path)) {
                self.files.remove(&path);
                changes.insert(path, ChangeKind::Removed);
            }
            self.files.extend(now);
        }
        changes
    }

    /// What is known of a path and of all below it.
    fn below(&self, path: &Path) -> BTreeMap<PathBuf, Look> {
        let from = (Bound::Included(path), Bound::Unbounded);
        let known = self.files.range::<Path, _>(from);
        known
            .take_while(|(known, _)| known.starts_with(path))
            .map(|(path, look)| (path.clone(), *look))
            .collect()
    }

    /// What is there now, links followed.
    fn looks(&self, path: &Path) -> BTreeMap<PathBuf, Look> {
        let inputs = &self.inputs;
        let walk = WalkDir::new(path).follow_links(true).max_depth(DEPTH);
        let mut entries = walk
            .into_iter()
            .filter_entry(|entry| inputs.has(entry.path()));
        let mut looks = BTreeMap::new();
        while let Some(entry) = entries.next() {
            let (path, look) = match entry {
                // What a build does not follow is not looked at: only that it is there.
                Ok(entry) if entry.path_is_symlink() && !inputs.follows(entry.path()) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                    (entry.into_path(), Look::Other)
                }
                Ok(entry) => {
                    let look = match entry.metadata() {
                        Ok(found) if found.is_dir() && inputs.has_in(entry.path()) => continue,
                        Ok(found) => look(&found),
                        Err(_) => Look::Other,
                    };
                    (entry.into_path(), look)
                }
                Err(error) => match error.path() {
                    // Gone, or a link that leads nowhere.
                    Some(path) if path.symlink_metadata().is_ok() => {
                        (path.to_path_buf(), Look::Other)
                    }
                    _ => continue,
                },
            };
            looks.insert(path, look);
        }
        looks
    }
}

fn look(found: &Metadata) -> Look {
    if found.is_dir() {
        return Look::Folder;
    }
    if !found.is_file() {
        return Look::Other;
    }
    Look::File {
        size: found.len(),
        modified: found.modified().ok(),
        inode: inode(found),
    }
}

#[cfg(unix)]
fn inode(found: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (found.ctime(), found.ctime_nsec(), found.ino())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}
