//! What came of fetching: a line for each feed, and a closing one.

use std::io::{self, Write};

use gleaner::diag::{Diagnostic, Severity, escape_controls};

use super::summary::{BAD, GOOD};
use super::words::{count, counted, size};
use crate::exit::Exit;
use crate::fetch::{End, Outcome};

/// Prints the line of a feed that did not fail: why one failed stands in its errors.
pub(super) fn print(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let name = escape_controls(&outcome.feed);
    match outcome.end {
        End::Failed => Ok(()),
        End::NotModified => writeln!(out, "{name}: not modified"),
        End::NothingNew => writeln!(out, "{name}: nothing new"),
        End::Stored => writeln!(out, "{name}: {}, {}", entries(outcome), stored(outcome)),
    }
}

/// `3 new entries, 1 changed`.
fn entries(outcome: &Outcome) -> String {
    let new = counted(outcome.new, "new entry", "new entries");
    match (outcome.new, outcome.changed) {
        // What is new is something that could not be read.
        (0, 0) => "something that could not be read".to_owned(),
        (_, 0) => new,
        (0, _) => counted(outcome.changed, "changed entry", "changed entries"),
        (_, changed) => format!("{new}, {changed} changed"),
    }
}

fn stored(outcome: &Outcome) -> String {
    let size = size(u64::try_from(outcome.bytes).unwrap_or(u64::MAX));
    match outcome.stored.as_slice() {
        [one] => format!("stored {} ({size})", escape_controls(one)),
        many => format!(
            "stored {} ({size})",
            counted(many.len(), "snapshot", "snapshots")
        ),
    }
}

/// Prints the closing line.
pub(super) fn print_summary(
    out: &mut impl Write,
    outcomes: &[Outcome],
    told: &[Diagnostic],
    exit: Exit,
) -> io::Result<()> {
    if outcomes.is_empty() && exit == Exit::Success {
        return Ok(());
    }
    let failed = outcomes
        .iter()
        .filter(|outcome| outcome.is_failed())
        .count();
    let feeds = counted(outcomes.len(), "feed", "feeds");
    let (style, verb) = match exit {
        Exit::Success => (GOOD, "Fetched"),
        _ => (BAD, "Failed"),
    };
    write!(out, "{style}{verb}{style:#}")?;
    match (failed, exit) {
        (0, Exit::Success) => write!(out, " {feeds}")?,
        (0, _) => {}
        (failed, _) => write!(out, " to fetch {failed} of {feeds}")?,
    }
    let count = |severity| count(told, severity);
    let warnings = count(Severity::Warning);
    if failed == 0 && count(Severity::Error) > 0 {
        let errors = counted(count(Severity::Error), "error", "errors");
        write!(out, " with {errors}")?;
    } else if warnings > 0 {
        write!(out, " with {}", counted(warnings, "warning", "warnings"))?;
    }
    let stored: usize = outcomes.iter().map(|outcome| outcome.stored.len()).sum();
    match stored {
        0 if exit == Exit::Success => writeln!(out, "; nothing new"),
        0 => writeln!(out),
        _ => writeln!(out, "; stored {}", counted(stored, "snapshot", "snapshots")),
    }
}
