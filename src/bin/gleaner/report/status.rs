//! What a long run tells while it runs: a log, a line for each change, which reads well in a pipe, too.
//!
//! ```text
//! 14:03:22 content/notes/x.md edited: 5 files written in 31 ms (2 pages and feeds made again; …)
//! ```
//!
//! Errors stand below it, each time, as `build` draws them; warnings once. Nothing is told where
//! nothing that counts has changed.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use gleaner::diag::{Diagnostic, Severity, has_errors};
use gleaner::pipeline::{Change, ChangeKind, Report};

use super::summary::{self, BAD, GOOD};
use super::words::{count, counted, grouped, shown};
use super::{human, json, people, short};
use crate::args::{MessageFormat, SiteArgs};
use crate::progress::Times;
use crate::watcher::Notice;

/// How many changed files are named, before they are only counted.
const NAMED: usize = 2;
/// The time of day: there, and not in the way.
const TIME: Style = Style::new().dimmed();
/// What asks for attention.
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// What a site came to, for its status line.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// How many entries it has.
    pub(crate) entries: usize,
    /// How many pages it has.
    pub(crate) pages: usize,
    /// What is wrong with it.
    pub(crate) diagnostics: &'a [Diagnostic],
}

/// Tells of a long run: `serve` and `watch` have one each, and tell it everything in turn.
#[derive(Debug)]
pub(crate) struct Status {
    format: MessageFormat,
    quiet: bool,
    verbose: bool,
    /// What was wrong when it was told last.
    told: Vec<Diagnostic>,
}

impl Status {
    /// Nothing has been told yet.
    pub(crate) fn new(args: &SiteArgs) -> Self {
        Status {
            format: args.report.message_format,
            quiet: args.report.quiet,
            verbose: args.verbose,
            told: Vec::new(),
        }
    }

    /// `serve`: tells that it listens at this URL, where others in the network find it, and which port
    /// was taken, if one was asked for in vain.
    pub(crate) fn serving(&self, url: &str, network: Option<&str>, taken: Option<u16>) {
        if self.is_json() {
            let _ = json::print_serving(&mut io::stdout().lock(), url);
            return;
        }
        let taken = taken.map(|port| format!(" (port {port} was taken)"));
        self.line(|out| {
            let taken = taken.as_deref().unwrap_or_default();
            let network = network.map(|url| format!(", in your network {url}"));
            let network = network.unwrap_or_default();
            writeln!(
                out,
                "{GOOD}Serving{GOOD:#} {url}{network}{taken}; Ctrl-C ends"
            )
        });
    }

    /// `watch`: tells that the first build is done, and that it goes on; `diagnostics` are what that
    /// build told by itself.
    pub(crate) fn watching(&mut self, diagnostics: &[Diagnostic]) {
        self.told = diagnostics.to_vec();
        if self.is_json() {
            let _ = json::print_watching(&mut io::stdout().lock());
            return;
        }
        self.line(|out| writeln!(out, "{GOOD}Watching{GOOD:#} for changes; Ctrl-C ends"));
    }

    /// Tells what watching itself has to tell.
    pub(crate) fn notice(&self, notice: &Notice) {
        if self.is_json() {
            let hint = notice.hint.as_deref();
            let _ = json::print_notice(&mut io::stdout().lock(), &notice.message, hint);
            return;
        }
        let mut out = people();
        let _ = writeln!(out, "{WARNING}warning{WARNING:#}: {}", notice.message);
        if let Some(hint) = &notice.hint {
            let _ = writeln!(out, " = hint: {hint}");
        }
    }

    /// `serve`: tells what the first look at the site came to, and what is wrong with it.
    pub(crate) fn opened(&mut self, site: &Site<'_>, took: Duration) {
        if self.is_json() {
            let mut out = io::stdout().lock();
            let _ = json::print(&mut out, site.diagnostics);
            let _ = json::print_opened(&mut out, site, took);
        } else {
            let done = done(site);
            self.line(|out| writeln!(out, "{done}, read in {}", shown(took)));
            self.problems(site.diagnostics);
        }
        self.told = site.diagnostics.to_vec();
    }

    /// `serve`: tells what changed and what that came to; nothing where nothing did.
    pub(crate) fn refreshed(&mut self, changed: &[Change], site: &Site<'_>, took: Duration) {
        if changed.is_empty() && site.diagnostics == self.told {
            return;
        }
        if self.is_json() {
            let mut out = io::stdout().lock();
            let _ = json::print(&mut out, site.diagnostics);
            let _ = json::print_refreshed(&mut out, changed, site, took);
        } else {
            let what = what(changed);
            let came_to = self.came_to(site.diagnostics);
            let done = done(site);
            self.line(|out| {
                let took = shown(took);
                writeln!(
                    out,
                    "{TIME}{}{TIME:#} {what}: {came_to}{done} in {took}",
                    now()
                )
            });
            self.problems(site.diagnostics);
        }
        self.told = site.diagnostics.to_vec();
    }

    /// `watch`: tells what changed and what was built; nothing where nothing was.
    pub(crate) fn built(&mut self, changed: &[Change], report: &Report, times: &Times) {
        let diagnostics = &report.diagnostics;
        let is_same = *diagnostics == self.told && !has_errors(diagnostics);
        if is_same && report.written + report.removed == 0 {
            return;
        }
        if self.is_json() {
            let mut out = io::stdout().lock();
            let _ = json::print(&mut out, diagnostics);
            let _ = json::print_rebuilt(&mut out, changed, report, times.total);
        } else {
            let what = what(changed);
            let came_to = self.came_to(diagnostics);
            let verbose = self.verbose;
            self.line(|out| {
                let written = written(report);
                let (took, why) = (shown(times.total), why(report));
                let now = now();
                writeln!(
                    out,
                    "{TIME}{now}{TIME:#} {what}: {came_to}{written} in {took}{why}"
                )?;
                if verbose {
                    summary::print_rebuilt(out, &report.rebuilt)?;
                    summary::print_times(out, times)?;
                }
                Ok(())
            });
            self.problems(diagnostics);
        }
        self.told = diagnostics.clone();
    }

    fn is_json(&self) -> bool {
        self.format == MessageFormat::Json
    }

    /// Prints for people. Who stopped listening does not end the run.
    fn line(&self, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if !self.quiet {
            let _ = print(&mut people());
        }
    }

    /// Draws all errors, and what warnings are new.
    fn problems(&self, diagnostics: &[Diagnostic]) {
        let is_new = |one: &&Diagnostic| {
            one.severity == Severity::Error || !self.told.iter().any(|told| told == *one)
        };
        let new: Vec<_> = diagnostics.iter().filter(is_new).cloned().collect();
        let mut out = people();
        let _ = match self.format {
            MessageFormat::Short => short::print(&mut out, &new),
            _ => human::print(&mut out, &new),
        };
    }

    /// How many errors and warnings there are, or that there are none any more.
    fn came_to(&self, diagnostics: &[Diagnostic]) -> String {
        let errors = count(diagnostics, Severity::Error);
        let warnings = count(diagnostics, Severity::Warning);
        let mut parts = Vec::new();
        if errors > 0 {
            let errors = counted(errors, "error", "errors");
            parts.push(format!("{BAD}{errors}{BAD:#}"));
        } else if has_errors(&self.told) {
            parts.push(format!("{GOOD}mended{GOOD:#}"));
        }
        if warnings > 0 {
            let warnings = counted(warnings, "warning", "warnings");
            parts.push(format!("{WARNING}{warnings}{WARNING:#}"));
        }
        parts.into_iter().map(|part| format!("{part}, ")).collect()
    }
}

fn done(site: &Site<'_>) -> String {
    let entries = counted(site.entries, "entry", "entries");
    format!("{entries}, {}", counted(site.pages, "page", "pages"))
}

/// What changed, in a few words.
fn what(changed: &[Change]) -> String {
    if changed.is_empty() {
        // A link that leads nowhere, rights that were taken.
        return "something changed".to_owned();
    }
    if changed.len() <= NAMED {
        let named = changed.iter();
        let named = named.map(|one| format!("{} {}", one.file, verb(one.kind)));
        return named.collect::<Vec<_>>().join(", ");
    }
    let mut kinds = changed.iter().map(|one| one.kind);
    let first = kinds.next();
    let verb = match first {
        Some(first) if kinds.all(|kind| kind == first) => verb(first),
        _ => "changed",
    };
    let files = counted(changed.len(), "file", "files");
    match common_folder(changed) {
        "" => format!("{files} {verb}"),
        folder => format!("{files} in {folder} {verb}"),
    }
}

fn verb(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Edited => "edited",
        ChangeKind::Removed => "removed",
    }
}

/// The innermost folder that all files stand in.
fn common_folder(changed: &[Change]) -> &str {
    let mut folders = changed
        .iter()
        .map(|one| one.file.rsplit_once('/').map_or("", |(folder, _)| folder));
    let Some(mut common) = folders.next() else {
        return "";
    };
    for folder in folders {
        let is_in = |common: &str| {
            let rest = folder.strip_prefix(common);
            common.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        while !is_in(common) {
            common = common.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    common
}

/// What was done to the output.
fn written(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.written > 0 {
        let files = counted(report.written, "file", "files");
        parts.push(format!("{files} written"));
    }
    if report.removed > 0 {
        parts.push(format!("{} removed", grouped(report.removed)));
    }
    if parts.is_empty() {
        parts.push("nothing written".to_owned());
    }
    parts.join(", ")
}

/// How many pages and feeds were made again for what reason.
fn why(report: &Report) -> String {
    let mut reasons: BTreeMap<_, usize> = BTreeMap::new();
    for one in &report.rebuilt {
        *reasons.entry(one.why).or_default() += 1;
    }
    let reasons = reasons.into_iter();
    let told: Vec<_> = reasons
        .map(|(why, count)| format!("{}: {}", grouped(count), why.words()))
        .collect();
    // Other files were written beside them, and of these some may have come out the same.
    match report.rebuilt.len() {
        0 => String::new(),
        made => {
            let made = counted(made, "page or feed", "pages and feeds");
            format!(" ({made} made again; {})", told.join("; "))
        }
    }
}

/// The time of day, where the owner is.
#[expect(
    clippy::disallowed_methods,
    reason = "a log tells when things happened"
)]
fn now() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use gleaner::diag::Code;
    use gleaner::pipeline::{Rebuilt, Why};

    use super::*;

    fn changes(files: &[(&str, ChangeKind)]) -> Vec<Change> {
        let change = |(file, kind): &(&str, ChangeKind)| Change {
            file: (*file).to_owned(),
            kind: *kind,
        };
        files.iter().map(change).collect()
    }

    #[test]
    fn a_few_files_are_named_and_many_are_counted() {
        use ChangeKind::{Added, Edited, Removed};
        for (files, text) in [
            (
                &[("content/notes/x.md", Edited)][..],
                "content/notes/x.md edited",
            ),
            (
                &[
                    ("content/notes/a.md", Removed),
                    ("content/notes/b.md", Added),
                ],
                "content/notes/a.md removed, content/notes/b.md added",
            ),
            (
                &[
                    ("content/snapshots/blurblog/1.xml", Added),
                    ("content/snapshots/blurblog/2.xml", Added),
                    ("content/snapshots/blurblog/deep/3.xml", Added),
                ],
                "3 files in content/snapshots/blurblog added",
            ),
            (
                &[
                    ("content/notes/x.md", Added),
                    ("content/notes2/x.md", Added),
                    ("content/notes/y.md", Removed),
                ],
                "3 files in content changed",
            ),
            (
                &[
                    ("site.toml", Edited),
                    ("content/a", Edited),
                    ("themes/b", Edited),
                ],
                "3 files edited",
            ),
            (&[], "something changed"),
        ] {
            assert_eq!(what(&changes(files)), text);
        }
    }

    #[test]
    fn what_was_done_is_told_with_its_reasons() {
        let rebuilt = |why, path: &str| Rebuilt {
            why,
            path: path.to_owned(),
        };
        let report = Report {
            written: 3,
            removed: 1,
            rebuilt: vec![
                rebuilt(Why::Matter, "a.html"),
                rebuilt(Why::Links, "b.html"),
                rebuilt(Why::Links, "c.html"),
            ],
            ..Report::default()
        };
        assert_eq!(written(&report), "3 files written, 1 removed");
        assert_eq!(
            why(&report),
            " (3 pages and feeds made again; 1: what it is about changed; 2: what it shows of other pages changed)"
        );
        assert_eq!(written(&Report::default()), "nothing written");
        assert_eq!(why(&Report::default()), "");
    }

    #[test]
    fn errors_that_are_gone_are_mended() {
        let error = Diagnostic::error(Code::ConfigSyntax, "x");
        let warning = Diagnostic::warning(Code::FeedEmpty, "y");
        let status = |told: &[Diagnostic]| Status {
            format: MessageFormat::Human,
            quiet: false,
            verbose: false,
            told: told.to_vec(),
        };
        let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
        let broken = status(std::slice::from_ref(&error));
        assert_eq!(plain(broken.came_to(&[])), "mended, ");
        assert_eq!(
            plain(broken.came_to(&[error.clone(), warning.clone()])),
            "1 error, 1 warning, "
        );
        assert_eq!(plain(status(&[warning]).came_to(&[])), "");
        assert_eq!(plain(status(&[]).came_to(&[error])), "1 error, ");
    }
}
