//! What a run remembers: the cache, opened for the stages that use it.
//!
//! Every memo is of a pure function, so a run with a memory does what one without would do, and only
//! sooner. If anything of it turns out to be damaged, the run begins again without it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::Options;
use super::preview::Seen;
use super::reading::Reading;
use crate::cache::{self, Cache, Damage, Files, Input, Manifest, Name, Table, Texts, Unusable};
use crate::diag::{Code, Diagnostic, Place, Severity};
use crate::ingest::{self, Outcome};
use crate::load::{self, FileRef};
use crate::memo::Memo;
use crate::model::{Bodies, FeedName, Hash, Snapshot, SourceFile};
use crate::plan::Remembered;
use crate::sanitize::Known;
use crate::write::{self, Earlier};

/// The folder of the cache in the site's folder, unless the owner says otherwise.
const FOLDER: &str = ".gleaner";

/// What is remembered of earlier runs, and of this one.
pub(super) struct Memory {
    /// What the last build read; none if it is not known.
    pub(super) manifest: Option<Manifest>,
    /// What it left in the output folder.
    pub(super) earlier: Earlier,
    texts: Texts,
    snapshots: Table<Reading>,
    slices: Table<Outcome>,
    sanitized: Table<Known>,
    /// What entries are related to.
    pub(super) related: Remembered,
    /// What a preview has seen of the files; none in a build.
    seen: Mutex<Option<Arc<Seen>>>,
    /// What this run has read.
    inputs: Mutex<Vec<Input>>,
}

/// The last build, as the manifest tells it.
pub(super) struct LastBuild {
    /// What it read.
    pub(super) manifest: Manifest,
    /// What it left in the output folder.
    pub(super) earlier: Earlier,
}

impl LastBuild {
    /// What the cache has.
    pub(super) fn of((manifest, files): (Manifest, Files)) -> Self {
        let ended = manifest.ended;
        let earlier = Earlier { files, ended };
        LastBuild { manifest, earlier }
    }
}

/// Opens the cache of a site: the default one, or where the owner wants it.
pub(super) fn open(options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Option<Cache> {
    let folder = match folder(&options.root, options.cache.as_deref()) {
        Ok(folder) => folder,
        Err(misplaced) => {
            diagnostics.push(misplaced);
            return None;
        }
    };
    let label = label(&options.root, &folder);
    if !load::is_site(&options.root, options.config.as_deref()) {
        // A mistyped folder is not made.
        return Some(Cache::none(folder, label));
    }
    let keeps = !options.forgetful;
    if keeps && let Some(foreign) = foreign(&options.root, options.cache.as_deref()) {
        diagnostics.push(foreign);
        return None;
    }
    match Cache::open(&folder, label, keeps) {
        Ok((cache, problem)) => {
            diagnostics.extend(problem);
            Some(cache)
        }
        Err(held) => {
            diagnostics.push(held);
            None
        }
    }
}

/// No cache, for a run that does without.
pub(super) fn none(options: &Options) -> Cache {
    let folder = place(&options.root, options.cache.as_deref());
    let label = label(&options.root, &folder);
    Cache::none(folder, label)
}

/// The folder of a site's cache; an error if it lies where the owner's files are.
pub(super) fn folder(root: &Path, chosen: Option<&Path>) -> Result<PathBuf, Diagnostic> {
    let folder = place(root, chosen);
    if write::is_among_inputs(root, &folder) {
        let message = "the cache would lie among the files of the site";
        return Err(misplaced(&label(root, &folder), message));
    }
    Ok(folder)
}

/// An error if the owner chose a folder that is somebody else's: a name that was mistyped, most
/// often. The default folder is not chosen: a run does without it, with a warning.
pub(super) fn foreign(root: &Path, chosen: Option<&Path>) -> Option<Diagnostic> {
    let folder = chosen?;
    let foreign = cache::check_folder(folder).err()?;
    let problem = cache::foreign(&label(root, folder), &foreign);
    let severity = Severity::Error;
    matches!(foreign, Unusable::Foreign(_)).then_some(Diagnostic {
        severity,
        ..problem
    })
}

fn place(root: &Path, chosen: Option<&Path>) -> PathBuf {
    chosen.map_or_else(|| root.join(FOLDER), Path::to_path_buf)
}

fn label(root: &Path, folder: &Path) -> String {
    load::shown(folder.strip_prefix(root).unwrap_or(folder))
}

/// An error if the cache lies in the output folder, where it would be published.
pub(super) fn in_output(cache: &Cache, output: &Path) -> Option<Diagnostic> {
    let is_inside = write::is_within(cache.place(), output);
    is_inside.then(|| misplaced(cache.label(), "the cache would lie in the output folder"))
}

fn misplaced(label: &str, message: &str) -> Diagnostic {
    Diagnostic::error(Code::CacheFailed, message)
        .at(Place::file(label))
        .hint("choose a folder of its own with `--cache-dir`")
}

impl Memory {
    /// What earlier runs left.
    pub(super) fn of(cache: &Cache, last: Option<LastBuild>) -> Result<Memory, Damage> {
        let last = last.map(|last| (last.manifest, last.earlier));
        let (manifest, earlier) = last.unzip();
        let texts = cache.texts()?;
        let bodies = &texts.bodies;
        let slices = || {
            cache.table(Name::Slices, |outcome: &Outcome| {
                outcome.texts().all(|html| bodies.has_raw(html))
            })
        };
        let sanitized = || {
            cache.table(Name::Sanitized, |known: &Known| {
                known.html().is_none_or(|html| bodies.has_safe(html))
            })
        };
        let snapshots = || cache.table(Name::Snapshots, |_| true);
        let related = || cache.value(Name::Related);
        let ((slices, sanitized), (snapshots, related)) = rayon::join(
            || rayon::join(slices, sanitized),
            || rayon::join(snapshots, related),
        );
        Ok(Memory {
            manifest,
            earlier: earlier.unwrap_or_default(),
            snapshots: snapshots?,
            slices: slices?,
            sanitized: sanitized?,
            related: related?.unwrap_or_default(),
            texts,
            seen: Mutex::default(),
            inputs: Mutex::default(),
        })
    }

    /// What earlier runs left, for a run that does not look at the output.
    pub(super) fn earlier(cache: &Cache) -> Result<Memory, Damage> {
        Memory::of(cache, cache.manifest()?.map(LastBuild::of))
    }

    pub(super) fn bodies(&self) -> &Bodies {
        &self.texts.bodies
    }

    pub(super) fn sanitized(&self) -> &Memo<Known> {
        &self.sanitized.memo
    }

    /// What is in a file, by its hash, if that is known without reading it.
    pub(super) fn hash(&self, file: &FileRef) -> Option<Hash> {
        if let Some(seen) = &*held(&self.seen) {
            return seen.hash(file);
        }
        let manifest = self.manifest.as_ref()?;
        let input = manifest.input(&file.path)?;
        let same = input.stat == file.stat && input.stat.is_older_than(&manifest.began);
        same.then_some(input.hash)
    }

    /// Notes what is in a file that was read, or did not need to be.
    pub(super) fn note(&self, file: &FileRef, hash: Hash) {
        let input = Input {
            path: (&*file.path).into(),
            stat: file.stat,
            hash,
        };
        held(&self.inputs).push(input);
    }

    /// Goes by what was seen of the files, from now on.
    pub(super) fn go_by(&self, seen: Arc<Seen>) {
        *held(&self.seen) = Some(seen);
    }

    /// What was read since somebody asked last.
    pub(super) fn take_inputs(&self) -> Vec<Input> {
        std::mem::take(&mut held(&self.inputs))
    }

    /// Goes on without the cache, which other runs may use from now on.
    pub(super) fn let_go(&self) {
        self.texts.let_go();
    }

    /// Reads a file as it is.
    pub(super) fn read(&self, file: &FileRef) -> (Option<(SourceFile, Hash)>, Vec<Diagnostic>) {
        let (source, found) = load::read_plain(file);
        let source = source.map(|source| {
            let hash = Hash::of(&source.bytes);
            self.note(file, hash);
            (source, hash)
        });
        (source, found)
    }

    /// Reads files as they are.
    pub(super) fn read_all(&self, files: &[FileRef]) -> (Vec<SourceFile>, Vec<Diagnostic>) {
        let read: Vec<_> = files.par_iter().map(|file| self.read(file)).collect();
        let mut sources = Vec::new();
        let mut diagnostics = Vec::new();
        for (source, found) in read {
            sources.extend(source.map(|(source, _)| source));
            diagnostics.extend(found);
        }
        (sources, diagnostics)
    }

    /// Reads a snapshot, or remembers it.
    pub(super) fn snapshot(
        &self,
        feed: &FeedName,
        file: &FileRef,
    ) -> (Option<Snapshot>, Vec<Diagnostic>) {
        if let Some(hash) = self.hash(file)
            && let Some(known) = self.recall(hash, feed, file)
        {
            self.note(file, hash);
            return known;
        }
        let (source, mut found) = self.read(file);
        let Some((source, hash)) = source else {
            return (None, found);
        };
        if let Some(known) = self.recall(hash, feed, file) {
            return known;
        }
        let (source, told) = load::unpack(source);
        found.extend(told);
        let Some(source) = source else {
            return (None, found);
        };
        let ingested = ingest::ingest(&source, feed, &self.slices.memo, self.bodies());
        found.extend(ingested.diagnostics);
        let reading = || Reading::of(ingested.snapshot.as_ref(), &found);
        let key = Reading::key(hash, &file.path);
        self.snapshots.memo.recall(key, reading, |_| ());
        (ingested.snapshot, found)
    }

    /// A snapshot that an earlier run read, if all its entries are remembered, too.
    fn recall(
        &self,
        hash: Hash,
        feed: &FeedName,
        file: &FileRef,
    ) -> Option<(Option<Snapshot>, Vec<Diagnostic>)> {
        let sighting = |slice: &Hash| {
            let known = |outcome: &Outcome| outcome.recalled(self.bodies());
            self.slices.memo.known(slice, known).flatten()
        };
        let read = |reading: &Reading| reading.snapshot(feed, &file.path, sighting);
        let key = Reading::key(hash, &file.path);
        self.snapshots.memo.known(&key, read).flatten()
    }

    /// Keeps what this run found out.
    pub(super) fn keep(&self, cache: &Cache, related: &Remembered) -> std::io::Result<()> {
        if *related != self.related {
            cache.keep_value(Name::Related, related)?;
        }
        cache.keep_texts(&self.texts)?;
        self.snapshots.keep()?;
        self.slices.keep()?;
        self.sanitized.keep()
    }

    /// Takes everything that was read, the settings with it, sorted.
    pub(super) fn all_inputs(&self, settings: Input) -> Vec<Input> {
        let mut inputs = self.take_inputs();
        inputs.push(settings);
        inputs.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        inputs
    }
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
