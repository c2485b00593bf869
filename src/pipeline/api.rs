//! What a run is asked to do, who watches it, and what it reports: plain values between the binary
//! and the straight line.

use std::path::PathBuf;

use super::coverage::FeedCoverage;
use super::originals::Original;
use crate::cache::Counts;
use crate::diag::Diagnostic;
use crate::load::Bounds;
use crate::write::Weight;

/// What to do, and where.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// The configuration, where it is not `site.toml` in the site's folder.
    pub config: Option<PathBuf>,
    /// The output folder, where it is not the configured one.
    pub output: Option<PathBuf>,
    /// The base URL, where it is not the configured one.
    pub base_url: Option<String>,
    /// The path of the base URL, where it is not that of the base URL: `/`, or `/archive/`.
    pub base_path: Option<String>,
    /// Whether an output folder may be used that holds other files.
    pub force: bool,
    /// The folder of the cache, where it is not `.gleaner` in the site's folder.
    pub cache: Option<PathBuf>,
    /// Whether nothing is remembered of earlier runs, and nothing kept for later ones.
    pub forgetful: bool,
    /// Whether links among the files of the site may lead out of its folder.
    pub follow_links_outside: bool,
    /// Whether to write.
    pub mode: Mode,
}

impl Options {
    /// How far links of the site may lead.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds::new(&self.root, self.follow_links_outside)
    }
}

/// Whether a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Writes the site.
    #[default]
    Build,
    /// Does everything but write.
    Check,
}

/// A part of a run, in the order of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Reads site.toml and lists the files.
    Load,
    /// Reads snapshots, notes and pages.
    Ingest,
    /// Makes entries of sightings.
    Merge,
    /// Makes stored HTML safe.
    Sanitize,
    /// Decides on pages.
    Plan,
    /// Makes pages and writes them.
    Render,
    /// Makes the search index, a year at a time.
    Search,
    /// Copies files and removes what is gone.
    Write,
}

impl Stage {
    /// Its name, as people are told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Load => "load",
            Stage::Ingest => "ingest",
            Stage::Merge => "merge",
            Stage::Sanitize => "sanitize",
            Stage::Plan => "plan",
            Stage::Render => "render",
            Stage::Search => "search",
            Stage::Write => "write",
        }
    }
}

/// Who watches a run: the library has no clock and no terminal.
pub trait Observer: Sync {
    /// A stage begins, and with it the one before ends; `total` steps are to be expected, 0 where
    /// the stage does not count them.
    fn stage(&self, stage: Stage, total: usize);
    /// One step of the stage is done; called from many threads.
    fn step(&self, stage: Stage);
    /// One page is about to be rendered with this template: must call `render` once.
    fn template(&self, name: &str, render: &mut dyn FnMut());
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// Snapshots that were read.
    pub snapshots: usize,
    /// Entries that stood in them, each counted as often as it was seen.
    pub sightings: usize,
    /// Entries of the archive.
    pub entries: usize,
    /// Pages of the site.
    pub pages: usize,
    /// Files that were new or had changed.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of earlier builds that are gone.
    pub removed: usize,
    /// Bytes in the files that were written.
    pub bytes: u64,
    /// What all files of the site weigh; nothing in a check.
    pub weight: Weight,
    /// Pages and feeds that were made again, and why; by reason, then by path.
    pub rebuilt: Vec<Rebuilt>,
    /// What the snapshots of each feed cover; told by a check alone.
    pub coverage: Vec<FeedCoverage>,
    /// The originals of its entries, by address; told by a check alone.
    pub originals: Vec<Original>,
    /// Where the site is.
    pub output: PathBuf,
    /// What there is to tell, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// Warnings that a check gives and a build keeps to itself: what is built is as the owner wants it
    /// until it is published. A summary of the build names them.
    pub before_publishing: Vec<Diagnostic>,
}

impl Report {
    /// What there is, to be remembered.
    pub(super) fn counts(&self) -> Counts {
        Counts {
            snapshots: self.snapshots,
            sightings: self.sightings,
            entries: self.entries,
            pages: self.pages,
        }
    }

    /// Says what the last build counted.
    pub(super) fn count(&mut self, counts: &Counts) {
        let Counts {
            snapshots,
            sightings,
            entries,
            pages,
        } = *counts;
        self.snapshots = snapshots;
        self.sightings = sightings;
        self.entries = entries;
        self.pages = pages;
    }
}

/// A page or feed that was made again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rebuilt {
    /// Why.
    pub why: Why,
    /// Its file, relative to the output folder.
    pub path: String,
}

/// Why a page or feed was made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nothing is known of an earlier build.
    FirstBuild,
    /// The theme, or an option of it, is another one.
    Theme,
    /// What every page says of the site is another: its title, its navigation.
    Settings,
    /// No build made it before.
    New,
    /// Its own matter changed.
    Matter,
    /// What it shows of other pages changed: neighbours, related entries, the entries of a list.
    Links,
    /// Its file was gone.
    Missing,
    /// Its file was not as the last build left it.
    Touched,
}

impl Why {
    /// The reason, as people are told.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Why::FirstBuild => "nothing is known of an earlier build",
            Why::Theme => "the theme changed",
            Why::Settings => "the settings or the navigation changed",
            Why::New => "new",
            Why::Matter => "what it is about changed",
            Why::Links => "what it shows of other pages changed",
            Why::Missing => "its file was gone",
            Why::Touched => "its file was not as it had been written",
        }
    }
}

/// Which files of a built-in theme are copied, and where to.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// The site's folder.
    pub root: PathBuf,
    /// The theme; none means the one that every site has.
    pub theme: Option<String>,
    /// The files, by their names or by their paths in the theme; none means all.
    pub templates: Vec<String>,
    /// Whether files may be overwritten.
    pub force: bool,
}
