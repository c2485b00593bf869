//! The snapshots of one feed, from the newest back, read no further than needed: what was said last
//! of each entry.
//!
//! Invariants: the order is that in which merging reads them, so that what counts as said last here
//! is what the archive shows; what this run has stored counts from then on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::judge::{Judgement, Key, says_the_same_as_any, unreadable};
use crate::diag::Diagnostic;
use crate::ingest::{self, Outcome, ingest};
use crate::load::{self, Bounds, FileRef};
use crate::memo::Memo;
use crate::merge;
use crate::model::{Bodies, FeedName, Sighting, Snapshot, SourceFile};

/// How far the clock of a feed may be ahead of ours: what is dated later than a snapshot, by more
/// than this, and is not in it, is in none before it.
pub(super) const TOLERANCE: SignedDuration = SignedDuration::from_hours(48);
/// What the number of a document further back is taken from, so that names are in the order of time.
const BACK: u16 = 1_000;

/// What is stored of a feed.
#[derive(Debug)]
pub struct Stored {
    root: PathBuf,
    pub(super) feed: FeedName,
    /// The newest first.
    files: Vec<File>,
    /// How many of them have been read.
    read: usize,
    /// What the newest snapshot that was read says of each entry; of several that stand side by side
    /// under one key, all.
    latest: BTreeMap<Key, Vec<Arc<Sighting>>>,
    /// All that was read of each entry.
    ever: BTreeMap<Key, Vec<Arc<Sighting>>>,
    /// Whose latest word was stored by this run.
    fresh: BTreeSet<Key>,
    /// What could not be read of the newest snapshot.
    unreadable: BTreeSet<String>,
    pub(super) memo: Memo<Outcome>,
    pub(super) bodies: Bodies,
}

#[derive(Debug)]
struct File {
    path: Arc<str>,
    /// None once it has been read.
    file: Option<FileRef>,
    moment: Option<Timestamp>,
    /// What its moment was taken from, if not from its name.
    content: Option<(Snapshot, Vec<Diagnostic>)>,
}

/// Where a response is to be stored: the moment when the feed was asked, and how many documents its
/// history has been followed back since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The moment.
    pub time: Timestamp,
    /// 0 for the feed itself.
    pub back: u16,
}

impl Place {
    /// The most documents that one walk may go back.
    pub const MOST_BACK: u16 = BACK - 1;

    /// The file's name without its ending. Further back sorts before: merging believes the later of
    /// two snapshots of one moment, and a feed's first document is newer than its archives.
    fn stem(self) -> String {
        let time = self.time.strftime("%Y-%m-%dT%H-%M-%SZ");
        match self.back {
            0 => time.to_string(),
            back => format!("{time}-{:03}", BACK.saturating_sub(back)),
        }
    }

    pub(super) fn path(self, feed: &FeedName, extension: &str) -> String {
        format!("content/snapshots/{feed}/{}.{extension}", self.stem())
    }
}

impl Stored {
    pub(super) fn open(root: &Path, bounds: &Bounds, feed: &FeedName) -> Self {
        let mut stored = Stored {
            root: root.to_path_buf(),
            feed: feed.clone(),
            files: Vec::new(),
            read: 0,
            latest: BTreeMap::new(),
            ever: BTreeMap::new(),
            fresh: BTreeSet::new(),
            unreadable: BTreeSet::new(),
            memo: Memo::default(),
            bodies: Bodies::default(),
        };
        let files = load::snapshots_of(bounds, feed).into_iter();
        let mut files: Vec<File> = files.map(|file| stored.file(file)).collect();
        files.sort_by(|a, b| (b.moment, &b.path).cmp(&(a.moment, &a.path)));
        stored.files = files;
        stored
    }

    /// A file, of which no more is read than its place in time needs.
    fn file(&self, file: FileRef) -> File {
        let path = Arc::clone(&file.path);
        let taken = ingest::taken(&path);
        let content = match taken {
            Some(_) => None,
            None => self.read(&file),
        };
        let moment = taken.or_else(|| content.as_ref().and_then(|(it, _)| merge::moment(it)));
        File {
            path,
            file: Some(file).filter(|_| content.is_none() && taken.is_some()),
            moment,
            content,
        }
    }

    /// Reads a snapshot. What cannot be read is as if it were not there: the worst is a file too many.
    fn read(&self, file: &FileRef) -> Option<(Snapshot, Vec<Diagnostic>)> {
        let (source, _) = load::read_plain(file);
        let (source, _) = load::unpack(source?);
        self.ingest(&source?)
    }

    pub(super) fn ingest(&self, source: &SourceFile) -> Option<(Snapshot, Vec<Diagnostic>)> {
        let ingested = ingest(source, &self.feed, &self.memo, &self.bodies);
        Some((ingested.snapshot?, ingested.diagnostics))
    }

    /// The newest snapshot, as a path of the site.
    #[must_use]
    pub fn newest(&self) -> Option<&str> {
        self.files.first().map(|file| &*file.path)
    }

    /// Whether there is a snapshot under this path of the site.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| &*file.path == path)
    }

    /// Where to store what was asked for at this moment: the first second from then on that no
    /// snapshot has.
    #[must_use]
    pub fn place(&self, now: Timestamp) -> Place {
        let mut place = Place { time: now, back: 0 };
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let names: Vec<String> = self.files.iter().map(|file| name(&file.path)).collect();
        while names.iter().any(|name| name.starts_with(&place.stem())) {
            match place.time.checked_add(SignedDuration::from_secs(1)) {
                Ok(next) => place.time = next,
                Err(_) => break,
            }
        }
        place
    }

    /// What was said last of an entry. Its date bounds how far is looked back.
    pub(super) fn latest(
        &mut self,
        key: &Key,
        date: Option<Timestamp>,
    ) -> Option<&[Arc<Sighting>]> {
        while !self.latest.contains_key(key) && self.may_be_further_back(date) {
            self.read_next();
        }
        self.latest.get(key).map(Vec::as_slice)
    }

    /// Whether an entry was ever said to be like this.
    pub(super) fn was_said(&mut self, sighting: &Sighting, date: Option<Timestamp>) -> bool {
        let key = Key::of(sighting);
        loop {
            let said = self.ever.get(&key).into_iter().flatten();
            if says_the_same_as_any(said, sighting) {
                return true;
            }
            if !self.may_be_further_back(date) {
                return false;
            }
            self.read_next();
        }
    }

    fn may_be_further_back(&self, date: Option<Timestamp>) -> bool {
        if self.read >= self.files.len() {
            return false;
        }
        let reached = self
            .read
            .checked_sub(1)
            .and_then(|last| self.files.get(last));
        let moment = reached.and_then(|file| file.moment);
        let is_younger =
            |(date, moment): (Timestamp, Timestamp)| date.duration_since(moment) > TOLERANCE;
        !date.zip(moment).is_some_and(is_younger)
    }

    fn read_next(&mut self) {
        let at = self.read;
        let Some(file) = self.files.get_mut(at) else {
            return;
        };
        self.read += 1;
        let (ready, file) = (file.content.take(), file.file.take());
        let content = ready.or_else(|| self.read(&file?));
        let Some((snapshot, told)) = content else {
            return;
        };
        if at == 0 {
            self.unreadable.extend(unreadable(&told));
        }
        for (key, sightings) in self.note(&snapshot.sightings) {
            self.latest.entry(key).or_insert(sightings);
        }
    }

    /// What could not be read of the newest snapshot.
    pub(super) fn unreadable(&mut self) -> &BTreeSet<String> {
        if self.read == 0 {
            self.read_next();
        }
        &self.unreadable
    }

    /// Stores what was judged, as it came.
    ///
    /// # Errors
    /// Why it could not be written.
    pub fn store(&mut self, judgement: &Judgement, bytes: &[u8]) -> Result<(), Diagnostic> {
        super::store(&self.root, &judgement.path, bytes)?;
        self.take_over(judgement);
        Ok(())
    }

    /// What stands side by side, by its keys; noted among all that was said.
    fn note(&mut self, sightings: &[Arc<Sighting>]) -> BTreeMap<Key, Vec<Arc<Sighting>>> {
        let mut here: BTreeMap<Key, Vec<Arc<Sighting>>> = BTreeMap::new();
        for sighting in sightings {
            let key = Key::of(sighting);
            let said = self.ever.entry(key.clone()).or_default();
            if !says_the_same_as_any(said.iter(), sighting) {
                said.push(Arc::clone(sighting));
            }
            here.entry(key).or_default().push(Arc::clone(sighting));
        }
        here
    }

    fn take_over(&mut self, judgement: &Judgement) {
        for (key, sightings) in self.note(&judgement.sightings) {
            // Of this run's documents, each is older than the ones before, but for the feed itself.
            if judgement.place.back == 0 || !self.fresh.contains(&key) {
                self.latest.insert(key.clone(), sightings);
                self.fresh.insert(key);
            }
        }
        if judgement.place.back == 0 || self.files.is_empty() {
            self.unreadable.clone_from(&judgement.unreadable);
        }
        let file = File {
            path: judgement.path.as_str().into(),
            file: None,
            moment: Some(judgement.place.time),
            content: None,
        };
        // It has been read, as all before it: where it stands matters for the newest alone.
        let newest = judgement.place.back == 0 || self.files.is_empty();
        let at = if newest { 0 } else { self.read.min(1) };
        self.files.insert(at.min(self.files.len()), file);
        self.read += 1;
    }
}
