//! `build`, and what lives on it: `check`, `serve` and `watch`.

use std::path::PathBuf;
use std::time::Duration;

use super::{GrantArgs, MessageFormat, PaceArgs, SiteArgs, SummaryArgs};
use crate::server::PORT;

/// What stands below the options of `check`.
const CHECK_EXAMPLES: &str = "\
Examples:
  gleaner check                        what a build would say, and where snapshots leave gaps
  gleaner check --deny-warnings        for CI: fails on a warning, too
  gleaner check --links                which originals are gone? Ctrl-C at any time
  gleaner check --links --limit 500    as many as a nightly job may take

An original that is gone is nobody's mistake: it is told, and changes no exit code.";

/// What stands below the options of `serve`.
const SERVE_EXAMPLES: &str = "\
Examples:
  gleaner serve --open                 show the site in this folder in a browser
  gleaner serve --root archive -p 8000 … of another folder, at http://127.0.0.1:8000/
  gleaner serve --base-path /          at the root, wherever it will be published
  gleaner serve --host 0.0.0.0         for a phone in the same network, too";

#[derive(Debug, clap::Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    #[command(flatten)]
    pub(crate) told: SummaryArgs,
}

/// What `build` and `watch` have in common: what is read, and where it is written.
#[derive(Debug, clap::Args)]
pub(crate) struct WriteArgs {
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
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) site: SiteArgs,
    #[command(flatten)]
    pub(crate) told: SummaryArgs,
    #[command(flatten)]
    pub(crate) links: LinksArgs,
}

/// Whether originals are asked, and which.
#[derive(Debug, clap::Args)]
pub(crate) struct LinksArgs {
    /// Ask the originals of all entries whether they are still there
    ///
    /// Hosts are asked side by side, and each of them one thing a second. What is gone (404 or 410, said
    /// twice) is written into `content/originals.txt`, and the pages of these entries say so from
    /// the next build on. Ctrl-C keeps what was found out; the next check goes on from there.
    #[arg(long)]
    pub(crate) links: bool,
    /// Ask again what was asked so many days ago; of what nothing could be said, after 7 at most
    #[arg(long, value_name = "DAYS", default_value_t = 30, requires = "links")]
    pub(crate) older_than: u16,
    /// Ask no more than so many, those that were never asked first, then the longest ago
    #[arg(long, value_name = "N", requires = "links")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) grants: GrantArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SERVE_EXAMPLES)]
// What speaks of one build says nothing here.
#[command(mut_arg("deny_warnings", |arg| arg.hide(true)))]
#[command(mut_arg("verbose", |arg| arg.hide(true)))]
#[command(mut_arg("message_format", |arg| arg.value_parser(MessageFormat::without_annotations())))]
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
#[command(mut_arg("message_format", |arg| arg.value_parser(MessageFormat::without_annotations())))]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) build: WriteArgs,
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
