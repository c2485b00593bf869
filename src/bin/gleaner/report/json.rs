//! One JSON object per line, for programs.
//!
//! A diagnostic: `type` (`"diagnostic"`), `severity` (`"error"`, `"warning"`), `code`, `message`,
//! and, where known, `file`, `line` and `column` (from 1, in characters), `excerpt` (`text`, and
//! the range of bytes `marked` in it), `hint`.
//!
//! At the end, the summary: `type` (`"summary"`), `success`, `errors`, `warnings`, `snapshots`,
//! `sightings`, `entries`, `pages`, `written`, `unchanged`, `removed`, `bytes`, `output`,
//! `rebuilt` (a list of `why` and `files`, a number), `milliseconds`, and `stages` (a list of `name` and
//! `milliseconds`). Fields may be added.
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
use gleaner::pipeline::{Report, ThemeInfo};
use serde::Serialize;

use crate::exit::Exit;
use crate::fetch::{End, Outcome};
use crate::progress::Times;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Diagnostic(&'a Diagnostic),
    Summary(Summary<'a>),
    Theme(&'a ThemeInfo),
    Feed(Feed<'a>),
    #[serde(rename = "summary")]
    Fetched(Fetched),
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

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    let same = |one: &&Diagnostic| one.severity == severity;
    diagnostics.iter().filter(same).count()
}

/// Prints the last line.
pub(super) fn print_summary(
    out: &mut impl Write,
    report: &Report,
    times: &Times,
    exit: Exit,
) -> io::Result<()> {
    let stage = |(stage, took): &(gleaner::pipeline::Stage, Duration)| StageTime {
        name: stage.name(),
        milliseconds: milliseconds(*took),
    };
    let reasons = report.rebuilt.chunk_by(|a, b| a.why == b.why);
    let rebuilt = reasons.map(|same| Rebuilt {
        why: same.first().map_or("", |one| one.why.words()),
        files: same.len(),
    });
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
        rebuilt: rebuilt.collect(),
        milliseconds: milliseconds(times.total),
        stages: times.stages.iter().map(stage).collect(),
    };
    print_line(out, &Line::Summary(summary))
}

/// To a hundredth: finer is noise.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}

fn print_line(out: &mut impl Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
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
