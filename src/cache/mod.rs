//! The cache: what one run remembers for the next, in a folder of its own (`.gleaner/`).
//!
//! 1. [`Cache::open`] takes the lock, so that two runs on one site keep apart, and reads what is
//!    there ([`lock`]), in a folder that is nobody else's ([`folder`]);
//! 2. [`Cache::texts`]: texts, in a log that is only ever appended to and read by offset ([`shelf`]);
//! 3. [`Cache::table`]: results of pure functions by key, in tables of checked blocks ([`table`]);
//! 4. [`Cache::manifest`]: what the last build read and wrote ([`manifest`]), so that a build that
//!    has nothing to do can stop early;
//! 5. [`Cache::keep_texts`] writes what a run adds, and what is half dead anew.
//!
//! A cache is a hint. Invariants: nothing in it is needed, and no output depends on it; whatever is
//! damaged, cut off or of another version is found out by a checksum, and then all of it is thrown
//! away ([`Cache::forget`]): the worst is a slower build. Everything in it was made by this very
//! program (its fingerprint stands in each file), so its formats need no versions.

mod aside;
mod blocks;
mod folder;
mod lock;
mod manifest;
mod shelf;
mod table;
mod told;

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Bodies, Made, OutPath, Stat};

pub(crate) use aside::{keep_aside, read_aside};
pub(crate) use blocks::Damage;
pub(crate) use folder::{Unusable, check as check_folder};
use lock::{Lock, Locked};
pub(crate) use manifest::{Counts, Files, Input, Manifest};
use shelf::Log;
pub(crate) use table::Table;
pub(crate) use told::Told;

/// The files in the folder, beside the tables.
const TEXTS: &str = "texts";
const INDEX: &str = "texts-index";
const MANIFEST: &str = "manifest";

/// The names of all files that begin with a header.
fn files() -> impl Iterator<Item = &'static str> {
    let tables = Name::ALL.map(Name::file);
    [MANIFEST, INDEX, TEXTS].into_iter().chain(tables)
}

/// How often a run throws the cache away before it does without.
const PATIENCE: usize = 2;

/// The memos that are kept. All names stand here, so that forgetting leaves none behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// Snapshots: what is outside of their entries.
    Snapshots,
    /// Entries of snapshots, parsed.
    Slices,
    /// Texts, sanitized.
    Sanitized,
    /// What entries are related to.
    Related,
}

impl Name {
    const ALL: [Name; 4] = [
        Name::Snapshots,
        Name::Slices,
        Name::Sanitized,
        Name::Related,
    ];

    fn file(self) -> &'static str {
        match self {
            Name::Snapshots => "snapshots",
            Name::Slices => "slices",
            Name::Sanitized => "sanitized",
            Name::Related => "related",
        }
    }
}

/// An open cache, held by this run alone.
#[derive(Debug)]
pub(crate) struct Cache {
    /// Where it is.
    place: PathBuf,
    /// The same, where things are kept; none if nothing is.
    folder: Option<PathBuf>,
    /// How diagnostics name the folder.
    label: String,
    lock: Option<Lock>,
    /// How often it was thrown away in this run.
    forgotten: usize,
}

/// The texts of this run and of earlier ones, and where they lie.
pub(crate) struct Texts {
    /// What stages are given.
    pub(crate) bodies: Bodies,
    log: Option<Log>,
}

impl Texts {
    /// Goes on without the cache, which other runs may use from now on: what lies there is read
    /// still, and what is new lies elsewhere.
    pub(crate) fn let_go(&self) {
        if let Some(log) = &self.log {
            log.let_go();
        }
        self.bodies.distrust();
    }
}

impl Cache {
    /// Opens the cache in this folder, and makes it if it does not exist; with `keeps` off, only its
    /// lock is taken. An error if another run holds it. A folder that cannot be used is a warning,
    /// and nothing is kept.
    pub(crate) fn open(
        folder: &Path,
        label: String,
        keeps: bool,
    ) -> Result<(Cache, Option<Diagnostic>), Diagnostic> {
        let locked = folder::prepare(folder)
            .map_err(Locked::Unusable)
            .and_then(|()| Lock::take(folder));
        let (lock, problem) = match locked {
            Ok(lock) => (Some(lock), None),
            Err(Locked::By(process)) => return Err(held(&label, process)),
            // Who wants no cache need not hear that there can be none.
            Err(Locked::Unusable(why)) => (None, keeps.then(|| unusable(&label, &why))),
        };
        let place = folder.to_path_buf();
        let folder = lock.as_ref().filter(|_| keeps).map(|_| place.clone());
        Ok((
            Cache {
                place,
                folder,
                label,
                lock,
                forgotten: 0,
            },
            problem,
        ))
    }

    /// Its folder.
    pub(crate) fn place(&self) -> &Path {
        &self.place
    }

    /// How diagnostics name the folder.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// No cache, where there is nothing to remember.
    pub(crate) fn none(place: PathBuf, label: String) -> Cache {
        Cache {
            place,
            folder: None,
            label,
            lock: None,
            forgotten: 0,
        }
    }

    /// A file that was made when this run began, as the file system sees it.
    pub(crate) fn began(&self) -> Stat {
        self.lock.as_ref().map(Lock::began).unwrap_or_default()
    }

    /// A file that is made now, as the file system sees it.
    pub(crate) fn ended(&self) -> Stat {
        self.lock.as_ref().map(Lock::ended).unwrap_or_default()
    }

    /// What the last build read and told, and its files; none if there was no such build.
    pub(crate) fn manifest(&self) -> Result<Option<(Manifest, Files)>, Damage> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        Manifest::load(&folder.join(MANIFEST))
    }

    /// The texts of earlier runs, and room for those of this one.
    pub(crate) fn texts(&self) -> Result<Texts, Damage> {
        let (log, earlier) = match &self.folder {
            Some(folder) => {
                let earlier = shelf::index(&folder.join(INDEX))?;
                let log = Log::open(&folder.join(TEXTS), &earlier)?;
                (Some(log), earlier)
            }
            None if self.forgotten < PATIENCE => (Log::nameless().ok(), Vec::new()),
            None => (None, Vec::new()),
        };
        Ok(match log {
            Some(log) => Texts {
                bodies: Bodies::on(Box::new(log.clone()), &earlier),
                log: Some(log),
            },
            // No file at all: texts stay in memory.
            None => Texts {
                bodies: Bodies::default(),
                log: None,
            },
        })
    }

    /// What earlier runs remembered under this name. What `is_wanted` says no to is left out.
    pub(crate) fn table<V: Serialize + DeserializeOwned + Send + Sync>(
        &self,
        name: Name,
        is_wanted: impl Fn(&V) -> bool + Sync,
    ) -> Result<Table<V>, Damage> {
        match &self.folder {
            Some(folder) => Table::load(&folder.join(name.file()), is_wanted),
            None => Ok(Table::fleeting()),
        }
    }

    /// One value that an earlier run kept under this name.
    pub(crate) fn value<T: DeserializeOwned>(&self, name: Name) -> Result<Option<T>, Damage> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let blocks = blocks::read(&folder.join(name.file()))?;
        let value = blocks.first().map(postcard::from_bytes);
        value.transpose().map_err(|_| Damage)
    }

    /// Keeps one value under this name.
    pub(crate) fn keep_value<T: Serialize>(&self, name: Name, value: &T) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let block = postcard::to_allocvec(value).map_err(io::Error::other)?;
        blocks::replace(&folder.join(name.file()), &[block])
    }

    /// Keeps the texts that this run used.
    pub(crate) fn keep_texts(&self, texts: &Texts) -> io::Result<()> {
        let (Some(folder), Some(log)) = (&self.folder, &texts.log) else {
            return Ok(());
        };
        let (alive, all_earlier) = texts.bodies.alive();
        let is_half_dead = log.is_half_dead(alive);
        if is_half_dead || !all_earlier {
            let mut living = texts.bodies.shelved();
            if is_half_dead {
                living = log.compact(&folder.join(TEXTS), &living)?;
            }
            shelf::save_index(&folder.join(INDEX), &living)?;
        }
        match log.is_full() {
            true => Err(io::Error::other("not all texts could be written")),
            false => Ok(()),
        }
    }

    /// Keeps what the next build compares with.
    pub(crate) fn keep_manifest(
        &self,
        manifest: &Manifest,
        files: &[(OutPath, Made)],
    ) -> io::Result<()> {
        match &self.folder {
            Some(folder) => manifest.save(&folder.join(MANIFEST), files),
            None => Ok(()),
        }
    }

    /// Throws everything away, because something in it is damaged, and goes on with an empty cache;
    /// if that is damaged, too, with none, and then with no file at all. So an end is certain.
    pub(crate) fn forget(&mut self) -> Option<Diagnostic> {
        self.forgotten += 1;
        let folder = self.folder.as_ref()?;
        let removed: io::Result<()> = files().try_for_each(|file| lock::remove(&folder.join(file)));
        let again = || io::Error::other("what was written cannot be read");
        let hopeless = (self.forgotten >= PATIENCE).then(again);
        let error = removed.err().or(hopeless)?;
        // What cannot be removed must not be read, either.
        self.folder = None;
        Some(self.failed(&error))
    }

    /// What to say if something could not be kept.
    pub(crate) fn failed(&self, error: &io::Error) -> Diagnostic {
        failed(&self.label, error)
    }
}

fn failed(label: &str, error: &io::Error) -> Diagnostic {
    let message = format!("the cache cannot be used: {error}");
    Diagnostic::warning(Code::CacheFailed, message)
        .at(Place::file(label))
        .hint(
            "the site is built all the same, but slower; `--cache-dir DIR` puts the cache elsewhere",
        )
}

/// What to say of a folder that cannot be a cache.
fn unusable(label: &str, why: &Unusable) -> Diagnostic {
    match why {
        Unusable::Failed(error) => failed(label, error),
        Unusable::Foreign(_) => foreign(label, why),
    }
}

/// What to say of a folder that is somebody else's.
pub(crate) fn foreign(label: &str, why: &Unusable) -> Diagnostic {
    let message = format!("the cache cannot be used: {}", why.cause());
    let problem = Diagnostic::warning(Code::CacheFailed, message).at(Place::file(label));
    match why.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn held(label: &str, process: Option<u32>) -> Diagnostic {
    let who = process.map_or_else(String::new, |process| format!(" (process {process})"));
    let message = format!("another run of Gleaner is at work on this site{who}");
    Diagnostic::error(Code::SiteLocked, message)
        .at(Place::file(label))
        .hint("wait until it has ended, then run this again")
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests damage files")]
mod tests {
    use std::fs;

    use super::*;

    fn open(folder: &Path, keeps: bool) -> Cache {
        let (cache, problem) = Cache::open(folder, ".gleaner".to_owned(), keeps).unwrap();
        assert_eq!(problem, None);
        cache
    }

    #[test]
    fn what_is_kept_is_there_for_the_next_run_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path(), true);
        assert!(
            Cache::open(folder.path(), String::new(), false).is_err(),
            "it is held"
        );
        let texts = cache.texts().unwrap();
        let text = texts.bodies.store_raw("text");
        cache.keep_texts(&texts).unwrap();
        cache.keep_value(Name::Related, &7u32).unwrap();
        drop(cache);

        let mut cache = open(folder.path(), true);
        assert_eq!(&*cache.texts().unwrap().bodies.raw(text), "text");
        assert_eq!(cache.value::<u32>(Name::Related).unwrap(), Some(7));
        assert_eq!(cache.forget(), None);
        assert!(!cache.texts().unwrap().bodies.has_raw(text));
        assert_eq!(cache.value::<u32>(Name::Related).unwrap(), None);
    }

    #[test]
    fn a_run_that_keeps_nothing_finds_nothing_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path(), true);
        cache.keep_value(Name::Related, &7u32).unwrap();
        drop(cache);
        let cache = open(folder.path(), false);
        assert_eq!(cache.value::<u32>(Name::Related).unwrap(), None);
        let texts = cache.texts().unwrap();
        let text = texts.bodies.store_raw("text");
        assert_eq!(&*texts.bodies.raw(text), "text");
        cache.keep_texts(&texts).unwrap();
        assert!(!folder.path().join(TEXTS).exists());
    }

    #[test]
    fn forgetting_comes_to_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = open(folder.path(), true);
        assert_eq!(cache.forget(), None);
        assert!(cache.texts().unwrap().log.is_some());
        let told = cache.forget().unwrap();
        assert_eq!(told.code, Code::CacheFailed);
        // No file at all: nothing is left that could be damaged.
        assert!(cache.texts().unwrap().log.is_none());
        assert_eq!(cache.forget(), None);
        drop(cache);

        // What cannot be removed is not read.
        fs::remove_file(folder.path().join(TEXTS)).unwrap_or_default();
        fs::create_dir_all(folder.path().join(TEXTS).join("x")).unwrap();
        let mut cache = open(folder.path(), true);
        assert!(cache.texts().is_err());
        assert!(cache.forget().is_some());
        assert!(cache.texts().is_ok());
    }
}
