//! What the last build left in the output folder, and whether it is there still.
//!
//! Where a file looks to the file system as it did when it was written, it was not changed since;
//! unless it was changed within one tick of that file system's clock, and then it is read.

use std::path::Path;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::disk::{self, Folders, Found};
use super::{Writer, location, owned};
use crate::model::{Hash, Key, Made, OutPath, Stat};

/// How the last build left the output folder, as far as that is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Earlier {
    /// Its files, sorted by path.
    pub(crate) files: Vec<(OutPath, Made)>,
    /// A file that was written after all of them.
    pub(crate) ended: Stat,
}

impl Earlier {
    pub(super) fn find(&self, path: &OutPath) -> Option<&Made> {
        self.place(path).map(|at| &self.files[at].1)
    }

    fn place(&self, path: &OutPath) -> Option<usize> {
        let at = self.files.binary_search_by(|(known, _)| known.cmp(path));
        at.ok()
    }

    /// What is in a file that looks like this, if that is known without reading it.
    pub(super) fn hash(&self, path: &OutPath, stat: &Stat) -> Option<Hash> {
        let made = self.find(path)?;
        let same = made.stat == *stat && stat.is_older_than(&self.ended);
        same.then_some(made.hash)
    }
}

/// Why a file is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stale {
    /// No build is known to have made it.
    New,
    /// It is made of something else: its own matter.
    Subject,
    /// It is made of something else: what it shows beside that.
    Around,
    /// It is gone.
    Missing,
    /// Somebody changed it.
    Changed,
}

/// How it was found out that a file is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glance {
    /// It looks the same to the file system, and cannot have changed unseen.
    Enough,
    /// It was read.
    Read,
}

/// Whether a file is as a build left it that ended before `ended`; if not, why not.
pub(super) fn as_left(
    folder: &Path,
    folders: &Folders,
    (path, made): (&OutPath, &Made),
    ended: &Stat,
) -> Result<Glance, Stale> {
    if !folders.stand(folder, path) {
        return Err(Stale::Missing);
    }
    let target = folder.join(path.as_str());
    match disk::look(&target) {
        Ok(Found::File { stat }) if stat != made.stat => Err(Stale::Changed),
        Ok(Found::File { stat }) if stat.is_older_than(ended) => Ok(Glance::Enough),
        Ok(Found::File { .. }) => match disk::hash(&target) {
            Ok(hash) if hash == made.hash => Ok(Glance::Read),
            _ => Err(Stale::Changed),
        },
        Ok(Found::Nothing) => Err(Stale::Missing),
        Ok(Found::Folder | Found::Other) | Err(_) => Err(Stale::Changed),
    }
}

/// Whether the output folder is, file by file, as the last build left it, so that nothing needs to be
/// written; and whether the file system was enough to tell.
pub(crate) fn is_as_left(root: &Path, folder: &Path, earlier: &Earlier) -> Option<Glance> {
    let folder = location::resolve(root, folder, "").ok()?;
    let unfinished = [owned::JOURNAL, disk::TEMPORARY];
    if unfinished.iter().any(|name| disk::is_there(&folder, name)) {
        return None;
    }
    let folders = Folders::default();
    let glances: Result<Vec<Glance>, Stale> = earlier
        .files
        .par_iter()
        .map(|(path, made)| as_left(&folder, &folders, (path, made), &earlier.ended))
        .collect();
    let all = glances
        .ok()?
        .into_iter()
        .all(|glance| glance == Glance::Enough);
    Some(if all { Glance::Enough } else { Glance::Read })
}

impl Writer {
    /// Whether a file that was made of the same stands in its place, as the last build left it: then
    /// it stays. If not, why it must be made again.
    pub(crate) fn keep(&self, path: &OutPath, key: &Key) -> Result<(), Stale> {
        let at = self.earlier.place(path).ok_or(Stale::New)?;
        let (_, made) = &self.earlier.files[at];
        let known = made.key.ok_or(Stale::New)?;
        if known.subject != key.subject {
            return Err(Stale::Subject);
        }
        if known.around != key.around {
            return Err(Stale::Around);
        }
        let left = (path, made);
        as_left(&self.folder, &self.folders, left, &self.earlier.ended)?;
        self.kept[at].store(true, Ordering::Relaxed);
        Ok(())
    }

    /// What was kept, sorted by path.
    pub(super) fn kept(&self) -> Vec<(OutPath, Made)> {
        let files = self.earlier.files.iter().zip(&self.kept);
        let kept = files.filter(|(_, kept)| kept.load(Ordering::Relaxed));
        kept.map(|(file, _)| file.clone()).collect()
    }
}
