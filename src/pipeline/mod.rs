//! The straight line: the one place that knows the order of the stages.
//!
//! 1. Load: site.toml, and what files there are. Without a valid site.toml nothing is built.
//! 2. Ingest: snapshots are read and parsed in parallel, one file at a time for each thread, so
//!    that memory holds what was parsed, not what was read; then notes and the owner's pages.
//! 3. Merge, sanitize, plan: values in, values out.
//! 4. Render: pages go to the writer as they come, and none waits for another.
//! 5. Search: the index of each year, unless the output folder has it already.
//! 6. Write: files that are copied, then what is no longer planned is removed.
//!
//! `build` and `check` are the same run, but that `check` opens no output folder. Every stage adds
//! its diagnostics; only a missing configuration, theme or output folder ends a run early.

mod api;
mod indexes;
mod themes;

use rayon::prelude::*;

use crate::config::{self, Config, Overrides};
use crate::diag::{Diagnostic, has_errors};
use crate::ingest::{self, Memo};
use crate::load::{self, FileRef, Listing};
use crate::merge::merge;
use crate::model::{Bodies, Note, OutPath, OwnPage, SafeBody, Snapshot, SourceFile, UrlStyle};
use crate::plan::{self, Beside, Plan, StaticSource};
use crate::render::{self, Sink};
use crate::sanitize::{self, OwnPages, Policy};
use crate::theme::{self, Theme};
use crate::write::{self, Writer};

pub use api::{ExportOptions, Mode, Observer, Options, Report, Stage};
pub use theme::{ThemeInfo, ThemeOptionInfo, ThemeTemplateInfo};
pub use themes::{export_theme, themes};

/// Builds or checks a site.
pub fn run(options: &Options, observer: &dyn Observer) -> Report {
    let mut report = Report::default();
    build(options, observer, &mut report);
    report.diagnostics.sort_by(Diagnostic::report_order);
    report.diagnostics.dedup();
    report
}

/// The straight line. None means that the run ended early, and that the report says why.
fn build(options: &Options, observer: &dyn Observer, report: &mut Report) -> Option<()> {
    observer.stage(Stage::Load, 0);
    let site = Site::open(options, &mut report.diagnostics)?;
    let config = &site.config;
    let writer = open_writer(options, config, report)?;

    observer.stage(Stage::Ingest, site.listing.snapshots.len());
    let (mut ingested, found) = ingest_all(&site.listing, observer);
    report.diagnostics.extend(found);
    report.snapshots = ingested.snapshots.len();
    report.sightings = ingested
        .snapshots
        .iter()
        .map(|one| one.sightings.len())
        .sum();

    observer.stage(Stage::Merge, 0);
    let bodies = &mut ingested.bodies;
    let (archive, found) = merge(&ingested.snapshots, &ingested.notes, bodies, config);
    report.diagnostics.extend(found);
    report.entries = archive.entries.len();
    drop(ingested.snapshots);

    observer.stage(Stage::Sanitize, archive.entries.len());
    let policy = Policy::new(&config.content);
    let (archive, found) = sanitize::sanitize(archive, bodies, &policy, config);
    report.diagnostics.extend(found);
    let (own, found) = sanitize_pages(ingested.pages, bodies, &policy, config.output.urls);
    report.diagnostics.extend(found);
    bodies.drop_raw();

    observer.stage(Stage::Plan, 0);
    let (plan, found) = plan::plan(&archive, &site.beside(own), config);
    report.diagnostics.extend(found);
    report.pages = plan.pages.len();

    observer.stage(Stage::Render, plan.pages.len());
    let output = Output {
        writer: writer.as_ref(),
        observer,
    };
    let theme = &site.theme;
    let frame_hosts = sanitize::frame_hosts();
    let input = render::Input {
        plan: &plan,
        theme,
        archive: &archive,
        bodies,
        config,
        frame_hosts,
    };
    report.diagnostics.extend(render::render(&input, &output));

    report
        .diagnostics
        .extend(indexes::index_all(&input, &output));

    observer.stage(Stage::Write, plan.statics.len());
    report
        .diagnostics
        .extend(copy_statics(&plan, &site, &output));
    finish(writer, report);
    Some(())
}

/// What there is before anything is read but site.toml and the theme.
struct Site {
    config: Config,
    listing: Listing,
    theme: Theme,
}

impl Site {
    fn open(options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut tell = |found: Vec<Diagnostic>| diagnostics.extend(found);
        let (toml, found) = load::site_toml(&options.root, options.config.as_deref());
        tell(found);
        let toml = toml?;
        let overrides = Overrides {
            base_url: options.base_url.clone(),
        };
        let (config, found) = config::read(&toml.file, &toml.text, &overrides);
        tell(found);
        let config = config?;
        let (listing, found) = load::list(&options.root, &config.theme.name);
        tell(found);
        let feeds = listing.snapshots.iter().map(|(feed, _)| feed);
        tell(config::unused_feeds(&config, &toml.file, &toml.text, feeds));

        let (files, found) = read_all(&listing.theme, load::read_plain);
        tell(found);
        let (theme, found) = theme::assemble(&config.theme, &files, (&toml.file, &toml.text));
        tell(found);
        Some(Site {
            config,
            listing,
            theme: theme?,
        })
    }

    fn beside(&self, own: Vec<(OwnPage, SafeBody)>) -> Beside {
        let statics = self.listing.statics.iter();
        Beside {
            own,
            statics: statics
                .map(|file| (file.name.to_string(), file.path.to_string()))
                .collect(),
            assets: self.theme.assets.keys().cloned().collect(),
        }
    }
}

/// The output folder, opened; `Some(None)` where nothing is to be written.
#[expect(
    clippy::option_option,
    reason = "the outer one ends the run, the inner one is `check`"
)]
fn open_writer(options: &Options, config: &Config, report: &mut Report) -> Option<Option<Writer>> {
    let folder = match &options.output {
        Some(folder) => folder.clone(),
        None => options.root.join(&config.output.folder),
    };
    report.output.clone_from(&folder);
    if options.mode == Mode::Check {
        report
            .diagnostics
            .extend(write::misplaced(&options.root, &folder));
        return Some(None);
    }
    match Writer::open(&options.root, &folder, options.force) {
        Ok(writer) => Some(Some(writer)),
        Err(problem) => {
            report.diagnostics.push(problem);
            None
        }
    }
}

/// Everything that was read.
#[derive(Default)]
struct Read {
    snapshots: Vec<Snapshot>,
    notes: Vec<Note>,
    pages: Vec<OwnPage>,
    bodies: Bodies,
}

fn ingest_all(listing: &Listing, observer: &dyn Observer) -> (Read, Vec<Diagnostic>) {
    let memo = Memo::default();
    let snapshots: Vec<_> = listing
        .snapshots
        .par_iter()
        .map(|(feed, file)| {
            let (source, mut diagnostics) = load::read(file);
            let ingested = source.map(|source| ingest::ingest(&source, feed, &memo));
            observer.step(Stage::Ingest);
            let (snapshot, bodies) = match ingested {
                Some(ingested) => {
                    diagnostics.extend(ingested.diagnostics);
                    (ingested.snapshot, ingested.bodies)
                }
                None => (None, Bodies::default()),
            };
            (snapshot, bodies, diagnostics)
        })
        .collect();

    let mut read = Read::default();
    let mut diagnostics = Vec::new();
    for (snapshot, bodies, found) in snapshots {
        read.snapshots.extend(snapshot);
        read.bodies.absorb(bodies);
        diagnostics.extend(found);
    }
    diagnostics.extend(read_markdown(listing, &mut read));
    (read, diagnostics)
}

fn read_markdown(listing: &Listing, read: &mut Read) -> Vec<Diagnostic> {
    let (notes, mut diagnostics) = read_all(&listing.notes, load::read_plain);
    let (pages, found) = read_all(&listing.pages, load::read_plain);
    diagnostics.extend(found);
    for file in &notes {
        let (note, found) = ingest::note(file);
        diagnostics.extend(found);
        if let Some((note, bodies)) = note {
            read.notes.push(note);
            read.bodies.absorb(bodies);
        }
    }
    for file in &pages {
        let (page, found) = ingest::page(file);
        diagnostics.extend(found);
        if let Some((page, bodies)) = page {
            read.pages.push(page);
            read.bodies.absorb(bodies);
        }
    }
    diagnostics
}

fn read_all(
    files: &[FileRef],
    read: fn(&FileRef) -> (Option<SourceFile>, Vec<Diagnostic>),
) -> (Vec<SourceFile>, Vec<Diagnostic>) {
    let read: Vec<_> = files.par_iter().map(read).collect();
    let mut sources = Vec::new();
    let mut diagnostics = Vec::new();
    for (source, found) in read {
        sources.extend(source);
        diagnostics.extend(found);
    }
    (sources, diagnostics)
}

fn sanitize_pages(
    pages: Vec<OwnPage>,
    bodies: &mut Bodies,
    policy: &Policy,
    urls: UrlStyle,
) -> (Vec<(OwnPage, SafeBody)>, Vec<Diagnostic>) {
    let among = OwnPages::new(&pages, urls);
    let mut diagnostics = Vec::new();
    let own = pages
        .into_iter()
        .map(|page| {
            let (body, found) = sanitize::sanitize_page(&page, &among, bodies, policy);
            diagnostics.extend(found);
            (page, body)
        })
        .collect();
    (own, diagnostics)
}

/// Where rendered files go: to the writer, or nowhere in a check.
struct Output<'a> {
    writer: Option<&'a Writer>,
    observer: &'a dyn Observer,
}

fn copy_statics(plan: &Plan, site: &Site, output: &Output) -> Vec<Diagnostic> {
    let copy = |file: &plan::StaticFile| {
        let found = match &file.from {
            StaticSource::Theme(name) => {
                if let Some(bytes) = site.theme.assets.get(name) {
                    output.file(&file.path, bytes, None);
                }
                Vec::new()
            }
            StaticSource::Site(index) => copy_static(*index, &file.path, site, output),
        };
        output.observer.step(Stage::Write);
        found
    };
    plan.statics.par_iter().flat_map_iter(copy).collect()
}

fn copy_static(index: usize, to: &OutPath, site: &Site, output: &Output) -> Vec<Diagnostic> {
    let Some(file) = site.listing.statics.get(index) else {
        return Vec::new();
    };
    let (source, found) = load::read_plain(file);
    if let Some(source) = source {
        output.file(to, &source.bytes, None);
    }
    found
}

/// Removes what is gone, unless something failed: then what is missing was good once, and stays.
fn finish(writer: Option<Writer>, report: &mut Report) {
    let Some(writer) = writer else { return };
    let written = writer.finish(!has_errors(&report.diagnostics));
    report.written = written.written.len();
    report.unchanged = written.unchanged;
    report.removed = written.removed.len();
    report.bytes = written.bytes;
    report.diagnostics.extend(written.diagnostics);
}
