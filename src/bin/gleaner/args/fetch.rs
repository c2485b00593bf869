//! `fetch`: which feeds, how far back, how patiently.

use std::path::PathBuf;

use super::{CacheArgs, FollowArgs, PaceArgs, PlaceArgs, ReportArgs, SummaryArgs};

/// What stands below the options of `fetch`.
pub(super) const FETCH_EXAMPLES: &str = "\
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

/// Seconds that one request may take, unless the command line says otherwise.
const TIMEOUT: u16 = 60;

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
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) cache: CacheArgs,
    /// How long one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) timeout: u16,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) told: SummaryArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

impl FetchArgs {
    /// As if only the site's folder and some feeds had been typed.
    pub(crate) fn of(root: PathBuf, names: Vec<String>) -> Self {
        FetchArgs {
            names,
            history: false,
            place: PlaceArgs {
                root,
                config: None,
                follow: FollowArgs::default(),
            },
            cache: CacheArgs::default(),
            timeout: TIMEOUT,
            report: ReportArgs::default(),
            told: SummaryArgs::default(),
            pace: PaceArgs::default(),
        }
    }
}
