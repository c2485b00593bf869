//! One JSON object per line, for programs.
//!
//! A diagnostic: `type` (`"diagnostic"`), `severity` (`"error"`, `"warning"`), `code`, `message`,
//! and, where known, `file`, `line` and `column` (from 1, in characters), `excerpt` (`text`, and
//! the range of bytes `marked` in it), `hint`.
//!
//! A check tells what the snapshots of each feed cover: `type` (`"coverage"`), `feed`, `snapshots`,
//! `first` and `last` (times), `gaps` (a list of `since`, `until`, `file`), `holds` (entries at a time),
//! `busiest` (entries of a day), `advice` (`"every day"`); what is not known is `null`.
//!
//! A check of originals (`links`) names those that were found gone, are back, or of which nothing could
//! be said: `type` (`"original"`), `state` (`"gone"`, `"back"`, `"unknown"`), `url`, `page`, `answer`. Then
//! the figures: `type` (`"links"`), `originals`, `asked`, `left`, `alive`, `gone`, `unknown`,
//! `newly_gone`, `back` (numbers), `stopped`.
//!
//! At the end, the summary: `type` (`"summary"`), `success`, `errors`, `warnings`, `snapshots`,
//! `sightings`, `entries`, `pages`, `written`, `unchanged`, `removed`, `bytes`, `output`,
//! `rebuilt` (a list of `why` and `files`, a number), `milliseconds`, and `stages` (a list of `name` and
//! `milliseconds`). Fields may be added.
//!
//! `serve` and `watch` go on after that. They print, one line each:
//!
//! - `serving`: the server listens. `url`.
//! - `opened`: it has read the site. `success`, `errors`, `warnings`, `entries`, `pages`,
//!   `milliseconds`.
//! - `watching`: the first build of `watch` is done (its summary stands before), changes are awaited.
//! - `changed`: what changed on disk, and what that came to; all that is wrong with the site now stands
//!   before it, as diagnostics. `files` (a list of `file` and `change`: `"added"`, `"edited"`,
//!   `"removed"`), and the fields of `opened`; `watch` adds `written`, `removed` and `rebuilt`.
//! - `notice`: what is to be told of the watching itself. `message`, and, where known, `hint`.
//!
//! A feed that was fetched: `type` (`"feed"`), `feed` (its name), `outcome` (`"stored"`,
//! `"nothing-new"`, `"not-modified"`, `"failed"`), `success`, `new` and `changed` (numbers of entries),
//! `stored` (a list of files), `bytes` (in them), `documents` (of its history, that were read). Its
//! diagnostics come before it. At the end of a fetch, the summary: `type` (`"summary"`), `success`,
//! `errors`, `warnings`, `feeds`, `failed`, `new`, `changed`, `stored` and `bytes` (numbers).
//!
//! A theme: `type` (`"theme"`), `name`, `built_in`, `extends`, `in_use`, `description`, `options` (a
//! list of `name`, `default`, `choices`, `description`), `templates` (a list of `name`, `about`).

use std::io::{self, Write};
use std::time::Duration;

use gleaner::diag::{Diagnostic, Severity};
use gleaner::pipeline::{Change, ChangeKind, FeedCoverage, Report, ThemeInfo};
use serde::Serialize;

use super::status::Site;
use super::words::count;
use crate::exit::Exit;
use crate::fetch::{End, Outcome};
use crate::progress::Times;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Diagnostic(&'a Diagnostic),
    Coverage(&'a FeedCoverage),
    Summary(Summary<'a>),
    Theme(&'a ThemeInfo),
    Serving {
        url: &'a str,
    },
    Opened(CameTo),
    Watching,
    Changed(Changed<'a>),
    Notice {
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<&'a str>,
    },
    Feed(Feed<'a>),
    #[serde(rename = "summary")]
    Fetched(Fetched),
}

/// What a look at the site came to.
#[derive(Serialize)]
struct CameTo {
    success: bool,
    errors: usize,
    warnings: usize,
    entries: usize,
    pages: usize,
    milliseconds: f64,
}

#[derive(Serialize)]
struct Changed<'a> {
    files: Vec<File<'a>>,
    #[serde(flatten)]
    outcome: CameTo,
    #[serde(flatten)]
    build: Option<Build>,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    change: &'static str,
}

#[derive(Serialize)]
struct Build {
    written: usize,
    removed: usize,
    rebuilt: Vec<Rebuilt>,
}

#[derive(Serialize)]
struct Feed<'a> {
    feed: &'a str,
    outcome: &'static str,
    success: bool,
    new: usize,
    changed: usize,
    stored: &'a [String],
    bytes: usize,
    documents: usize,
}

#[derive(Serialize)]
struct Fetched {
    success: bool,
    errors: usize,
    warnings: usize,
    feeds: usize,
    failed: usize,
    new: usize,
    changed: usize,
    stored: usize,
    bytes: usize,
}

#[derive(Serialize)]
struct Summary<'a> {
    success: bool,
    errors: usize,
    warnings: usize,
    snapshots: usize,
    sightings: usize,
    entries: usize,
    pages: usize,
    written: usize,
    unchanged: usize,
    removed: usize,
    bytes: u64,
    output: std::borrow::Cow<'a, str>,
    rebuilt: Vec<Rebuilt>,
    milliseconds: f64,
    stages: Vec<StageTime>,
}

#[derive(Serialize)]
struct Rebuilt {
    why: &'static str,
    files: usize,
}

#[derive(Serialize)]
struct StageTime {
    name: &'static str,
    milliseconds: f64,
}

/// Prints one line for each diagnostic.
pub(super) fn print(out: &mut impl Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    diagnostics
        .iter()
        .try_for_each(|diagnostic| print_line(out, &Line::Diagnostic(diagnostic)))
}

/// Prints one line for each theme.
pub(super) fn print_themes(out: &mut impl Write, themes: &[ThemeInfo]) -> io::Result<()> {
    themes
        .iter()
        .try_for_each(|theme| print_line(out, &Line::Theme(theme)))
}

/// Prints what came of fetching one feed.
pub(super) fn print_feed(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let feed = Feed {
        feed: &outcome.feed,
        outcome: match outcome.end {
            End::Stored => "stored",
            End::NothingNew => "nothing-new",
            End::NotModified => "not-modified",
            End::Failed => "failed",
        },
        success: !outcome.is_failed(),
        new: outcome.new,
        changed: outcome.changed,
        stored: &outcome.stored,
        bytes: outcome.bytes,
        documents: outcome.documents,
    };
    print_line(out, &Line::Feed(feed))
}

/// Prints the last line of a fetch.
pub(super) fn print_fetched(
    out: &mut impl Write,
    outcomes: &[Outcome],
    told: &[Diagnostic],
    exit: Exit,
) -> io::Result<()> {
    let sum = |number: fn(&Outcome) -> usize| outcomes.iter().map(number).sum();
    let fetched = Fetched {
        success: exit == Exit::Success,
        errors: count(told, Severity::Error),
        warnings: count(told, Severity::Warning),
        feeds: outcomes.len(),
        failed: sum(|outcome| usize::from(outcome.is_failed())),
        new: sum(|outcome| outcome.new),
        changed: sum(|outcome| outcome.changed),
        stored: sum(|outcome| outcome.stored.len()),
        bytes: sum(|outcome| outcome.bytes),
    };
    print_line(out, &Line::Fetched(fetched))
}

/// Prints the last line.
pub(super) fn print_summary(
    out: &mut impl Write,
    report: &Report,
    times: &Times,
    exit: Exit,
) -> io::Result<()> {
    for feed in &report.coverage {
        print_line(out, &Line::Coverage(feed))?;
    }
    let stage = |(stage, took): &(gleaner::pipeline::Stage, Duration)| StageTime {
        name: stage.name(),
        milliseconds: milliseconds(*took),
    };
    let summary = Summary {
        success: exit == Exit::Success,
        errors: count(&report.diagnostics, Severity::Error),
        warnings: count(&report.diagnostics, Severity::Warning),
        snapshots: report.snapshots,
        sightings: report.sightings,
        entries: report.entries,
        pages: report.pages,
        written: report.written,
        unchanged: report.unchanged,
        removed: report.removed,
        bytes: report.bytes,
        output: report.output.to_string_lossy(),
        rebuilt: rebuilt(report),
        milliseconds: milliseconds(times.total),
        stages: times.stages.iter().map(stage).collect(),
    };
    print_line(out, &Line::Summary(summary))
}

/// Prints that the server listens.
pub(super) fn print_serving(out: &mut impl Write, url: &str) -> io::Result<()> {
    print_line(out, &Line::Serving { url })
}

/// Prints what the first look at the site came to.
pub(super) fn print_opened(
    out: &mut impl Write,
    site: &Site<'_>,
    took: Duration,
) -> io::Result<()> {
    print_line(out, &Line::Opened(outcome(site, took)))
}

/// Prints that changes are awaited.
pub(super) fn print_watching(out: &mut impl Write) -> io::Result<()> {
    print_line(out, &Line::Watching)
}

/// Prints what is to be told of the watching itself.
pub(super) fn print_notice(
    out: &mut impl Write,
    message: &str,
    hint: Option<&str>,
) -> io::Result<()> {
    print_line(out, &Line::Notice { message, hint })
}

/// Prints what changed, and what a look at it came to.
pub(super) fn print_refreshed(
    out: &mut impl Write,
    changed: &[Change],
    site: &Site<'_>,
    took: Duration,
) -> io::Result<()> {
    let changed = Changed {
        files: files(changed),
        outcome: outcome(site, took),
        build: None,
    };
    print_line(out, &Line::Changed(changed))
}

/// Prints what changed, and what was built of it.
pub(super) fn print_rebuilt(
    out: &mut impl Write,
    changed: &[Change],
    report: &Report,
    took: Duration,
) -> io::Result<()> {
    let site = Site {
        entries: report.entries,
        pages: report.pages,
        diagnostics: &report.diagnostics,
    };
    let changed = Changed {
        files: files(changed),
        outcome: outcome(&site, took),
        build: Some(Build {
            written: report.written,
            removed: report.removed,
            rebuilt: rebuilt(report),
        }),
    };
    print_line(out, &Line::Changed(changed))
}

fn outcome(site: &Site<'_>, took: Duration) -> CameTo {
    let errors = count(site.diagnostics, Severity::Error);
    CameTo {
        success: errors == 0,
        errors,
        warnings: count(site.diagnostics, Severity::Warning),
        entries: site.entries,
        pages: site.pages,
        milliseconds: milliseconds(took),
    }
}

fn files<'a>(changed: &'a [Change]) -> Vec<File<'a>> {
    let file = |Change { file, kind }: &'a Change| {
        let change = match kind {
            ChangeKind::Added => "added",
            ChangeKind::Edited => "edited",
            ChangeKind::Removed => "removed",
        };
        File { file, change }
    };
    changed.iter().map(file).collect()
}

fn rebuilt(report: &Report) -> Vec<Rebuilt> {
    let reasons = report.rebuilt.chunk_by(|a, b| a.why == b.why);
    let rebuilt = reasons.map(|same| Rebuilt {
        why: same.first().map_or("", |one| one.why.words()),
        files: same.len(),
    });
    rebuilt.collect()
}

/// To a hundredth: finer is noise.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}

/// Prints one object on a line of its own.
pub(super) fn print_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let line = serde_json::to_string(line)?;
    // What GitHub's runner takes for a command, wherever it stands in a line; the same to JSON.
    writeln!(out, "{}", line.replace("##[", "#\\u0023["))
}

#[cfg(test)]
mod tests {
    use gleaner::diag::{Code, Place};

    use super::*;

    #[test]
    fn a_diagnostic_is_one_flat_object() {
        let mut out = Vec::new();
        let place = Place::span("site.toml", "a = 1", 0..1);
        let known = Diagnostic::error(Code::ConfigUnknownKey, "x").at(place);
        let bare = Diagnostic::warning(Code::FeedEmpty, "y");
        print(&mut out, &[known.hint("z"), bare]).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        {"type":"diagnostic","severity":"error","code":"config-unknown-key","message":"x","file":"site.toml","line":1,"column":1,"excerpt":{"text":"a = 1","marked":{"start":0,"end":1}},"hint":"z"}
        {"type":"diagnostic","severity":"warning","code":"feed-empty","message":"y"}
        "#);
    }
}
