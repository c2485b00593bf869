//! The folder of a cache: made, marked as ours, and refused where it belongs to somebody else.
//!
//! Invariants: a folder counts as ours by its tag, or because a file in it begins as only this
//! program's files do; an empty folder becomes ours. In any other folder nothing is written. Marks
//! are whole or not there, so a process that is killed at any point leaves a folder that the next
//! one knows.

#![expect(
    clippy::disallowed_methods,
    reason = "the folder of the cache is made and looked at here"
)]

use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::Path;

use super::blocks;
use crate::regular::{self, Found};

/// Keeps the folder out of every repository, wherever it lies.
const GITIGNORE: (&str, &str) = (".gitignore", "*\n");
/// Keeps the folder out of backups (Cache Directory Tagging Specification), and says what it is.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n\
     # The cache of Gleaner: it makes builds quicker, and may be deleted at any time.\n\
     # See https://bford.info/cachedir/\n",
);
/// How our tag begins, in every version. Other programs' tags share the first line alone.
const OUR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# The cache of Gleaner";
/// The lock: see [`super::lock`].
pub(super) const LOCK: &str = "lock";
/// What stands in folders that hold nothing.
const NOTHING: &[&str] = &[
    ".gitkeep",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "lost+found",
];
/// Files that other commands keep beside the cache, and how they begin. A workflow may restore one of
/// them alone.
const ASIDE: &[(&str, &str)] = &[
    ("fetch.json", "{\n  \"version\": 1,\n  \"feeds\": {"),
    ("originals.txt", "gleaner originals 1\n"),
];
/// The longest text of a lock: a process number and the end of a line.
const LOCK_LENGTH: usize = 21;

/// Why a folder cannot be a cache.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// It holds something, and nothing says that it is a cache of ours: the name of what it holds.
    Foreign(String),
    /// The system says no.
    Failed(io::Error),
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Unusable::Failed(error)
    }
}

impl Unusable {
    /// The cause, to stand in a message behind a colon.
    pub(crate) fn cause(&self) -> String {
        match self {
            Unusable::Foreign(name) => {
                format!("the folder holds `{name}`, and no {} of Gleaner", TAG.0)
            }
            Unusable::Failed(error) => error.to_string(),
        }
    }

    /// What to do about a folder that is somebody else's.
    pub(crate) fn hint(&self) -> Option<String> {
        let Unusable::Foreign(_) = self else {
            return None;
        };
        let hint = "name an empty folder, or a new one, with `--cache-dir`; if this is an old cache \
                    of Gleaner, delete it: nothing is lost";
        Some(hint.to_owned())
    }
}

/// Makes the folder, unless it is there, and marks it as a cache.
pub(super) fn prepare(folder: &Path) -> Result<(), Unusable> {
    fs::create_dir_all(folder)?;
    check(folder)?;
    if !is_tagged(folder) {
        regular::replace(&folder.join(TAG.0), TAG.1.as_bytes())?;
    }
    let gitignore = folder.join(GITIGNORE.0);
    match regular::look(&gitignore)? {
        Found::Nothing => match regular::store(&gitignore, GITIGNORE.1.as_bytes()) {
            // Another run was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            stored => Ok(stored?),
        },
        // Whatever it says, somebody wants it to.
        _ => Ok(()),
    }
}

/// Makes sure that a folder is not somebody else's; one that does not exist is nobody's.
pub(crate) fn check(folder: &Path) -> Result<(), Unusable> {
    if is_tagged(folder) || has_our_files(folder) {
        return Ok(());
    }
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut foreign = Vec::new();
    for entry in entries {
        let entry = entry?;
        if !is_beginning(&entry) {
            foreign.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    // The order in which a file system lists its files says nothing.
    foreign.sort();
    match foreign.into_iter().next() {
        Some(name) => Err(Unusable::Foreign(name)),
        None => Ok(()),
    }
}

fn is_tagged(folder: &Path) -> bool {
    text(&folder.join(TAG.0), OUR_TAG.len()).is_some_and(|text| text == OUR_TAG.as_bytes())
}

/// Whether a file begins with what only this very program writes: a hash of its sources and of the
/// file's name.
fn has_our_files(folder: &Path) -> bool {
    super::files().any(|name| {
        let path = folder.join(name);
        let header = blocks::header(&path);
        text(&path, header.len()).is_some_and(|text| text == header)
    })
}

/// Whether something may stand in a folder that is to become a cache: nobody's, or what a run leaves
/// that was killed before it had marked the folder.
fn is_beginning(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let Some(name) = name.to_str() else {
        return false;
    };
    let holds = |longest: usize| text(&entry.path(), longest + 1);
    match name {
        LOCK => holds(LOCK_LENGTH).is_some_and(|text| is_lock(&text)),
        name if name == GITIGNORE.0 => {
            holds(GITIGNORE.1.len()).is_some_and(|text| text == GITIGNORE.1.as_bytes())
        }
        _ => {
            let beginning = ASIDE.iter().find(|(aside, _)| *aside == name);
            let is_aside = |(_, start): &(&str, &str)| {
                text(&entry.path(), start.len()).is_some_and(|text| text == start.as_bytes())
            };
            NOTHING.contains(&name)
                || regular::is_temporary(name)
                || beginning.is_some_and(is_aside)
        }
    }
}

/// Whether this is what a lock says: a process number, or nothing yet.
fn is_lock(text: &[u8]) -> bool {
    let digits = text.strip_suffix(b"\n").unwrap_or(text);
    text.len() <= LOCK_LENGTH && digits.iter().all(u8::is_ascii_digit)
}

/// The first bytes of a regular file.
fn text(path: &Path, length: usize) -> Option<Vec<u8>> {
    let file = regular::open(path).ok()??;
    let mut text = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_with_nothing_in_it_becomes_a_cache() {
        for files in [
            &[][..],
            &[(".gitkeep", "")],
            &[("lock", "")],
            &[("lock", "4711\n"), (".gitignore", "*\n")],
            &[(".gleaner-abc123.tmp", "Signat")],
            &[("fetch.json", "{\n  \"version\": 1,\n  \"feeds\": {}\n}\n")],
            &[("originals.txt", "gleaner originals 1\n")],
        ] {
            let folder = filled(files);
            prepare(folder.path()).unwrap();
            assert!(is_tagged(folder.path()), "{files:?}");
            prepare(folder.path()).unwrap();
        }
    }

    #[test]
    fn a_folder_with_something_else_in_it_stays_as_it_is() {
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by another program.\n";
        for (name, text) in [
            ("fetch.json", "{\"version\": 1}"),
            ("originals.txt", "https://example.org/a 404 2026-11-01\n"),
            ("manifest", "x"),
            ("lock", "my lock"),
            ("lock", "47110000000000000000000000000\n"),
            (".gitignore", "keepme\n"),
            (".gitignore", "*\nkeepme\n"),
            ("CACHEDIR.TAG", tag),
            ("letter.txt", ""),
        ] {
            let folder = filled(&[(name, text)]);
            let Err(Unusable::Foreign(found)) = prepare(folder.path()) else {
                panic!("{name}: {text:?} was taken for a cache");
            };
            assert_eq!(found, name);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
        }
    }

    #[test]
    fn a_tag_of_ours_is_known_and_a_lost_one_is_put_back() {
        let folder = filled(&[]);
        prepare(folder.path()).unwrap();
        fs::write(folder.path().join("other"), "x").unwrap();
        assert!(check(folder.path()).is_ok());
        blocks::replace(&folder.path().join(super::super::TEXTS), &[]).unwrap();
        fs::write(folder.path().join(TAG.0), "*").unwrap();
        prepare(folder.path()).unwrap();
        assert!(is_tagged(folder.path()));
    }
}
