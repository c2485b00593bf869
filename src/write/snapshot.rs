//! A response of a feed → a new snapshot, for good; and a list that a command keeps among the owner's
//! files.
//!
//! Invariants: a file of this name is whole or not there, whenever the power fails; a snapshot that is
//! there already is never touched; nothing is written through a link that leads out of `content`, and
//! nothing over what is no regular file. What a killed run may leave is swept away by the next.

use std::io;
use std::path::Path;

use super::disk::{self, Found};
use super::{location, write_failed};
use crate::diag::Diagnostic;
use crate::gate;
use crate::model::FeedName;
use crate::regular;

/// Stores a snapshot under a path of the site.
pub(crate) fn store_snapshot(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let target = target(root, path)?;
    let _whole = gate::pass();
    regular::store(&target, bytes).map_err(|error| write_failed(path, &error))
}

/// Removes what killed runs left beside the snapshots of a feed.
pub(crate) fn sweep_snapshots(root: &Path, feed: &FeedName) {
    sweep_beside(root, &format!("content/snapshots/{feed}/x"));
}

/// Writes a list under a path of the site, in the place of the one before.
pub(crate) fn replace(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let target = target(root, path)?;
    sweep_beside(root, path);
    let _whole = gate::pass();
    let replaced = match disk::look(&target) {
        Ok(Found::Nothing | Found::File { .. }) => regular::replace(&target, bytes),
        Ok(Found::Folder | Found::Other) => Err(io::Error::other("it is no regular file")),
        Err(error) => Err(error),
    };
    replaced.map_err(|error| write_failed(path, &error))
}

/// Where a file goes, in a folder that is there.
fn target(root: &Path, path: &str) -> Result<std::path::PathBuf, Diagnostic> {
    location::stays_inside(root, path)?;
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root);
    disk::create_folder(folder).map_err(|error| write_failed(path, &error))?;
    Ok(target)
}

fn sweep_beside(root: &Path, path: &str) {
    if location::stays_inside(root, path).is_ok() {
        regular::sweep(root.join(path).parent().unwrap_or(root));
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what was written")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_snapshot_is_stored_once_and_never_overwritten() {
        let root = tempfile::tempdir().unwrap();
        let path = "content/snapshots/blog/a.xml";
        store_snapshot(root.path(), path, b"one").unwrap();
        let problem = store_snapshot(root.path(), path, b"two").unwrap_err();
        assert_eq!(problem.place.unwrap().file, path);
        assert_eq!(fs::read(root.path().join(path)).unwrap(), b"one");
        let folder = root.path().join("content/snapshots/blog");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }
}
