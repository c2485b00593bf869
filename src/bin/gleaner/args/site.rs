//! What several commands have in common: where the site is, what is kept of it, how it is told.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use url::Url;

use crate::clock::Clock;

/// The most threads that may be asked for.
const JOBS: i64 = 1024;
/// Milliseconds between two requests to one host: nobody minds a visitor who asks once a second.
const WAIT: u16 = 1_000;

/// What the commands have in common that read a site.
#[derive(Debug, clap::Args)]
pub(crate) struct SiteArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Where the site will be published, instead of `site.base_url`
    #[arg(long, value_name = "URL", value_parser = website)]
    pub(crate) base_url: Option<String>,
    #[command(flatten)]
    pub(crate) cache: CacheArgs,
    /// How many threads to use [default: one for each core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=JOBS))]
    pub(crate) jobs: Option<u16>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Print which pages were made again and why, how long each stage took, and the slowest templates
    #[arg(long, short, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// Where a site is.
#[derive(Debug, clap::Args)]
pub(crate) struct PlaceArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Read this file instead of the site's `site.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) follow: FollowArgs,
}

/// How far links lead.
#[derive(Debug, Default, Clone, Copy, clap::Args)]
pub(crate) struct FollowArgs {
    /// Follow symbolic links that lead out of the site's folder
    ///
    /// Without it, such a link is an error: whoever can propose a change to your site could publish
    /// files of this machine. Links to /proc, /sys, /dev and to a folder that holds the site are
    /// never followed.
    #[arg(long)]
    pub(crate) follow_links_outside: bool,
}

/// What is remembered between runs.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct CacheArgs {
    /// Keep in this folder what makes the next run quicker [default: `.gleaner` in the site's folder]
    ///
    /// The cache is a hint: without it, a build gives the same bytes, only later. It may be deleted
    /// at any time. Keep it between runs of a CI, and only what is new is read and made safe again.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Remember nothing of earlier runs, and keep nothing for later ones
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// How a run tells what came of it.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct ReportArgs {
    /// Exit with 1 if there are warnings
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// How to tell what was found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) message_format: MessageFormat,
    /// Print nothing but errors and warnings
    #[arg(long, short)]
    pub(crate) quiet: bool,
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
    /// Drawn, to stderr, and as annotations of GitHub Actions, to stdout
    Github,
}

impl MessageFormat {
    /// The formats of commands that annotate nothing: those that run on, and those that tell what is.
    pub(super) fn without_annotations() -> impl TypedValueParser<Value = Self> {
        let variants = Self::value_variants().iter();
        let others = variants.filter(|format| **format != MessageFormat::Github);
        let names = others.filter_map(ValueEnum::to_possible_value);
        let parser = PossibleValuesParser::new(names);
        parser.map(|name| Self::from_str(&name, false).unwrap_or_default())
    }
}

/// A file that is told what came of a run.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct SummaryArgs {
    /// Append what came of the run to this file, in Markdown
    ///
    /// Made for `$GITHUB_STEP_SUMMARY`: what was done, errors and warnings by their codes with the
    /// first places of each; of a build, what the site weighs; of a check, what snapshots may lack.
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
}

/// How servers are asked. Only tests say something else than the default.
#[derive(Debug, clap::Args)]
pub(crate) struct PaceArgs {
    /// What time it is
    #[arg(long, value_name = "TIME", hide = true)]
    now: Option<Timestamp>,
    /// The wait between two requests to one host, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", hide = true, default_value_t = WAIT)]
    wait: u16,
}

impl Default for PaceArgs {
    fn default() -> Self {
        PaceArgs {
            now: None,
            wait: WAIT,
        }
    }
}

impl PaceArgs {
    /// What tells the time.
    pub(crate) fn clock(&self) -> Clock {
        self.now.map_or(Clock::Machine, Clock::Stopped)
    }

    /// The wait between two requests to one host.
    pub(crate) fn unit(&self) -> Duration {
        Duration::from_millis(self.wait.into())
    }
}

/// What the command line allows to `fetch` and `check --links`, whatever site.toml says.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct GrantArgs {
    /// Ask addresses of this machine and its network, too [env: GLEANER_ALLOW_PRIVATE_ADDRESSES=1]
    ///
    /// The setting of this name in site.toml does the same, but not in a CI (where the variable `CI` is
    /// set): there, a change to site.toml may come from a stranger. Link-local addresses and metadata
    /// services of clouds are never asked.
    #[arg(long)]
    pub(crate) allow_private_addresses: bool,
}

/// A URL under which a website can be published.
pub(crate) fn website(raw: &str) -> Result<String, String> {
    web_address(raw).map(|_| raw.to_owned())
}

/// An address of the web, written out: what browsers make of `https:/example` was not meant.
pub(crate) fn web_address(raw: &str) -> Result<Url, String> {
    let url = Url::parse(raw).ok();
    let rest = raw.split_once("://").map(|(_, rest)| rest);
    let has_host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '\\']));
    match url {
        Some(url) if !matches!(url.scheme(), "http" | "https") => {
            Err("not an http or https address".to_owned())
        }
        Some(url) if has_host && url.has_host() => Ok(url),
        None if has_host => Err("not a valid address".to_owned()),
        _ => Err("an address begins with `https://` or `http://`".to_owned()),
    }
}
