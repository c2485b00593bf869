//! A response of a feed → a new snapshot, for good; and a list that a command keeps among the owner's
//! files.
//!
//! Invariants: a file of this name is whole or not there, whenever the power fails; a snapshot that is
//! there already is never touched.

#![expect(clippy::disallowed_methods, reason = "write is the only writer")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::write_failed;
use crate::diag::Diagnostic;

/// Stores a snapshot under a path of the site.
pub(crate) fn store_snapshot(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    put(&root.join(path), bytes).map_err(|error| write_failed(path, &error))
}

/// Writes a list under a path of the site, in the place of the one before.
pub(crate) fn replace(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let target = root.join(path);
    let folder = target.parent().unwrap_or(Path::new("."));
    let written = written(folder, bytes).and_then(|file| {
        let persisted = file.persist(&target);
        persisted.map_err(|error| error.error)
    });
    written
        .map(drop)
        .map_err(|error| write_failed(path, &error))
}

fn put(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    written(folder, bytes)?
        .persist_noclobber(target)
        .map_err(|error| error.error)?;
    // The name, too, must outlast a failure: the feed may have forgotten the entries by then.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A file in a folder that has these bytes, and no name yet.
fn written(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    fs::create_dir_all(folder)?;
    // Hidden, so that no build takes what an interrupted run left for a snapshot.
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gleaner-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
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
