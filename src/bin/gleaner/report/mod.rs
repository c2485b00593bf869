//! From what a run found to what is printed: drawn for people, one line each for editors, JSON
//! for programs.
//!
//! What a run has to tell people goes to stderr, JSON and what was asked for to stdout. Everything
//! that is quoted from feeds and paths came escaped: nothing of it can steer a terminal. Colours
//! follow the terminal, `NO_COLOR` and `CLICOLOR`.

mod coverage;
mod fetch;
mod human;
mod json;
mod links;
mod short;
mod status;
mod summary;
mod themes;

use std::io::Write;

use gleaner::diag::Diagnostic;
use gleaner::pipeline::{Mode, Report, ThemeInfo};

use crate::args::{FetchArgs, MessageFormat, SiteArgs};
use crate::exit::Exit;
use crate::fetch::Outcome;
use crate::links::Links;
use crate::progress::Times;

pub(crate) use status::{Site, Status};

/// Prints diagnostics, in the order in which they are given.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic], format: MessageFormat) {
    // Who stopped listening does not change what was built: errors of printing are ignored.
    let _ = match format {
        MessageFormat::Human => human::print(&mut anstream::stderr().lock(), diagnostics),
        MessageFormat::Short => short::print(&mut anstream::stderr().lock(), diagnostics),
        MessageFormat::Json => json::print(&mut std::io::stdout().lock(), diagnostics),
    };
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
    let mut out = anstream::stderr().lock();
    if args.verbose {
        let _ = summary::print_rebuilt(&mut out, &report.rebuilt);
        let _ = summary::print_times(&mut out, times);
    }
    if !args.report.quiet {
        let _ = summary::print(&mut out, mode, report, times, exit);
        let _ = coverage::print(&mut out, &report.coverage);
        if args.report.message_format == MessageFormat::Human {
            let _ = human::print_advice(&mut out, &report.diagnostics);
        }
    }
}

/// Prints what came of asking originals.
pub(crate) fn links(links: &Links, args: &SiteArgs) {
    if args.report.message_format == MessageFormat::Json {
        let _ = links::print_json(&mut std::io::stdout().lock(), links);
    } else if !args.report.quiet {
        let _ = links::print(&mut anstream::stderr().lock(), links, args.verbose);
    }
}

/// Prints what came of fetching one feed.
pub(crate) fn feed(outcome: &Outcome, args: &FetchArgs) {
    diagnostics(&outcome.diagnostics, args.report.message_format);
    if args.report.message_format == MessageFormat::Json {
        let _ = json::print_feed(&mut std::io::stdout().lock(), outcome);
    } else if !args.report.quiet {
        let _ = fetch::print(&mut anstream::stderr().lock(), outcome);
    }
}

/// Prints what a fetch did.
pub(crate) fn fetched(outcomes: &[Outcome], told: &[Diagnostic], exit: Exit, args: &FetchArgs) {
    if args.report.message_format == MessageFormat::Json {
        let _ = json::print_fetched(&mut std::io::stdout().lock(), outcomes, told, exit);
    } else if !args.report.quiet {
        let _ = fetch::print_summary(&mut anstream::stderr().lock(), outcomes, told, exit);
    }
}

/// Prints what themes there are.
pub(crate) fn themes(themes: &[ThemeInfo], format: MessageFormat) {
    let mut out = anstream::stdout().lock();
    let _ = match format {
        MessageFormat::Human => themes::print(&mut out, themes),
        MessageFormat::Short => themes::print_short(&mut out, themes),
        MessageFormat::Json => json::print_themes(&mut out, themes),
    };
}

/// Prints what is wrong with what was typed.
pub(crate) fn usage(message: &str) {
    let _ = writeln!(anstream::stderr(), "error: {message}");
}
