//! Files as they were when they were last looked at, and what is different from then.
//!
//! As in a build, what the file system says is a hint: a file that looks the same is the same,
//! unless somebody saw that it was written ([`Touched`]); one that looks different is read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Change, ChangeKind};
use crate::cache::Input;
use crate::load::{self, FileRef};
use crate::model::{Hash, Stat};
use crate::pipeline::site::Site;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Settings,
    Theme,
    Snapshot,
    Note,
    Page,
    Static,
    Originals,
}

/// All files of a site, by their paths.
#[derive(Debug, Clone, Default)]
pub(in crate::pipeline) struct Seen(BTreeMap<Arc<str>, File>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct File {
    role: Role,
    stat: Stat,
    /// What is in it; none if it was not read, as a file that is only copied, or cannot be.
    hash: Option<Hash>,
}

/// Paths that are known to have been written, under the site's folder as it was given. A folder
/// stands for all that is in it.
pub(super) struct Touched<'a>(BTreeSet<&'a Path>);

impl<'a> Touched<'a> {
    pub(super) fn new(paths: &'a [PathBuf]) -> Self {
        Touched(paths.iter().map(PathBuf::as_path).collect())
    }

    fn has(&self, file: &FileRef) -> bool {
        let mut above = file.disk.ancestors();
        !self.0.is_empty() && above.any(|path| self.0.contains(path))
    }
}

impl Seen {
    /// Looks at the files of a site, of which these were seen before.
    pub(super) fn look(site: &Site, before: &Seen, touched: &Touched) -> Seen {
        let listing = &site.listing;
        let of = |role| move |file| (role, file);
        let snapshots = listing.snapshots.iter().map(|(_, file)| file);
        let files: Vec<(Role, &FileRef)> = snapshots
            .map(of(Role::Snapshot))
            .chain(listing.notes.iter().map(of(Role::Note)))
            .chain(listing.pages.iter().map(of(Role::Page)))
            .chain(listing.statics.iter().map(of(Role::Static)))
            .chain(listing.theme.iter().map(of(Role::Theme)))
            .chain(listing.originals.iter().map(of(Role::Originals)))
            .collect();
        let look = |(role, file): &(Role, &FileRef)| {
            let hash = match before.0.get(&file.path) {
                Some(known) if known.stat == file.stat && !touched.has(file) => known.hash,
                Some(_) => hash(file),
                // What is new is read soon, by who needs it.
                None => None,
            };
            let seen = File {
                role: *role,
                stat: file.stat,
                hash,
            };
            (Arc::clone(&file.path), seen)
        };
        let mut seen: Vec<_> = files.par_iter().map(look).collect();
        let settings = site.settings();
        let file = File {
            role: Role::Settings,
            stat: settings.stat,
            hash: Some(settings.hash),
        };
        seen.push((settings.path.into(), file));
        Seen(seen.into_iter().collect())
    }

    /// Takes over what was found out by reading.
    pub(super) fn learn(&mut self, inputs: &[Input]) {
        for input in inputs {
            if let Some(file) = self.0.get_mut(&*input.path)
                && file.stat == input.stat
            {
                file.hash = Some(input.hash);
            }
        }
    }

    /// What is in a file that looks like this, if that is known.
    pub(in crate::pipeline) fn hash(&self, file: &FileRef) -> Option<Hash> {
        let known = self.0.get(&file.path)?;
        known.hash.filter(|_| known.stat == file.stat)
    }

    /// What is different from before, by path.
    pub(super) fn since(&self, before: &Seen) -> Vec<(Role, Change)> {
        let change = |path: &Arc<str>, file: &File, kind| {
            let change = Change {
                file: path.to_string(),
                kind,
            };
            (file.role, change)
        };
        let mut changes = Vec::new();
        for (path, file) in &self.0 {
            match before.0.get(path) {
                None => changes.push(change(path, file, ChangeKind::Added)),
                Some(known) if known.differs(file) => {
                    changes.push(change(path, file, ChangeKind::Edited));
                }
                Some(_) => {}
            }
        }
        for (path, file) in &before.0 {
            if !self.0.contains_key(path) {
                changes.push(change(path, file, ChangeKind::Removed));
            }
        }
        changes.sort_by(|(_, a), (_, b)| a.cmp(b));
        changes
    }
}

impl File {
    fn differs(&self, now: &File) -> bool {
        match (self.hash, now.hash) {
            (None, None) => self.stat != now.stat,
            (before, now) => before != now,
        }
    }
}

/// None if the file cannot be read: then it is not what it was, and who needs it says what is wrong.
fn hash(file: &FileRef) -> Option<Hash> {
    let (source, _) = load::read_plain(file);
    source.map(|source| Hash::of(&source.bytes))
}
