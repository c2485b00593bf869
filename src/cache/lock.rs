//! The lock of a cache: while a run holds it, another one on the same cache stops before it begins.
//!
//! The file stays: removing it would let two runs lock two files of that name.

#![expect(clippy::disallowed_methods, reason = "a lock is a file of the cache")]

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use super::folder::{LOCK, Unusable};
use crate::model::Stat;
use crate::regular;

/// Held as long as it lives, and gone with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    began: Stat,
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Why there is no lock.
#[derive(Debug)]
pub(super) enum Locked {
    /// Another run holds it: its process, if it says so.
    By(Option<u32>),
    /// The folder or the file cannot be used.
    Unusable(Unusable),
}

impl<E: Into<Unusable>> From<E> for Locked {
    fn from(error: E) -> Self {
        Locked::Unusable(error.into())
    }
}

impl Lock {
    /// Takes the lock of a folder that is a cache, without waiting.
    pub(super) fn take(folder: &Path) -> Result<Lock, Locked> {
        let mut file = open(&folder.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Locked::By(holder(&mut file))),
            // A file system without locks: better to build than to refuse.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let began = mark(&file);
        Ok(Lock { file, began })
    }

    /// How the file looked when the lock was taken, and it was written.
    pub(super) fn began(&self) -> Stat {
        self.began
    }

    /// How the file looks now, when it is written again.
    pub(super) fn ended(&self) -> Stat {
        mark(&self.file)
    }
}

/// Opens the file, and makes it if it is not there.
fn open(path: &Path) -> io::Result<File> {
    if let Some(file) = regular::open_to_write(path)? {
        return Ok(file);
    }
    match regular::create(path) {
        // Another run was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            regular::open_to_write(path)?.ok_or(error)
        }
        created => created,
    }
}

/// Writes who holds the lock, which is said for the message alone, and looks at the time that this
/// gives the file: that of its file system, not ours.
fn mark(mut file: &File) -> Stat {
    let said = format!("{}\n", std::process::id());
    let _ = file.set_len(0).and_then(|()| file.rewind());
    let _ = file.write_all(said.as_bytes());
    let metadata = file.metadata();
    metadata
        .map(|metadata| Stat::of(&metadata))
        .unwrap_or_default()
}

fn holder(file: &mut File) -> Option<u32> {
    let mut said = String::new();
    file.read_to_string(&mut said).ok()?;
    said.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_free_when_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        let Err(Locked::By(holder)) = Lock::take(folder.path()) else {
            panic!("taken twice");
        };
        assert_eq!(holder, Some(std::process::id()));
        drop(first);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
