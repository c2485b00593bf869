//! What may be typed: options as they stand on the command line, not yet what they mean.
//!
//! The doc comments are the help: they speak to someone who has never seen Gleaner.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand, ValueEnum};
use gleaner::diag::Code;

use crate::server::PORT;

/// The most threads that may be asked for.
const JOBS: i64 = 1024;

/// What stands below the list of commands.
const EXAMPLES: &str = "\
Examples:
  gleaner build                        build the site in this folder into `public/`
  gleaner build --root archive -v      … of another folder, and say where the time goes
  gleaner build --base-url http://localhost:8000/ --output /tmp/preview
  gleaner serve --open                 look at it in a browser while you change it
  gleaner check --deny-warnings        what a build would say; fails on a warning, too
  gleaner check --message-format json  the same, one JSON object per line, for programs
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
packed with gzip or not. Gleaner never changes what is in `content/`.

Exit codes: 0 built, maybe with warnings; 1 errors in the site; 2 wrong usage. `serve` and
`watch` end with 0 when Ctrl-C or SIGTERM says so.";

/// What stands below the options of `serve`.
const SERVE_EXAMPLES: &str = "\
Examples:
  gleaner serve --open                 show the site in this folder in a browser
  gleaner serve --root archive -p 8000 … of another folder, at http://127.0.0.1:8000/
  gleaner serve --base-path /          at the root, wherever it will be published
  gleaner serve --host 0.0.0.0         for a phone in the same network, too";

/// What stands below the options of `fetch`.
const FETCH_EXAMPLES: &str = "\
Examples:
  gleaner fetch                        all feeds that have an address in site.toml
  gleaner fetch blurblog devto         these two
  gleaner fetch blog --history         and all that the feed's archive has: once, at the beginning

A feed's address stands in site.toml, or, where it is a secret, in the environment:
  [feeds.blog]
  url = \"https://example.org/feed.xml\"
  [feeds.starred]
  url_env = \"STARRED_URL\"

Exit codes: 0 all feeds were asked; 1 one or more could not be fetched; 2 wrong usage.";

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
    /// Build the site: read `content/`, write `public/`
    ///
    /// Only files that differ are written, files of earlier builds that are no longer part of the
    /// site are removed, and files that Gleaner did not write are left alone.
    Build(BuildArgs),
    /// Check the site: everything that `build` does, but write nothing
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
    #[command(after_help = FETCH_EXAMPLES)]
    Fetch(FetchArgs),
    /// List the themes with their options and templates, or copy a template
    Theme(ThemeArgs),
    /// Explain a code that stands in brackets behind `error` or `warning`
    Explain(ExplainArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The code, such as `feed-repaired` [default: list all of them]
    #[arg(value_name = "CODE", value_parser = codes(), hide_possible_values = true)]
    pub(crate) code: Option<String>,
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.as_str()))
}

#[derive(Debug, clap::Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    /// Write to this folder [default: `output.folder` of site.toml, else `public`]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write into a folder that holds other files, and over those that stand in the way
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) site: SiteArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SERVE_EXAMPLES)]
// What speaks of one build says nothing here.
#[command(mut_arg("deny_warnings", |arg| arg.hide(true)))]
#[command(mut_arg("verbose", |arg| arg.hide(true)))]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    /// The port; if it is taken, the next free one; 0 is any
    #[arg(long, short, value_name = "PORT", default_value_t = PORT)]
    pub(crate) port: u16,
    /// Where to listen: a name or an address of this machine; `0.0.0.0` lets other machines in
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Open the site in a browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Show the site under this path, instead of that of the base URL
    #[arg(long, value_name = "PATH")]
    pub(crate) base_path: Option<String>,
    #[command(flatten)]
    pub(crate) poll: PollArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) poll: PollArgs,
}

/// How `serve` and `watch` find out what changed.
#[derive(Debug, clap::Args)]
pub(crate) struct PollArgs {
    /// Look at the files every so often, instead of being told by the system [default: 500]
    ///
    /// For folders whose changes the system does not tell: network file systems, and folders that
    /// are shared with a container or a virtual machine.
    #[arg(
        long,
        value_name = "MILLISECONDS",
        num_args = 0..=1,
        default_missing_value = "500",
        value_parser = clap::value_parser!(u64).range(10..=3_600_000),
    )]
    pub(crate) poll: Option<u64>,
}

impl PollArgs {
    /// How often to look; none where the system tells.
    pub(crate) fn interval(&self) -> Option<Duration> {
        self.poll.map(Duration::from_millis)
    }
}

/// What the commands have in common that read a site.
#[derive(Debug, clap::Args)]
pub(crate) struct SiteArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Where the site will be published, instead of `site.base_url`
    #[arg(long, value_name = "URL", value_parser = website)]
    pub(crate) base_url: Option<String>,
    /// Read this file instead of the site's `site.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep in this folder what makes the next run quicker [default: `.gleaner` in the site's folder]
    ///
    /// The cache is a hint: without it, a build gives the same bytes, only later. It may be deleted
    /// at any time. Keep it between runs of a CI, and only what is new is read and made safe again.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Remember nothing of earlier runs, and keep nothing for later ones
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// How many threads to use [default: one for each core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=JOBS))]
    pub(crate) jobs: Option<u16>,
    /// Exit with 1 if there are warnings
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// How to tell what was found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) message_format: MessageFormat,
    /// Print nothing but errors and warnings
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print which pages were made again and why, how long each stage took, and the slowest templates
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FetchArgs {
    /// The feeds, by their names in site.toml [default: all that have an address]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Follow the feeds back through their archives and pages (RFC 5005), and store what is new there
    ///
    /// Few feeds have them. It asks for up to a thousand documents of each, one after the other.
    #[arg(long)]
    pub(crate) history: bool,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Read this file instead of the site's `site.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Remember in this folder what servers said, to ask only for what is new [default: `.gleaner`]
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Ask as if for the first time, and remember nothing
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// How long one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) timeout: u16,
    /// Exit with 1 if there are warnings
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// How to tell what was found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) message_format: MessageFormat,
    /// Print nothing but errors and warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// What time it is, for tests
    #[arg(long, value_name = "TIME", hide = true)]
    pub(crate) now: Option<jiff::Timestamp>,
    /// The wait between two requests to one host, for tests, in milliseconds
    #[arg(
        long,
        value_name = "MILLISECONDS",
        hide = true,
        default_value_t = 1_000
    )]
    pub(crate) wait: u16,
}

/// A URL under which a website can be published.
fn website(raw: &str) -> Result<String, String> {
    match url::Url::parse(raw) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(raw.to_owned()),
        Ok(_) => Err("not an http or https URL".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Drawn with the source around the place, to stderr
    #[default]
    Human,
    /// One line each, `file:line:column: severity[code]: message`, to stderr
    Short,
    /// One JSON object per line, the last one a summary, to stdout
    Json,
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ThemeArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ThemeCommand>,
    #[command(flatten)]
    pub(crate) list: ThemeListArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ThemeCommand {
    /// List the themes that there are, with their options and templates: what `theme` alone does
    List(ThemeListArgs),
    /// Copy a built-in theme, or some of its files, to `themes/`, to change them there
    ///
    /// What stands in `themes/<name>/` comes before the built-in file of the same name; what does
    /// not stand there stays built-in, and follows new versions of Gleaner. So export as little
    /// as you change.
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ThemeListArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// How to tell it: `short` is a line for each theme, `json` an object
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) message_format: MessageFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The files to copy, such as `entry.html` [default: all]
    #[arg(value_name = "TEMPLATE")]
    pub(crate) templates: Vec<String>,
    /// The built-in theme [default: `gleaner`]
    #[arg(long, value_name = "NAME")]
    pub(crate) theme: Option<String>,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Overwrite files that are there
    #[arg(long)]
    pub(crate) force: bool,
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
