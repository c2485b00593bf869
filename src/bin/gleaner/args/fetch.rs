//! `fetch`: which feeds, how far back, how patiently.

use std::path::PathBuf;
use std::time::Duration;

use super::{CacheArgs, FollowArgs, GrantArgs, PaceArgs, PlaceArgs, ReportArgs, SummaryArgs};

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
/// Seconds that one feed may take in all: an honest one takes a few, and a run in a CI, which has half
/// an hour, must outlast some that are not.
const FEED_TIMEOUT: u32 = 300;
/// The same with its history, which has up to a thousand documents, one a second.
const HISTORY_TIMEOUT: u32 = 3_000;

/// What the command line allows to a fetch, whatever site.toml says.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct FetchGrantArgs {
    #[command(flatten)]
    pub(crate) private: GrantArgs,
    /// Let `store_secret` of site.toml count in a CI [env: GLEANER_STORE_SECRET=1]
    ///
    /// There, a change to site.toml may come from a stranger, so site.toml alone is not enough.
    #[arg(long)]
    pub(crate) store_secret: bool,
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
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) cache: CacheArgs,
    /// How long one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) timeout: u16,
    /// How long one feed may take in all, with redirects and further tries [default: 300; with
    /// `--history` 3000]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) feed_timeout: Option<u32>,
    #[command(flatten)]
    pub(crate) grants: FetchGrantArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) told: SummaryArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

impl FetchArgs {
    /// How long one feed may take in all.
    pub(crate) fn budget(&self) -> Duration {
        let default = match self.history {
            true => HISTORY_TIMEOUT,
            false => FEED_TIMEOUT,
        };
        Duration::from_secs(self.feed_timeout.unwrap_or(default).into())
    }

    /// As if only the site's folder, some feeds and what is allowed had been typed.
    pub(crate) fn of(root: PathBuf, names: Vec<String>, private: GrantArgs) -> Self {
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
            feed_timeout: None,
            grants: FetchGrantArgs {
                private,
                store_secret: false,
            },
            report: ReportArgs::default(),
            told: SummaryArgs::default(),
            pace: PaceArgs::default(),
        }
    }
}
