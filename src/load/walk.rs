//! A folder of the site → its files, links followed within their bounds.
//!
//! Names decide before anything else: what is passed over by its name is neither opened nor
//! followed, so nothing about it can fail.

#![expect(clippy::disallowed_methods, reason = "load is the only reader")]

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::FileRef;
use super::bounds::{Bounds, Refused};
use super::names::{self, Hidden};
use crate::diag::{Code, Diagnostic, Place, has_errors};
use crate::model::Stat;

/// How deep folders may be nested: far beyond what anyone sorts by hand, and before the path is
/// longer than a file system takes.
const DEPTH: usize = 64;
/// How many links to folders one walk follows: a few folders that are linked into each other
/// make more paths than anybody could read.
const LINKS: usize = 10_000;

/// Walks through the folders of one site, and collects what the owner should know.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) bounds: &'a Bounds,
    pub(super) problems: Vec<Diagnostic>,
    /// The folders named by [`Walk::folder`] that are links which were refused.
    refused: Vec<PathBuf>,
    links: usize,
}

/// A folder that is being walked through.
struct Folder<'a> {
    /// Where it is, under the site's folder as it was given.
    disk: &'a Path,
    /// The same without links.
    real: &'a Path,
    /// Its path relative to the folder of its kind; empty for that one.
    name: &'a str,
    above: Option<&'a Folder<'a>>,
}

impl Folder<'_> {
    fn depth(&self) -> usize {
        self.above.map_or(1, |above| above.depth() + 1)
    }

    /// Whether a folder holds this one, on disk or on the way here.
    fn is_in(&self, folder: &Path) -> bool {
        self.real.starts_with(folder) || self.above.is_some_and(|above| above.is_in(folder))
    }
}

/// Where the files go.
struct Kind<'a> {
    /// The path of its folder, with `/`.
    prefix: &'a str,
    hidden: Hidden,
    files: Vec<FileRef>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bounds: &'a Bounds) -> Self {
        Walk {
            bounds,
            problems: Vec::new(),
            refused: Vec::new(),
            links: 0,
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        has_errors(&self.problems)
    }

    /// Where a folder of the site is: under the site's folder as it was given, and without links.
    /// None if it does not exist, or cannot be reached.
    pub(super) fn folder(&mut self, path: &str) -> Option<(PathBuf, PathBuf)> {
        let disk = self.bounds.root().join(path);
        match self.bounds.reach(path) {
            Ok(real) => Some((disk, real?)),
            Err(refused) => {
                // Several kinds of files may lie behind the same link.
                if !self.refused.contains(&refused.link) {
                    self.refused.push(refused.link.clone());
                    self.refuse(&refused);
                }
                None
            }
        }
    }

    /// What is in a folder, by name, hidden files and what nobody put there on purpose left out.
    pub(super) fn entries(&mut self, disk: &Path, hidden: Hidden) -> Vec<DirEntry> {
        let read = || -> io::Result<Vec<DirEntry>> { fs::read_dir(disk)?.collect() };
        let mut entries = read().unwrap_or_else(|error| {
            self.unreadable(disk, &error);
            Vec::new()
        });
        entries.retain(|entry| names::is_wanted(&entry.file_name().to_string_lossy(), hidden));
        entries.sort_by_key(DirEntry::file_name);
        entries
    }

    /// All files below a folder; none if it does not exist.
    pub(super) fn files(&mut self, path: &str, hidden: Hidden) -> Vec<FileRef> {
        let Some((disk, real)) = self.folder(path) else {
            return Vec::new();
        };
        if !is_folder(&disk) {
            self.ignored(path, "not a folder", "");
            return Vec::new();
        }
        let mut kind = Kind {
            prefix: path,
            hidden,
            files: Vec::new(),
        };
        let folder = Folder {
            disk: &disk,
            real: &real,
            name: "",
            above: None,
        };
        self.enter(&folder, &mut kind);
        kind.files.sort();
        kind.files
    }

    fn enter(&mut self, folder: &Folder<'_>, kind: &mut Kind<'_>) {
        for entry in self.entries(folder.disk, kind.hidden) {
            let disk = entry.path();
            let Some(found) = self.look(&entry) else {
                continue;
            };
            let Ok(name) = entry.file_name().into_string() else {
                let hint = "rename it";
                self.ignored(&self.bounds.label(&disk), "a name that is not UTF-8", hint);
                continue;
            };
            let name = match folder.name {
                "" => name,
                above => format!("{above}/{name}"),
            };
            match found {
                Found::Folder(real) => {
                    let is_link = real.is_some();
                    let below = Folder {
                        disk: &disk,
                        real: &real.unwrap_or_else(|| folder.real.join(entry.file_name())),
                        name: &name,
                        above: Some(folder),
                    };
                    if self.may_enter(&below, folder, is_link) {
                        self.enter(&below, kind);
                    }
                }
                Found::Other(metadata) => {
                    let file = self.file(kind.prefix, name, disk, &metadata);
                    kind.files.extend(file);
                }
            }
        }
    }

    /// Whether a folder is walked through; why not is reported.
    fn may_enter(&mut self, below: &Folder<'_>, from: &Folder<'_>, is_link: bool) -> bool {
        let path = self.bounds.label(below.disk);
        if is_link {
            if from.is_in(below.real) {
                let holder = self.bounds.label(below.real);
                let why = format!("a link to a folder that it stands in: {holder}");
                self.ignored(&path, &why, "");
                return false;
            }
            self.links += 1;
            if self.links > LINKS {
                if self.links == LINKS + 1 {
                    let message =
                        format!("more than {LINKS} links to folders: the rest is not read");
                    let place = Place::file(path);
                    self.problems
                        .push(Diagnostic::error(Code::ReadFailed, message).at(place));
                }
                return false;
            }
        }
        if below.depth() > DEPTH {
            self.ignored(&path, "folders nested too deep", "");
            return false;
        }
        true
    }

    /// What an entry of a folder is, links followed; none if it is gone, or if that cannot be
    /// determined, which is reported.
    fn look(&mut self, entry: &DirEntry) -> Option<Found> {
        let disk = entry.path();
        let found = match entry.file_type() {
            Ok(kind) if kind.is_dir() => return Some(Found::Folder(None)),
            Ok(kind) if kind.is_symlink() => match self.bounds.follow(&disk) {
                Ok(real) => fs::metadata(&real).map(|found| match found.is_dir() {
                    true => Found::Folder(Some(real)),
                    false => Found::Other(found),
                }),
                Err(refused) => {
                    self.refuse(&refused);
                    return None;
                }
            },
            Ok(_) => entry.metadata().map(Found::Other),
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => Some(found),
            // It was removed while the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.unreadable(&disk, &error);
                None
            }
        }
    }

    /// A regular file, links followed.
    pub(super) fn regular(&mut self, entry: &DirEntry) -> Option<Metadata> {
        match self.look(entry)? {
            Found::Other(found) if found.is_file() => Some(found),
            _ => None,
        }
    }

    /// A file of the site, unless it is something else than a file, or a copy that nobody meant to
    /// be part of it.
    pub(super) fn file(
        &mut self,
        prefix: &str,
        name: String,
        disk: PathBuf,
        metadata: &Metadata,
    ) -> Option<FileRef> {
        let path = format!("{prefix}/{name}");
        if !metadata.is_file() {
            self.ignored(&path, "no regular file", "");
            return None;
        }
        let last = name.rsplit('/').next().unwrap_or(&name);
        if names::is_probe(last) && metadata.len() == 0 {
            return None;
        }
        if let Some(copy) = names::copy(last) {
            self.ignored(&path, copy.what, copy.hint);
            return None;
        }
        Some(FileRef {
            path: path.into(),
            name: name.into(),
            disk,
            stat: Stat::of(metadata),
        })
    }

    pub(super) fn ignored(&mut self, path: &str, why: &str, hint: &str) {
        let problem =
            Diagnostic::warning(Code::FileIgnored, format!("ignored: {why}")).at(Place::file(path));
        self.problems.push(match hint.is_empty() {
            true => problem,
            false => problem.hint(hint),
        });
    }

    fn refuse(&mut self, refused: &Refused) {
        self.problems.push(self.bounds.diagnose(refused));
    }

    fn unreadable(&mut self, disk: &Path, error: &io::Error) {
        let message = format!("cannot be read: {error}");
        let place = Place::file(self.bounds.label(disk));
        self.problems
            .push(Diagnostic::error(Code::ReadFailed, message).at(place));
    }
}

/// Whether there is a folder, links followed.
pub(super) fn is_folder(disk: &Path) -> bool {
    disk.is_dir()
}

/// What an entry of a folder is.
enum Found {
    /// A folder, with its real path where a link led there.
    Folder(Option<PathBuf>),
    /// A file, or something that is neither.
    Other(Metadata),
}
