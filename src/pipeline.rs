//! The straight line: from a site's folder to its output, stage by stage.
//!
//! The one place that knows the order of the stages. It has no clock and no terminal: who runs it
//! watches through an [`Observer`].

use std::path::PathBuf;

use crate::config::{self, Overrides};
use crate::diag::{Code, Diagnostic, has_errors};
use crate::load;
use crate::model::OutPath;
use crate::write::Writer;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// The configuration, if it is not the `site.toml` of the site's folder.
    pub config: Option<PathBuf>,
    /// The output folder, if it is not the one that the configuration names.
    pub output: Option<PathBuf>,
    /// The base URL, if it is not the one of the configuration.
    pub base_url: Option<String>,
    /// Whether files may be overwritten that no build wrote.
    pub force: bool,
    /// Whether anything is written at all.
    pub mode: Mode,
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// To the output folder.
    #[default]
    Build,
    /// Everything but writing.
    Check,
}

/// A stage of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Configuration and list of files.
    Load,
    /// Snapshots to sightings.
    Ingest,
    /// Sightings to entries.
    Merge,
    /// Raw HTML to safe HTML.
    Sanitize,
    /// Entries to pages.
    Plan,
    /// Pages to bytes.
    Render,
    /// Bytes to files.
    Write,
}

impl Stage {
    /// The stage's name: one word in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Load => "load",
            Stage::Ingest => "ingest",
            Stage::Merge => "merge",
            Stage::Sanitize => "sanitize",
            Stage::Plan => "plan",
            Stage::Render => "render",
            Stage::Write => "write",
        }
    }
}

/// Watches a run. The library has no clock: who wants times takes them here.
pub trait Observer: Sync {
    /// A stage begins, and the one before it has ended; it has this many steps.
    fn stage(&self, stage: Stage, total: usize);
    /// A step of a stage has ended, on any thread.
    fn step(&self, stage: Stage);
    /// Runs `f`, which renders one page with this template, on any thread.
    fn template(&self, name: &str, f: &mut dyn FnMut());
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// Snapshots that were read.
    pub snapshots: usize,
    /// Sightings of entries in them.
    pub sightings: usize,
    /// Entries that they were merged into.
    pub entries: usize,
    /// Pages that were rendered.
    pub pages: usize,
    /// Files that were written, because they are new or differ.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of earlier builds that were removed.
    pub removed: usize,
    /// Bytes in the files that were written.
    pub bytes: u64,
    /// Everything to tell, in the order of [`Diagnostic::report_order`].
    pub diagnostics: Vec<Diagnostic>,
    /// The output folder.
    pub output: PathBuf,
}

/// Runs the line on a site.
pub fn run(options: &Options, observer: &dyn Observer) -> Report {
    let mut report = Report::default();
    build(options, observer, &mut report);
    report.diagnostics.sort_by(Diagnostic::report_order);
    report
}

fn build(options: &Options, observer: &dyn Observer, report: &mut Report) -> Option<()> {
    observer.stage(Stage::Load, 1);
    let (toml, problems) = load::site_toml(&options.root, options.config.as_deref());
    report.diagnostics.extend(problems);
    let toml = toml?;
    let overrides = Overrides {
        base_url: options.base_url.clone(),
    };
    let (config, problems) = config::read(&toml.file, &toml.text, &overrides);
    report.diagnostics.extend(problems);
    let config = config?;
    let (listing, problems) = load::list(&options.root, &config.theme.name);
    report.diagnostics.extend(problems);
    let feeds = listing.snapshots.iter().map(|(feed, _)| feed);
    let unused = config::unused_feeds(&config, &toml.file, &toml.text, feeds);
    report.diagnostics.extend(unused);
    report.snapshots = listing.snapshots.len();
    report.output = output_folder(options, &config.output.folder);
    if options.mode == Mode::Build {
        observer.stage(Stage::Write, listing.statics.len());
        write_statics(options, observer, &listing.statics, report);
    }
    Some(())
}

fn output_folder(options: &Options, folder: &str) -> PathBuf {
    let configured = || options.root.join(folder);
    options.output.clone().unwrap_or_else(configured)
}

fn write_statics(
    options: &Options,
    observer: &dyn Observer,
    statics: &[load::FileRef],
    report: &mut Report,
) {
    let writer = match Writer::open(&options.root, &report.output, options.force) {
        Ok(writer) => writer,
        Err(problem) => {
            report.diagnostics.push(problem);
            return;
        }
    };
    for file in statics {
        let (source, problems) = load::read_plain(file);
        report.diagnostics.extend(problems);
        if let (Some(source), Some(path)) = (source, OutPath::new(&file.name)) {
            writer.file(&path, &source.bytes);
        }
        observer.step(Stage::Write);
    }
    let written = writer.finish(!has_errors(&report.diagnostics));
    report.written = written.written.len();
    report.unchanged = written.unchanged;
    report.removed = written.removed.len();
    report.bytes = written.bytes;
    report.diagnostics.extend(written.diagnostics);
}

/// Which files of a built-in theme are copied, and where to.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// The site's folder.
    pub root: PathBuf,
    /// The theme; none means the one that every site has.
    pub theme: Option<String>,
    /// The files, by their names in the theme; none means all.
    pub templates: Vec<String>,
    /// Whether files may be overwritten.
    pub force: bool,
}

/// Copies files of a built-in theme to `themes/<name>/` of a site, to be changed there; returns
/// what was written.
///
/// # Errors
/// What stands in the way: an unknown theme or file, or a file that would be overwritten.
pub fn export_theme(options: &ExportOptions) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let name = options.theme.as_deref().unwrap_or("gleaner");
    let message = format!("no built-in theme: {name}");
    Err(vec![Diagnostic::error(Code::ThemeMissing, message)])
}
