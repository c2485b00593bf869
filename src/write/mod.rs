//! The only writer: from rendered bytes to the output folder, touching what differs and no more.
//!
//! 1. [`Writer::open`] makes sure that the folder is ours to write in, and reads the list of the
//!    files that earlier builds wrote;
//! 2. [`Writer::file`] takes files as they come, from many threads: a new one is written straight,
//!    a changed one beside the old and renamed over it, one that is right is left alone;
//! 3. folders whose files are made together ([`sealed`]) are kept as a whole where nothing that they
//!    are made of has changed;
//! 4. what the last build left, and nothing else stands for now, stays without being made
//!    ([`earlier`]);
//! 5. [`Writer::finish`] removes files of ours that are no longer planned, then the folders that
//!    became empty, writes the list last, and says what all of it weighs ([`weight`]).
//!
//! Where anything could not be written, nothing is removed, because what stands there may be all
//! that readers have; and one cause is one error ([`failures`]).
//!
//! Invariants: a file that is not on the list is foreign: it is neither changed nor removed, but
//! by `--force` where a planned file must stand; neither is what stands in the place of our own
//! records without being one; nothing is written through a symbolic link inside
//! the folder; a reader of the folder sees old or new files, never half of one that was there
//! before; a build that is interrupted at any point leaves a folder that the next build
//! understands, because a path is noted down before its file is made.

mod disk;
mod earlier;
mod export;
mod failures;
mod foreign;
mod fresh;
mod location;
mod owned;
mod sealed;
mod snapshot;
#[cfg(test)]
mod tests;
mod weight;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diag::{Code, Diagnostic, Place};
use crate::load::shown;
use crate::model::{Hash, Key, Made, OutPath, Stat, portable};
use disk::{Folders, Found, Temporary};
pub(crate) use earlier::{Earlier, Glance, Stale, is_as_left};
pub(crate) use export::export;
pub use export::write_manual;
use failures::{Failures, write_failed};
use foreign::{foreign_folder, foreign_record};
pub use fresh::{NewFile, NewSite};
pub(crate) use fresh::{begin, taken};
pub(crate) use location::{is_among_inputs, is_within};
pub(crate) use owned::published;
use owned::{Journal, Known, Owned};
pub(crate) use snapshot::{replace, store_snapshot, sweep_snapshots};
pub(crate) use weight::weigh;
pub use weight::{KindWeight, Weight};

/// What a build did to the output folder.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// New and changed files, sorted.
    pub(crate) written: Vec<OutPath>,
    /// Files that were already right.
    pub(crate) unchanged: usize,
    /// Files of earlier builds that were removed, sorted.
    pub(crate) removed: Vec<OutPath>,
    /// Bytes in `written`.
    pub(crate) bytes: u64,
    /// All files of the site as they are now, our own list with them, sorted.
    pub(crate) files: Vec<(OutPath, Made)>,
    /// What they weigh.
    pub(crate) weight: Weight,
    /// What could not be written or removed, and why; what is too large for some hosts.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// An output folder that is open for writing.
#[derive(Debug)]
pub(crate) struct Writer {
    folder: PathBuf,
    /// How diagnostics name the folder.
    label: String,
    force: bool,
    /// What earlier builds wrote.
    owned: Owned,
    /// How the last one left it.
    earlier: Earlier,
    /// Which files of the last one stay, each in its place there.
    kept: Vec<AtomicBool>,
    journal: Journal,
    folders: Folders,
    temporary: Temporary,
    progress: Mutex<Progress>,
}

/// What has been done so far.
#[derive(Debug, Default)]
struct Progress {
    files: BTreeMap<OutPath, Made>,
    failed: BTreeSet<OutPath>,
    /// Why, where the system said no.
    failures: Failures,
    /// New paths, noted before their files were made.
    noted: BTreeSet<OutPath>,
    report: Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Written,
    Unchanged,
}

/// Why a file could not be put in its place.
#[derive(Debug)]
enum Problem {
    /// Something else stands there.
    Told(Diagnostic),
    /// The system said no.
    Failed(std::io::Error),
}

impl From<Diagnostic> for Problem {
    fn from(diagnostic: Diagnostic) -> Self {
        Problem::Told(diagnostic)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Problem::Failed(error)
    }
}

/// What is wrong with the place of an output folder that no build has to open: `check`.
pub(crate) fn misplaced(root: &Path, folder: &Path) -> Option<Diagnostic> {
    location::resolve(root, folder, &label(root, folder)).err()
}

fn label(root: &Path, folder: &Path) -> String {
    match shown(folder.strip_prefix(root).unwrap_or(folder)) {
        label if label.is_empty() => ".".to_owned(),
        label => label,
    }
}

impl Writer {
    /// Opens the output folder of the site in `root`, and makes it if it does not exist. An error
    /// if it holds what the site is made of, or files that no build wrote, unless `force`.
    pub(crate) fn open(
        root: &Path,
        folder: &Path,
        force: bool,
        earlier: Earlier,
    ) -> Result<Writer, Diagnostic> {
        let label = label(root, folder);
        let folder = location::resolve(root, folder, &label)?;
        let failed = |error| write_failed(&label, &error);
        disk::create_folder(&folder).map_err(failed)?;
        let known = match owned::known(&folder, &earlier) {
            Some(owned) => Known::Ours(owned),
            None => owned::load(&folder).map_err(failed)?,
        };
        let owned = match known {
            Known::Ours(owned) => owned,
            _ if force => Owned::default(),
            Known::Nothing if disk::is_empty(&folder).map_err(failed)? => Owned::default(),
            Known::Nothing => return Err(foreign_folder(&label)),
            Known::Foreign(name) => return Err(foreign_record(&label, name)),
        };
        let Some(temporary) = Temporary::new(&folder, force).map_err(failed)? else {
            return Err(foreign_record(&label, disk::TEMPORARY));
        };
        Ok(Writer {
            journal: Journal::new(&folder),
            folders: Folders::default(),
            progress: Mutex::default(),
            folder,
            label,
            force,
            owned,
            kept: earlier
                .files
                .iter()
                .map(|_| AtomicBool::default())
                .collect(),
            earlier,
            temporary,
        })
    }

    /// Puts one file in its place. No two calls may name the same path, nor a path below another.
    pub(crate) fn file(&self, path: &OutPath, bytes: &[u8], key: Option<&Key>) {
        let hash = Hash::of(bytes);
        let outcome = self.put(path, bytes, hash);
        let mut progress = self.progress();
        match outcome {
            Ok((outcome, stat)) => {
                let key = key.copied();
                progress
                    .files
                    .insert(path.clone(), Made { stat, hash, key });
                if outcome == Outcome::Written {
                    progress.report.written.push(path.clone());
                    progress.report.bytes += bytes.len() as u64;
                } else {
                    progress.report.unchanged += 1;
                }
            }
            Err(problem) => {
                progress.failed.insert(path.clone());
                match problem {
                    Problem::Told(told) => progress.report.diagnostics.push(told),
                    Problem::Failed(error) => progress.failures.add(path, &error),
                }
            }
        }
    }

    /// Whether something could not be written below a folder.
    pub(crate) fn has_failed_below(&self, folder: &OutPath) -> bool {
        let progress = self.progress();
        progress.failed.iter().any(|path| path.is_below(folder))
    }

    /// Whether something stands in the place of a file.
    pub(crate) fn is_taken(&self, path: &OutPath) -> bool {
        disk::is_there(&self.folder, path.as_str())
    }

    /// Removes what is no longer planned and writes the list of our files. With `prune` off, as
    /// after a build with errors, whose missing pages were good once, everything stays; and so it
    /// does where a file could not be written.
    pub(crate) fn finish(self, prune: bool) -> Written {
        let progress = std::mem::take(&mut *self.progress());
        let mut report = progress.report;
        report.files = self.kept();
        report.unchanged += report.files.len();
        report.files.extend(progress.files);
        // Two sorted lists, one behind the other.
        report.files.sort_by(|(a, _), (b, _)| a.cmp(b));

        let failures = progress.failures.told(&self.label, "written");
        report.diagnostics.extend(failures);
        let prune = prune && progress.failed.is_empty();
        let mut unremoved = Failures::default();
        let mut left: Vec<(OutPath, Option<Hash>)> = Vec::new();
        for (path, hash) in self.unplanned(&report) {
            if prune {
                match disk::remove(&self.folder, path) {
                    Ok(()) => {
                        report.removed.push(path.clone());
                        continue;
                    }
                    Err(error) => unremoved.add(path, &error),
                }
            }
            left.push((path.clone(), hash));
        }
        report
            .diagnostics
            .extend(unremoved.told(&self.label, "removed"));
        disk::remove_empty_folders(&self.folder, &report.removed);
        // What stands where a new file could not be finished is half a file of ours.
        let half = progress.noted.intersection(&progress.failed);
        left.extend(half.map(|path| (path.clone(), None)));
        let mut owned = Owned::of(&report.files);
        owned.add(left);
        let list = self.close(&owned, &mut report);
        report.files.extend(list);
        report.files.sort_by(|(a, _), (b, _)| a.cmp(b));
        report.weight = weigh(&report.files);
        report.diagnostics.extend(report.weight.told(&self.label));
        report.written.sort();
        report.removed.sort();
        report.diagnostics.sort_by(Diagnostic::report_order);
        report
    }

    /// What of our files is not in its place after this build, in their order.
    fn unplanned(&self, report: &Written) -> Vec<(&OutPath, Option<Hash>)> {
        let mut planned = report.files.iter().map(|(path, _)| path).peekable();
        let is_unplanned = |(path, _): &(&OutPath, _)| {
            while planned.next_if(|other| other < path).is_some() {}
            planned.peek() != Some(path) && !report.removed.contains(path)
        };
        self.owned.iter().filter(is_unplanned).collect()
    }

    /// Writes the list of our files, which is returned as what it is now.
    fn close(&self, owned: &Owned, report: &mut Written) -> Option<(OutPath, Made)> {
        let saved = owned.save(&self.folder, &self.temporary);
        // The journal goes only when the list says all that it says.
        let closed = saved.and_then(|list| self.journal.remove().map(|()| list));
        let cleared = self.temporary.clear();
        match closed.and_then(|list| cleared.map(|()| list)) {
            Ok(list) => list,
            Err(error) => {
                let cause = error.to_string();
                let is_told = |told: &Diagnostic| {
                    told.code == Code::WriteFailed && told.message.ends_with(&cause)
                };
                if !report.diagnostics.iter().any(is_told) {
                    report.diagnostics.push(write_failed(&self.label, &error));
                }
                None
            }
        }
    }

    fn put(&self, path: &OutPath, bytes: &[u8], hash: Hash) -> Result<(Outcome, Stat), Problem> {
        if path.is_reserved() {
            let message = format!("a name that Gleaner keeps for itself: {path}");
            let problem = Diagnostic::error(Code::PathInvalid, message).at(self.place(path));
            return Err(problem.into());
        }
        if cfg!(windows)
            && let Some((_, why)) = portable::first_not_on_windows(path.as_str())
        {
            // The system would write to a device, or under another name.
            let message = format!("a file of this name cannot be on Windows: {why}");
            let problem = Diagnostic::error(Code::NameNotPortable, message).at(self.place(path));
            return Err(problem.into());
        }
        self.make_folders(path)?;
        let target = self.folder.join(path.as_str());
        match disk::look(&target)? {
            Found::Nothing => {}
            Found::Folder => self.clear_folder(path)?,
            Found::File { stat } if self.may_replace(path) => {
                let same = match self.earlier.hash(path, &stat) {
                    Some(known) => known == hash,
                    None if stat.size != bytes.len() as u64 => false,
                    None => disk::holds(&target, bytes)?,
                };
                if same {
                    return Ok((Outcome::Unchanged, stat));
                }
                self.note(path)?;
                let stat = self.temporary.replace(&target, bytes)?;
                return Ok((Outcome::Written, stat));
            }
            Found::Other if self.may_replace(path) => {
                self.note(path)?;
                let stat = self.temporary.replace(&target, bytes)?;
                return Ok((Outcome::Written, stat));
            }
            Found::File { .. } | Found::Other => return Err(self.foreign(path).into()),
        }
        self.note(path)?;
        let stat = disk::create(&target, bytes)?;
        Ok((Outcome::Written, stat))
    }

    /// Makes the folders above a file, and makes sure that those that exist are folders, not
    /// links that lead elsewhere.
    fn make_folders(&self, path: &OutPath) -> Result<(), Problem> {
        self.folders.ensure(&self.folder, path, |folder, found| {
            let removable = match found {
                Found::File { .. } => self.may_replace(folder),
                _ => self.force,
            };
            if !removable {
                return Err(self.foreign(folder).into());
            }
            disk::remove(&self.folder, folder)?;
            if self.owned.contains(folder) {
                self.progress().report.removed.push(folder.clone());
            }
            Ok(())
        })
    }

    /// Removes a folder where a file must stand, if every file in it is ours.
    fn clear_folder(&self, path: &OutPath) -> Result<(), Problem> {
        let files = disk::files_below(&self.folder, path)?;
        let all_owned = |files: &Vec<OutPath>| files.iter().all(|file| self.owned.contains(file));
        let Some(files) = files.filter(all_owned) else {
            return Err(self.foreign(path).into());
        };
        for file in &files {
            disk::remove(&self.folder, file)?;
        }
        disk::remove_folders(&self.folder, path)?;
        self.progress().report.removed.extend(files);
        Ok(())
    }

    fn note(&self, path: &OutPath) -> std::io::Result<()> {
        if self.owned.contains(path) {
            return Ok(());
        }
        self.journal.note(path)?;
        self.progress().noted.insert(path.clone());
        Ok(())
    }

    fn may_replace(&self, path: &OutPath) -> bool {
        self.force || self.owned.contains(path)
    }

    fn place(&self, path: &OutPath) -> Place {
        Place::file(format!("{}/{path}", self.label))
    }

    fn foreign(&self, path: &OutPath) -> Diagnostic {
        Diagnostic::error(Code::OutputForeign, "no build wrote what stands here")
            .at(self.place(path))
            .hint("move it away, or overwrite files with `--force`")
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // What a panicking thread left is still a list of finished files.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
