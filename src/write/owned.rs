//! Which files of the output are ours: a list with hashes, and a journal while a build runs.
//!
//! The list is written when a build ends; until then, each new path is noted in the journal before
//! its file is made. Both together know every file that any build made, whenever it stopped.
//!
//! Invariants: the list is a function of the files alone, sorted, one on each line, and may be
//! served, since it says nothing but what is there; a path in it is checked like any other, so that
//! a list that was tampered with cannot lead outside the folder.

#![expect(clippy::disallowed_methods, reason = "write is the only writer")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize, Serializer};

use super::disk::{self, Folders, Found, Temporary};
use super::earlier::{Earlier, as_left};
use super::location;
use crate::model::{Hash, Made, OutPath};
use crate::regular;

/// The list of our files.
pub(super) const LIST: &str = ".gleaner-files.json";
/// The new paths of a build that has not ended.
pub(super) const JOURNAL: &str = ".gleaner-journal";
/// What a journal begins with.
const JOURNAL_HEAD: &str = "# The new files of a build that has not ended.\n";
/// The version of the list's format: another one is not understood.
const VERSION: u32 = 1;

/// The files that builds made, sorted, each with the hash of what was written; none where a build
/// did not live to say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Owned(Vec<(OutPath, Option<Hash>)>);

#[derive(Deserialize)]
struct List {
    version: u32,
    files: BTreeMap<String, Option<String>>,
}

/// The same, to be written.
#[derive(Serialize)]
struct Listed<'a> {
    version: u32,
    files: &'a Owned,
}

impl Serialize for Owned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hash = |hash: &Option<Hash>| hash.map(|hash| hash.to_string());
        let files = self.0.iter();
        serializer.collect_map(files.map(|(path, made)| (path, hash(made))))
    }
}

impl Owned {
    pub(super) fn contains(&self, path: &OutPath) -> bool {
        self.place(path).is_ok()
    }

    fn place(&self, path: &OutPath) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(path))
    }

    /// What a build left, sorted.
    pub(super) fn of(files: &[(OutPath, Made)]) -> Self {
        let files = files.iter().filter(|(path, _)| !path.is_reserved());
        let owned = files.map(|(path, made)| (path.clone(), Some(made.hash)));
        Owned(owned.collect())
    }

    /// Adds files that are ours, too; what is known of those that are on the list stays.
    pub(super) fn add(&mut self, more: Vec<(OutPath, Option<Hash>)>) {
        self.0.extend(more);
        // Stable: what was on the list comes first.
        self.0.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.0.dedup_by(|(later, _), (earlier, _)| later == earlier);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&OutPath, Option<Hash>)> {
        self.0.iter().map(|(path, hash)| (path, *hash))
    }

    /// Writes the list, unless it is written already; what it is then.
    pub(super) fn save(
        &self,
        folder: &Path,
        temporary: &Temporary,
    ) -> io::Result<Option<(OutPath, Made)>> {
        let list = Listed {
            version: VERSION,
            files: self,
        };
        let mut bytes = serde_json::to_vec_pretty(&list)?;
        bytes.push(b'\n');
        let target = folder.join(LIST);
        let stat = match disk::look(&target)? {
            Found::File { stat } if disk::holds(&target, &bytes)? => stat,
            _ => temporary.replace(&target, &bytes)?,
        };
        let made = Made {
            stat,
            hash: Hash::of(&bytes),
            key: None,
        };
        Ok(OutPath::new(LIST).map(|path| (path, made)))
    }
}

/// What the last build left, where its list is as it wrote it, and no other build has begun since;
/// the list need not be read then.
pub(super) fn known(folder: &Path, earlier: &Earlier) -> Option<Owned> {
    let list = OutPath::new(LIST)?;
    let made = earlier.find(&list)?;
    let left = (&list, made);
    as_left(folder, &Folders::default(), left, &earlier.ended).ok()?;
    let is_closed = !disk::is_there(folder, JOURNAL);
    is_closed.then(|| Owned::of(&earlier.files))
}

/// The files that earlier builds left in a folder, or, where it has no list of them, in whatever
/// folder the last build wrote into.
pub(crate) fn published(root: &Path, folder: &Path, earlier: Option<&Earlier>) -> Vec<OutPath> {
    let Ok(folder) = location::resolve(root, folder, "") else {
        return Vec::new();
    };
    let owned = earlier.and_then(|earlier| known(&folder, earlier));
    let owned = owned.or_else(|| match load(&folder) {
        Ok(Known::Ours(owned)) => Some(owned),
        _ => None,
    });
    let owned = owned.or_else(|| earlier.map(|earlier| Owned::of(&earlier.files)));
    let owned = owned.unwrap_or_default().0.into_iter();
    owned.map(|(path, _)| path).collect()
}

/// What is known of a folder.
#[derive(Debug)]
pub(super) enum Known {
    /// No build has begun to write there.
    Nothing,
    /// These files are ours.
    Ours(Owned),
    /// Something of this name stands there, and it is no record of ours.
    Foreign(&'static str),
}

/// What the list and the journal of a folder say.
pub(super) fn load(folder: &Path) -> io::Result<Known> {
    let (list, journal) = match (record(folder, LIST)?, record(folder, JOURNAL)?) {
        (Record::Foreign, _) => return Ok(Known::Foreign(LIST)),
        (_, Record::Foreign) => return Ok(Known::Foreign(JOURNAL)),
        (Record::Missing, Record::Missing) => return Ok(Known::Nothing),
        (list, journal) => (list.bytes(), journal.bytes()),
    };
    let mut owned = match list.as_deref().map(parse) {
        Some(Some(owned)) => owned,
        Some(None) => return Ok(Known::Foreign(LIST)),
        None => Owned::default(),
    };
    if let Some(journal) = journal {
        if !is_journal(folder, &journal) {
            return Ok(Known::Foreign(JOURNAL));
        }
        let noted = journal_paths(&journal).into_iter();
        owned.add(noted.map(|path| (path, None)).collect());
    }
    Ok(Known::Ours(owned))
}

/// What stands under the name of a record.
enum Record {
    Missing,
    Bytes(Vec<u8>),
    /// A folder.
    Foreign,
}

impl Record {
    fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Record::Bytes(bytes) => Some(bytes),
            Record::Missing | Record::Foreign => None,
        }
    }
}

fn record(folder: &Path, name: &str) -> io::Result<Record> {
    let path = folder.join(name);
    match disk::look(&path)? {
        // A link holds nothing: a record takes its place.
        Found::Nothing | Found::Other => return Ok(Record::Missing),
        Found::File { .. } => {}
        Found::Folder => return Ok(Record::Foreign),
    }
    let Some(mut file) = regular::open(&path)? else {
        return Ok(Record::Missing);
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Record::Bytes(bytes))
}

fn parse(list: &[u8]) -> Option<Owned> {
    let list: List = serde_json::from_slice(list).ok()?;
    let files = list.files.into_iter();
    (list.version == VERSION).then(|| {
        Owned(
            files
                .filter_map(|(path, hash)| {
                    let hash = hash.as_deref().and_then(Hash::from_hex);
                    Some((own_path(&path)?, hash))
                })
                .collect(),
        )
    })
}

/// Whether a build wrote this journal: by its first line, of which a killed build may have written a
/// part. Earlier versions began with a path at once; then its file stands there.
fn is_journal(folder: &Path, journal: &[u8]) -> bool {
    let line = journal.split(|byte| *byte == b'\n').next();
    let begins = |line: &[u8]| !line.is_empty() && JOURNAL_HEAD.as_bytes().starts_with(line);
    if journal.is_empty() || line.is_some_and(begins) {
        return true;
    }
    let paths = journal_paths(journal);
    let first = paths.first();
    first.is_some_and(|path| disk::is_there(folder, path.as_str()))
}

/// The paths of a journal; its last line may have been cut off while it was written.
fn journal_paths(journal: &[u8]) -> Vec<OutPath> {
    let text = String::from_utf8_lossy(journal);
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let complete = complete
        .strip_prefix(JOURNAL_HEAD.trim_end())
        .unwrap_or(complete);
    complete.lines().filter_map(own_path).collect()
}

fn own_path(path: &str) -> Option<OutPath> {
    OutPath::new(path).filter(|path| !path.is_reserved())
}

/// Notes the paths of new files before they are made.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Opened for the first note: a build that changes nothing writes nothing.
    file: Mutex<Option<File>>,
}

impl Journal {
    pub(super) fn new(folder: &Path) -> Self {
        Journal {
            path: folder.join(JOURNAL),
            file: Mutex::default(),
        }
    }

    pub(super) fn note(&self, path: &OutPath) -> io::Result<()> {
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *guard {
            Some(file) => file,
            none => none.insert(self.open()?),
        };
        // One write for each line: a line is there as a whole, or cut off at the end of the file.
        file.write_all(format!("{path}\n").as_bytes())
    }

    /// Opens what an interrupted build left, to go on after a line of its own. What is more than the
    /// file itself, a link or a second name of another file, loses this name.
    fn open(&self) -> io::Result<File> {
        let opened = regular::open_to_write(&self.path).or_else(|_| {
            fs::remove_file(&self.path)?;
            Ok::<_, io::Error>(None)
        })?;
        let mut file = match opened {
            Some(file) => file,
            None => regular::create(&self.path)?,
        };
        let begin = match file.seek(SeekFrom::End(0))? {
            0 => JOURNAL_HEAD,
            _ => "\n",
        };
        file.write_all(begin.as_bytes())?;
        Ok(file)
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        self.file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_cannot_lead_outside() {
        let list =
            br#"{"version":1,"files":{"a.html":"00","../b":"00","/c":null,".gleaner-x":null}}"#;
        let owned = parse(list).unwrap();
        let paths: Vec<_> = owned.iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["a.html"]);
        assert_eq!(parse(br#"{"version":2,"files":{}}"#), None);
        assert_eq!(parse(b"<html>"), None);
    }

    #[test]
    fn a_line_of_the_journal_that_was_cut_off_says_nothing() {
        let paths = |text: &str| {
            let paths = journal_paths(text.as_bytes());
            paths.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(paths("a.html\ntags/ru"), ["a.html"]);
        // The next build goes on after a line of its own; no file has the name of the torn line.
        assert_eq!(
            paths("a.html\ntags/ru\nb.html\n"),
            ["a.html", "tags/ru", "b.html"]
        );
        assert_eq!(paths(""), [""; 0]);
    }
}
