//! What may be typed: options as they stand on the command line, not yet what they mean.
//!
//! The doc comments are the help: they speak to someone who has never seen Gleaner.

mod about;
mod build;
mod fetch;
mod init;
mod site;
mod theme;

use clap::{Parser, Subcommand};

pub(crate) use about::{CompletionsArgs, ExplainArgs, ManArgs};
pub(crate) use build::{BuildArgs, CheckArgs, LinksArgs, ServeArgs, WatchArgs, WriteArgs};
pub(crate) use fetch::{FetchArgs, FetchGrantArgs};
pub(crate) use init::{FeedArg, InitArgs, Vcs, action, feed};
pub(crate) use site::{
    CacheArgs, FollowArgs, GrantArgs, MessageFormat, PaceArgs, PlaceArgs, ReportArgs, SiteArgs,
    SummaryArgs, web_address, website,
};
pub(crate) use theme::{ExportArgs, ThemeArgs, ThemeCommand, ThemeListArgs};

/// What stands below the list of commands.
const EXAMPLES: &str = "\
Examples:
  gleaner init my-archive              make a site, and ask what it needs to know
  gleaner build                        build the site in this folder into `public/`
  gleaner build --root archive -v      … of another folder, and say where the time goes
  gleaner build --base-url http://localhost:8000/ --output /tmp/preview
  gleaner serve --open                 look at it in a browser while you change it
  gleaner check --deny-warnings        what a build would say; fails on a warning, too
  gleaner check --links                and ask whether the originals are still there
  gleaner check --message-format json  the same, one JSON object per line, for programs
  gleaner build --message-format github --summary \"$GITHUB_STEP_SUMMARY\"
  gleaner watch                        build, and build again whenever a file changes
  gleaner fetch                        ask all feeds that have a `url`, store what is new
  gleaner theme                        the themes that there are, with their options
  gleaner theme export entry.html      copy a template to `themes/`, to change it there
  gleaner explain feed-repaired        what a warning or error means, and what to do

A site is a folder with a `site.toml`, which needs no more than a title and a base URL:
  [site]
  title = \"Things worth keeping\"
  base_url = \"https://example.org/archive/\"
and its feeds, as they were fetched, in `content/snapshots/<feed>/`: Atom, RSS or JSON Feed,
packed with gzip or not. Gleaner never changes what you have there.

Exit codes: 0 built, maybe with warnings; 1 errors in the site; 2 wrong usage. `serve` and
`watch` end with 0 when Ctrl-C or SIGTERM says so.";

/// Turns snapshots of feeds into a permanent, safe website.
///
/// Gleaner reads stored snapshots of feeds (a shared-items feed, a blog, anything in Atom, RSS or
/// JSON Feed), merges what they say into one archive, and writes it as a static website: pages
/// that anything can serve, that open from a disk, and whose addresses never change.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a site, and, if you like, a workflow that publishes it on GitHub
    ///
    /// Overwrites nothing, and writes all files or none. On a terminal, it asks what it needs to know,
    /// unless title, feeds, base URL or `--github` are given. Then it fetches the feeds for the first
    /// time.
    #[command(after_help = init::INIT_EXAMPLES)]
    Init(InitArgs),
    /// Build the site: read `content/`, write `public/`
    ///
    /// Only files that differ are written, files of earlier builds that are no longer part of the
    /// site are removed, and files that Gleaner did not write are left alone.
    Build(BuildArgs),
    /// Check the site: everything that `build` does, but write nothing
    ///
    /// It tells what a build tells, and more: where snapshots leave gaps, and how often each feed is to
    /// be fetched; with `--links`, which originals are gone.
    Check(CheckArgs),
    /// Show the site in a browser, and show each change as you make it, until Ctrl-C
    ///
    /// Nothing is written: pages are made when the browser asks for them, by the same functions as
    /// `build`, under the same path as where the site will be published. A tab shows anew what
    /// changed in it, and says in which file and line what is wrong; the page as it was stays below.
    Serve(ServeArgs),
    /// Build the site, then build again whenever a file changes, until Ctrl-C
    ///
    /// For those who have a server of their own: it serves the output folder, and `watch` keeps that
    /// up to date. Each build does what `build` does.
    Watch(WatchArgs),
    /// Fetch the feeds: ask each once, and store what says something new
    ///
    /// A feed forgets all but its last entries, so fetch it more often than it does. What comes is
    /// stored as it came, in `content/snapshots/<feed>/`, under the time in UTC; what says nothing new
    /// is not. One feed that fails never stops the others.
    #[command(after_help = fetch::FETCH_EXAMPLES)]
    Fetch(FetchArgs),
    /// List the themes with their options and templates, or copy a template
    Theme(ThemeArgs),
    /// Explain a code that stands in brackets behind `error` or `warning`
    Explain(ExplainArgs),
    /// Print what lets a shell complete commands, options and their values
    #[command(after_help = about::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the page of the manual, or write a page for each command
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
