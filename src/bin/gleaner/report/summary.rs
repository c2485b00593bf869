//! The closing line: what was read, built, written, skipped, removed, told, and how long it took.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use gleaner::diag::Severity;
use gleaner::pipeline::{Mode, Rebuilt, Report};

use super::words::{count, counted, shown, size};
use crate::exit::Exit;
use crate::progress::Times;

/// How many of the slowest templates are named.
const SLOWEST: usize = 5;
/// How many files are named that were made again for the same reason.
const NAMED: usize = 10;
/// The verb of a run that went well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// The verb of a run that did not.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();

/// Prints the closing line, and before it, where there are errors, that not all was built.
pub(super) fn print(
    out: &mut impl Write,
    mode: Mode,
    report: &Report,
    times: &Times,
    exit: Exit,
) -> io::Result<()> {
    let (style, verb) = match (exit, mode) {
        (Exit::Success, Mode::Build) => (GOOD, "Built"),
        (Exit::Success, Mode::Check) => (GOOD, "Checked"),
        (_, Mode::Build) => (BAD, "Failed"),
        (_, Mode::Check) => (BAD, "Failed the check"),
    };
    let told = told(report);
    // With errors, figures of what was built all the same would hide that something was not.
    let done = if exit == Exit::Success {
        format!(" {}", done(mode, report))
    } else {
        String::new()
    };
    let told = told.map(|told| format!(" {told}")).unwrap_or_default();
    let written = match mode {
        Mode::Build if report.written + report.unchanged + report.removed > 0 => {
            format!("; {}", written(report))
        }
        _ => String::new(),
    };
    let times = match stages(times) {
        // Without settings, no stage began.
        stages if stages.is_empty() => format!("in {}", shown(times.total)),
        stages => format!("in {} ({stages})", shown(times.total)),
    };
    writeln!(out, "{style}{verb}{style:#}{done}{told}{written}, {times}")
}

pub(super) fn done(mode: Mode, report: &Report) -> String {
    let pages = match mode {
        Mode::Build => counted(report.pages, "page", "pages"),
        Mode::Check => format!("{} to write", counted(report.pages, "page", "pages")),
    };
    format!(
        "{} from {}: {pages}",
        counted(report.entries, "entry", "entries"),
        counted(report.snapshots, "snapshot", "snapshots"),
    )
}

pub(super) fn written(report: &Report) -> String {
    let files = counted(report.written, "file", "files");
    let mut text = format!(
        "wrote {files} ({}), {} unchanged",
        size(report.bytes),
        report.unchanged
    );
    if report.removed > 0 {
        text.push_str(&format!(", {} removed", report.removed));
    }
    text
}

/// How many errors and warnings; none if there are none.
fn told(report: &Report) -> Option<String> {
    let count = |severity| count(&report.diagnostics, severity);
    let counts = [
        (count(Severity::Error), "error", "errors"),
        (count(Severity::Warning), "warning", "warnings"),
    ];
    let told: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    (!told.is_empty()).then(|| format!("with {}", told.join(" and ")))
}

fn stages(times: &Times) -> String {
    let stages: Vec<String> = times
        .stages
        .iter()
        .map(|(stage, took)| format!("{} {}", stage.name(), shown(*took)))
        .collect();
    stages.join(", ")
}

/// Prints a line for each stage, and the templates that took longest.
pub(super) fn print_times(out: &mut (impl Write + ?Sized), times: &Times) -> io::Result<()> {
    for (stage, took) in &times.stages {
        writeln!(out, "{:>10} {:>8}", stage.name(), shown(*took))?;
    }
    let mut templates: Vec<_> = times.templates.iter().collect();
    templates.sort_by_key(|(_, (_, took))| std::cmp::Reverse(*took));
    if !templates.is_empty() {
        writeln!(out, "slowest templates, on all threads together:")?;
    }
    for (name, (pages, took)) in templates.into_iter().take(SLOWEST) {
        let pages = counted(*pages, "page", "pages");
        writeln!(out, "{:>10} {name} ({pages})", shown(*took))?;
    }
    Ok(())
}

/// Prints which pages and feeds were made again, by reason.
pub(super) fn print_rebuilt(
    out: &mut (impl Write + ?Sized),
    rebuilt: &[Rebuilt],
) -> io::Result<()> {
    for same in rebuilt.chunk_by(|a, b| a.why == b.why) {
        let files = counted(same.len(), "page or feed", "pages and feeds");
        let why = same.first().map_or("", |one| one.why.words());
        writeln!(out, "{files} made: {why}")?;
        for one in same.iter().take(NAMED) {
            writeln!(out, "    {}", one.path)?;
        }
        if same.len() > NAMED {
            writeln!(out, "    … and {} more", same.len() - NAMED)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gleaner::diag::{Code, Diagnostic};
    use gleaner::pipeline::Stage;

    use super::*;

    fn times() -> Times {
        Times {
            total: Duration::from_millis(210),
            stages: vec![
                (Stage::Load, Duration::from_millis(3)),
                (Stage::Render, Duration::from_millis(120)),
            ],
            templates: [
                ("entry.html".to_owned(), (29, Duration::from_millis(90))),
                ("list.html".to_owned(), (1, Duration::from_millis(95))),
            ]
            .into(),
        }
    }

    fn closing(mode: Mode, report: &Report, exit: Exit) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        print(&mut out, mode, report, &times(), exit).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn the_closing_line_says_what_was_done() {
        let mut report = Report {
            snapshots: 2,
            entries: 29,
            pages: 64,
            written: 71,
            bytes: 1_234_567,
            ..Report::default()
        };
        assert_eq!(
            closing(Mode::Build, &report, Exit::Success),
            "Built 29 entries from 2 snapshots: 64 pages; wrote 71 files (1.2 MB), 0 unchanged, \
             in 0.21 s (load 3 ms, render 0.12 s)\n"
        );
        report.removed = 1;
        report.diagnostics = vec![Diagnostic::warning(Code::FeedEmpty, "x")];
        assert_eq!(
            closing(Mode::Build, &report, Exit::Success),
            "Built 29 entries from 2 snapshots: 64 pages with 1 warning; wrote 71 files (1.2 MB), \
             0 unchanged, 1 removed, in 0.21 s (load 3 ms, render 0.12 s)\n"
        );
        assert_eq!(
            closing(Mode::Check, &report, Exit::Success),
            "Checked 29 entries from 2 snapshots: 64 pages to write with 1 warning, in 0.21 s \
             (load 3 ms, render 0.12 s)\n"
        );
    }

    #[test]
    fn a_failed_run_says_so_first() {
        let report = Report {
            diagnostics: vec![
                Diagnostic::error(Code::ConfigSyntax, "x"),
                Diagnostic::error(Code::ConfigSyntax, "y"),
                Diagnostic::warning(Code::FeedEmpty, "z"),
            ],
            ..Report::default()
        };
        let line = closing(Mode::Build, &report, Exit::SiteErrors);
        assert!(
            line.starts_with("Failed with 2 errors and 1 warning, in 0.21 s"),
            "{line}"
        );
    }

    #[test]
    fn the_slowest_template_comes_first() {
        let mut out = Vec::new();
        print_times(&mut out, &times()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (list, entry) = (text.find("list.html"), text.find("entry.html"));
        assert!(list < entry && text.contains("render   0.12 s"), "{text}");
    }
}
