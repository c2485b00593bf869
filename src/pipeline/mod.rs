//! The straight line: the one place that knows the order of the stages.
//!
//! 1. Load: site.toml, and what files there are. Without a valid site.toml nothing is built. If
//!    nothing has changed since the last build, neither there nor in the output, that is all.
//! 2. Ingest: snapshots are read and parsed in parallel, one file at a time for each thread, so
//!    that memory holds what was parsed, not what was read; then notes and the owner's pages.
//! 3. Merge, sanitize, plan: values in, values out, and in full.
//! 4. Render: pages go to the writer as they come, and none waits for another; a page that is made
//!    of the same as the one that stands there is kept.
//! 5. Search: the index of each year, unless the output folder has it already.
//! 6. Write: files that are copied, then what is no longer planned is removed.
//!
//! `build` and `check` are the same run, but that `check` opens no output folder, and tells more:
//! where snapshots leave gaps (`coverage`), and
//! which links lead nowhere (`links`). Every stage adds
//! its diagnostics; only a missing configuration, theme or output folder ends a run early. What a
//! run remembers of earlier ones (`memory`) makes it quicker and changes nothing: where it is
//! damaged, the run begins again without it.

mod api;
mod coverage;
mod fetching;
mod indexes;
mod links;
mod memory;
mod new_site;
mod originals;
mod output;
mod portable;
mod preview;
mod reading;
mod site;
mod stages;
mod themes;
mod vanished;

use std::path::PathBuf;
use std::sync::Arc;

use crate::cache::{Cache, Damage, Manifest, Told};
use crate::config::Config;
use crate::diag::{Code, Diagnostic, has_errors};
use crate::merge::{Merged, merge};
use crate::model::{Archive, Hash, Made, OutPath, PagePath, SafeBody};
use crate::plan::{self, Plan};
use crate::render;
use crate::sanitize::{self, OwnPages};
use crate::theme::Theme;
use crate::write::{self, Glance, Writer};

use memory::{LastBuild, Memory};
use output::Output;
use site::Site;
use vanished::Before;

pub use crate::config::is_folder_name;
pub use crate::load::{Bounds, is_input};
pub use crate::model::portable::is_portable_name;
pub use crate::theme::{ThemeInfo, ThemeOptionInfo, ThemeTemplateInfo};
pub use crate::write::{KindWeight, NewFile, NewSite, Weight, write_manual};
pub use api::{ExportOptions, Mode, Observer, Options, Rebuilt, Report, Stage, Why};
pub use coverage::{FeedCoverage, FeedGap};
pub use fetching::{
    FeedAddress, FeedToFetch, FetchOptions, Fetching, Judgement, LARGEST_RESPONSE,
    Place as SnapshotPlace, Stored, Verdict, readable,
};
pub use new_site::{in_the_way, new_site};
pub use originals::{GoneOriginal, Original, Originals};
pub use preview::{Change, ChangeKind, Edition, Preview, Refreshed, Served};
pub use themes::{export_theme, themes};

/// Builds or checks a site.
pub fn run(options: &Options, observer: &dyn Observer) -> Report {
    let mut report = Report::default();
    if let Some(mut cache) = memory::open(options, &mut report.diagnostics) {
        let mut opened = report.diagnostics.clone();
        while let Err(Damage) = build(options, observer, &cache, &mut report) {
            opened.extend(cache.forget());
            report = Report {
                diagnostics: opened.clone(),
                ..Report::default()
            };
        }
    }
    report_in_order(&mut report.diagnostics);
    report
}

/// What is told, in the order of files and places, and nothing twice.
fn report_in_order(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(Diagnostic::report_order);
    diagnostics.dedup();
}

/// The straight line. An error if something that earlier runs left turns out to be damaged.
fn build(
    options: &Options,
    observer: &dyn Observer,
    cache: &Cache,
    report: &mut Report,
) -> Result<(), Damage> {
    observer.stage(Stage::Load, 0);
    let Some(site) = Site::open(options, &mut report.diagnostics) else {
        return Ok(());
    };
    let config = &site.config;
    let placeholder = crate::config::placeholder(config, &site.toml.file, &site.toml.text);
    match options.mode {
        Mode::Build => report.before_publishing.extend(placeholder),
        Mode::Check => report.diagnostics.extend(placeholder),
    }
    report.output = folder(options, config);
    if let Some(misplaced) = memory::in_output(cache, &report.output) {
        report.diagnostics.push(misplaced);
        return Ok(());
    }
    let mut last = match options.mode {
        Mode::Build => cache.manifest()?.map(LastBuild::of),
        Mode::Check => None,
    };
    if let Some(last) = &mut last
        && stop_early(options, cache, &site, last, report)
    {
        return Ok(());
    }
    let before = match &last {
        None if options.mode == Mode::Check => {
            let last = cache.manifest()?.map(LastBuild::of);
            Before::of(&options.root, &report.output, last.as_ref())
        }
        last => Before::of(&options.root, &report.output, last.as_ref()),
    };
    let mut memory = Memory::of(cache, last)?;
    let (theme, found) = site.theme(&memory);
    report.diagnostics.extend(found);
    let Some(theme) = theme else { return Ok(()) };
    let Some(writer) = open_writer(options, &mut memory, report) else {
        return Ok(());
    };
    let prepared = prepare(options.mode, site, theme, &memory, observer, report);
    let globals = publish(&prepared, writer.as_ref(), &memory, observer, report);
    if memory.bodies().is_damaged() {
        return Err(Damage);
    }
    let Prepared {
        site,
        theme,
        archive,
        hidden,
        mut plan,
    } = prepared;
    let vanished = before.vanished(&plan, &site, &hidden, options.mode);
    let related = std::mem::take(&mut plan.remembered);
    // To free so many small things takes as long as to write down what is kept.
    rayon::join(
        || drop((theme, archive, plan)),
        || {
            let (files, kept) =
                rayon::join(|| finish(writer, report), || memory.keep(cache, &related));
            let kept = kept.and_then(|()| {
                if files.is_empty() || has_errors(&report.diagnostics) {
                    return Ok(());
                }
                let manifest = manifest(cache, &site, &memory, globals, report);
                let keep = || cache.keep_manifest(&manifest, &files);
                rayon::join(keep, || drop(memory)).0
            });
            let failed = kept.err().map(|error| cache.failed(&error));
            report.diagnostics.extend(failed);
        },
    );
    // After errors, those of writing among them, nothing is removed.
    if !has_errors(&report.diagnostics) {
        report.diagnostics.extend(vanished);
    }
    Ok(())
}

/// All that pages are made of, but for the texts.
struct Prepared {
    site: Site,
    theme: Theme,
    archive: Arc<Archive<SafeBody>>,
    /// The addresses of what the owner hides.
    hidden: Vec<PagePath>,
    plan: Plan,
}

/// From files to a plan.
fn prepare(
    mode: Mode,
    site: Site,
    theme: Theme,
    memory: &Memory,
    observer: &dyn Observer,
    report: &mut Report,
) -> Prepared {
    let config = &site.config;
    let mut tell = |found: Vec<Diagnostic>| report.diagnostics.extend(found);
    observer.stage(Stage::Ingest, site.listing.snapshots.len());
    let (snapshots, found) = stages::snapshots(&site.listing, memory, observer);
    tell(found);
    let (notes, found) = stages::notes(&site.listing, memory);
    tell(found);
    let (pages, found) = stages::pages(&site.listing, memory);
    tell(found);
    let among = OwnPages::new(pages.iter(), config.output.urls);
    report.snapshots = snapshots.len();
    report.sightings = snapshots.iter().map(|one| one.sightings.len()).sum();

    observer.stage(Stage::Merge, 0);
    let Merged {
        archive,
        hidden,
        diagnostics,
    } = merge(&snapshots, &notes, memory.bodies(), config);
    tell(diagnostics);
    report.entries = archive.entries.len();
    if mode == Mode::Check {
        tell(archive.coverage.iter().flat_map(coverage::gaps).collect());
        report.coverage = archive.coverage.iter().map(FeedCoverage::of).collect();
    }
    drop(snapshots);

    observer.stage(Stage::Sanitize, archive.entries.len());
    let safe = stages::sanitized(archive, among.clone(), memory, config, None);
    tell(safe.told().cloned().collect());
    let archive = safe.archive;
    if mode == Mode::Check {
        report.originals = originals::of(&archive);
    }
    let (own, found) = stages::own_pages(pages, &among, memory, config);
    tell(found);

    let (originals, found) = stages::originals(&site.listing, memory);
    tell(found);

    observer.stage(Stage::Plan, 0);
    let beside = site.beside(own, originals, &theme);
    let (plan, found) = plan::plan(&archive, &beside, config, &memory.related);
    tell(found);
    report.pages = plan.pages.len();
    if mode == Mode::Check {
        tell(portable::among_pages(&plan));
    }
    Prepared {
        site,
        theme,
        archive,
        hidden,
        plan,
    }
}

/// From a plan to files, or, in a check, to nothing. Returns the hashes of what all pages are made of.
fn publish(
    prepared: &Prepared,
    writer: Option<&Writer>,
    memory: &Memory,
    observer: &dyn Observer,
    report: &mut Report,
) -> [Hash; 2] {
    let Prepared {
        site,
        theme,
        archive,
        plan,
        hidden: _,
    } = prepared;
    let input = render::Input {
        plan,
        theme,
        archive,
        bodies: memory.bodies(),
        config: &site.config,
        frame_hosts: sanitize::frame_hosts(),
    };
    let globals = output::hashes(render::globals(&input));
    let links = writer
        .is_none()
        .then(|| links::Links::new(plan, site, theme));
    let output = Output::new(writer, links, observer, memory, globals);
    let mut tell = |found: Vec<Diagnostic>| report.diagnostics.extend(found);

    observer.stage(Stage::Render, plan.pages.len());
    tell(render::render(&input, &output));
    // An index has no problem that the owner could mend: a check does without.
    if writer.is_some() {
        tell(indexes::index_all(&input, &output));
    }
    observer.stage(Stage::Write, plan.statics.len());
    tell(output.copy(plan, site, theme));
    let (rebuilt, broken) = output.into_found();
    tell(broken);
    report.rebuilt = rebuilt;
    globals
}

/// The output folder.
fn folder(options: &Options, config: &Config) -> PathBuf {
    match &options.output {
        Some(folder) => folder.clone(),
        None => options.root.join(&config.output.folder),
    }
}

/// Whether nothing has changed since the last build: then the report says what that one said.
fn stop_early(
    options: &Options,
    cache: &Cache,
    site: &Site,
    LastBuild { manifest, earlier }: &mut LastBuild,
    report: &mut Report,
) -> bool {
    let Some((inputs, read)) = site.is_as_read(manifest) else {
        return false;
    };
    let Some(left) = write::is_as_left(&options.root, &report.output, earlier) else {
        return false;
    };
    report.count(&manifest.counts);
    report.unchanged = earlier.files.len().saturating_sub(1);
    report.weight = write::weigh(&earlier.files);
    report.diagnostics = manifest.told.iter().map(Diagnostic::from).collect();
    if [read, left].contains(&Glance::Read) {
        // What was read to be sure need not be read next time.
        manifest.inputs = inputs;
        manifest.began = cache.began();
        manifest.ended = cache.began();
        let kept = cache.keep_manifest(manifest, &earlier.files);
        report
            .diagnostics
            .extend(kept.err().map(|error| cache.failed(&error)));
    }
    true
}

/// What the next build compares with.
fn manifest(
    cache: &Cache,
    site: &Site,
    memory: &Memory,
    globals: [Hash; 2],
    report: &Report,
) -> Manifest {
    Manifest {
        began: cache.began(),
        ended: cache.ended(),
        asked: site.asked,
        globals,
        inputs: memory.all_inputs(site.settings()),
        counts: report.counts(),
        told: lasting(&report.diagnostics).map(Told::from).collect(),
    }
}

/// What a build that finds nothing changed has to tell again: not what happened in this one alone.
fn lasting(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let happened = |one: &&Diagnostic| one.code == Code::AddressesGone;
    diagnostics.iter().filter(move |one| !happened(one))
}

/// The output folder, opened; `Some(None)` where nothing is to be written.
#[expect(
    clippy::option_option,
    reason = "the outer one ends the run, the inner one is `check`"
)]
fn open_writer(
    options: &Options,
    memory: &mut Memory,
    report: &mut Report,
) -> Option<Option<Writer>> {
    if options.mode == Mode::Check {
        let misplaced = write::misplaced(&options.root, &report.output);
        report.diagnostics.extend(misplaced);
        return Some(None);
    }
    let earlier = std::mem::take(&mut memory.earlier);
    match Writer::open(&options.root, &report.output, options.force, earlier) {
        Ok(writer) => Some(Some(writer)),
        Err(problem) => {
            report.diagnostics.push(problem);
            None
        }
    }
}

/// Removes what is gone, unless something failed: then what is missing was good once, and stays.
/// Returns the files of the output.
fn finish(writer: Option<Writer>, report: &mut Report) -> Vec<(OutPath, Made)> {
    let Some(writer) = writer else {
        return Vec::new();
    };
    let written = writer.finish(!has_errors(&report.diagnostics));
    report.written = written.written.len();
    report.unchanged = written.unchanged;
    report.removed = written.removed.len();
    report.bytes = written.bytes;
    report.weight = written.weight;
    report.diagnostics.extend(written.diagnostics);
    written.files
}
