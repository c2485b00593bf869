//! From what a run found to what is printed: drawn for people, one line each for editors, JSON
//! for programs, annotations for GitHub, Markdown for a workflow's summary.
//!
//! What a run has to tell people goes to stderr, JSON and what was asked for to stdout. Everything
//! that is quoted from feeds and paths came escaped: nothing of it can steer a terminal, nor, by
//! [`inert`], a machine that reads the log. Colours follow the terminal, `NO_COLOR` and `CLICOLOR`.

mod border;
mod coverage;
mod fetch;
mod github;
mod human;
mod inert;
mod json;
mod links;
mod markdown;
mod short;
mod status;
mod summary;
mod themes;
mod words;
mod workspace;

use std::io::{self, StderrLock, Write};
use std::path::Path;

use gleaner::diag::{Code, Diagnostic, Place, escape_controls};
use gleaner::pipeline::{Mode, Report, ThemeInfo};

use crate::args::{FetchArgs, MessageFormat, SiteArgs};
use crate::exit::Exit;
use crate::fetch::Outcome;
use crate::links::Links;
use crate::progress::Times;

pub(crate) use border::Border;
use inert::Inert;
pub(crate) use status::{Site, Status};
use workspace::Workspace;

/// Where people are told.
fn people() -> Inert<anstream::AutoStream<StderrLock<'static>>> {
    Inert::new(anstream::stderr().lock())
}

/// Prints diagnostics, in the order in which they are given.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic], format: MessageFormat) {
    // Who stopped listening does not change what was built: errors of printing are ignored.
    let _ = match format {
        MessageFormat::Human | MessageFormat::Github => human::print(&mut people(), diagnostics),
        MessageFormat::Short => short::print(&mut people(), diagnostics),
        MessageFormat::Json => json::print(&mut std::io::stdout().lock(), diagnostics),
    };
}

/// Prints the annotations of a run, where they are wanted.
pub(crate) fn annotations(diagnostics: &[Diagnostic], format: MessageFormat) {
    if format == MessageFormat::Github {
        let workspace = Workspace::of_environment();
        let _ = github::print(&mut io::stdout().lock(), diagnostics, &workspace);
    }
}

/// Appends what a build or a check came to.
pub(crate) fn append_run(
    file: &Path,
    mode: Mode,
    report: &Report,
    exit: Exit,
) -> Result<(), Diagnostic> {
    append(file, |out| markdown::print(out, mode, report, exit))
}

/// Appends what a fetch came to.
pub(crate) fn append_fetch(
    file: &Path,
    outcomes: &[Outcome],
    told: &[Diagnostic],
) -> Result<(), Diagnostic> {
    append(file, |out| markdown::print_fetched(out, outcomes, told))
}

/// Appends to a file, which is made if it is not there; in one piece, so that others may, too.
#[expect(
    clippy::disallowed_methods,
    reason = "no file of a site, but of who runs the command"
)]
fn append(
    file: &Path,
    print: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> Result<(), Diagnostic> {
    let mut bytes = Vec::new();
    let appended = print(&mut bytes).and_then(|()| {
        if is_link(file) {
            let message = "it is a link: name the file that it leads to";
            return Err(io::Error::other(message));
        }
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.create(true).append(true).open(file)?;
        file.write_all(&bytes)
    });
    appended.map_err(|error| {
        let message = format!("the summary cannot be written: {error}");
        Diagnostic::error(Code::WriteFailed, message)
            .at(Place::file(escape_controls(&file.to_string_lossy())))
            .hint("its folder must exist, and you must be allowed to write there")
    })
}

/// Whether a file is a link, which somebody else may have put there, and which may lead anywhere. What
/// the system has in `/dev`, such as `/dev/stdout`, is its own.
#[expect(
    clippy::disallowed_methods,
    reason = "no file of a site, but of who runs the command"
)]
fn is_link(file: &Path) -> bool {
    let is_link = std::fs::symlink_metadata(file).is_ok_and(|it| it.is_symlink());
    is_link && !file.starts_with("/dev")
}

/// Draws each diagnostic as for people, without colours.
pub(crate) fn drawn_each(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(human::drawn).collect()
}

/// Prints what a run did.
pub(crate) fn summary(mode: Mode, report: &Report, times: &Times, exit: Exit, args: &SiteArgs) {
    if args.report.message_format == MessageFormat::Json {
        let _ = json::print_summary(&mut std::io::stdout().lock(), report, times, exit);
        return;
    }
    let mut out = people();
    if args.verbose {
        let _ = summary::print_rebuilt(&mut out, &report.rebuilt);
        let _ = summary::print_times(&mut out, times);
    }
    if !args.report.quiet {
        let _ = summary::print(&mut out, mode, report, times, exit);
        let _ = coverage::print(&mut out, &report.coverage);
        if args.report.message_format != MessageFormat::Short {
            let _ = human::print_advice(&mut out, &report.diagnostics);
        }
    }
}

/// Prints what came of asking originals.
pub(crate) fn links(links: &Links, args: &SiteArgs) {
    if args.report.message_format == MessageFormat::Json {
        let _ = links::print_json(&mut std::io::stdout().lock(), links);
    } else if !args.report.quiet {
        let _ = links::print(&mut people(), links, args.verbose);
    }
}

/// Prints what came of fetching one feed.
pub(crate) fn feed(outcome: &Outcome, args: &FetchArgs) {
    diagnostics(&outcome.diagnostics, args.report.message_format);
    if args.report.message_format == MessageFormat::Json {
        let _ = json::print_feed(&mut std::io::stdout().lock(), outcome);
    } else if !args.report.quiet {
        let _ = fetch::print(&mut people(), outcome);
    }
}

/// Prints what a fetch did.
pub(crate) fn fetched(outcomes: &[Outcome], told: &[Diagnostic], exit: Exit, args: &FetchArgs) {
    if args.report.message_format == MessageFormat::Json {
        let _ = json::print_fetched(&mut std::io::stdout().lock(), outcomes, told, exit);
    } else if !args.report.quiet {
        let _ = fetch::print_summary(&mut people(), outcomes, told, exit);
    }
}

/// Prints what themes there are.
pub(crate) fn themes(themes: &[ThemeInfo], format: MessageFormat) {
    let mut out = Inert::new(anstream::stdout());
    let _ = match format {
        MessageFormat::Human | MessageFormat::Github => themes::print(&mut out, themes),
        MessageFormat::Short => themes::print_short(&mut out, themes),
        MessageFormat::Json => json::print_themes(&mut io::stdout().lock(), themes),
    };
}

/// Prints what is wrong with what was typed.
pub(crate) fn usage(message: &str) {
    let _ = writeln!(anstream::stderr(), "error: {message}");
}
