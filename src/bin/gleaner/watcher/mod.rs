//! From what happens on disk to what a build must look at again: batches of paths, each handed out
//! when the files have been quiet for a moment.
//!
//! 1. [`map`] says which real folders matter, and what in them means what; [`inputs`] asks the library
//!    which names a build reads, so that nothing is lost that counts, and nothing else disturbs;
//! 2. [`system`] watches these folders and tells what happens in them;
//! 3. [`listener`] gathers that in a [`pending`] batch until it is quiet, and draws the map anew where
//!    folders or links came, went or moved;
//! 4. where the system cannot tell, or shall not, [`poll`] looks by itself, into a [`ledger`].
//!
//! Invariant: what is changed after the start is handed out, at the latest with a folder that it
//! stands in; in particular what changes while a build runs.

mod inputs;
mod ledger;
mod listener;
mod map;
mod pending;
mod poll;
mod system;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use inputs::Inputs;
pub(crate) use ledger::Ledger;
use listener::Listener;
use poll::Poll;
use system::Refusal;

/// How often the files are looked at where the system cannot tell: a wait that a person just notices,
/// and a look at ten thousand files takes some 20 ms.
const INTERVAL: Duration = Duration::from_millis(500);

/// What is watched, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct WatchOptions {
    /// The site's folder.
    pub(crate) root: PathBuf,
    /// The configuration, where it is not `site.toml` in the site's folder.
    pub(crate) config: Option<PathBuf>,
    /// Whether links among the site's files may lead out of its folder.
    pub(crate) follow_links_outside: bool,
    /// Folders in which nothing counts, though a link among the site's files may lead there: those
    /// of the output and of the cache.
    pub(crate) ignored: Vec<PathBuf>,
    /// How often to look, where the system shall not be asked to tell.
    pub(crate) poll: Option<Duration>,
}

/// What is to be told of the watching itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What is so, and why.
    pub(crate) message: String,
    /// What the owner can do about it.
    pub(crate) hint: Option<String>,
}

/// Watches a site: what was touched from the start of the watcher on is handed out sooner or later,
/// so it is started before the first build.
#[derive(Debug)]
pub(crate) struct Watcher {
    inputs: Inputs,
    eye: Eye,
    notice: Option<Notice>,
}

/// Who sees what happens.
#[derive(Debug)]
enum Eye {
    System(Listener),
    Poll(Poll),
}

impl Watcher {
    /// Begins to watch. Never fails: where the system cannot tell, it looks by itself, and gives
    /// notice of it.
    pub(crate) fn start(options: WatchOptions) -> Watcher {
        let inputs = Inputs::new(
            &options.root,
            options.config.as_deref(),
            options.follow_links_outside,
        );
        let ignored = options.ignored.into_iter();
        let ignored = ignored.map(|path| real(&path)).collect();
        let mut notice = None;
        let eye = match options.poll {
            Some(interval) => Eye::Poll(Poll::start(&inputs, interval)),
            None => Listener::start(&inputs, ignored).map_or_else(
                |refusal| {
                    notice = Some(fallback(&refusal));
                    Eye::Poll(Poll::start(&inputs, INTERVAL))
                },
                Eye::System,
            ),
        };
        Watcher {
            inputs,
            eye,
            notice,
        }
    }

    /// What to tell the owner, once; to be asked after the start and after each batch, as the
    /// system's limits may be hit late.
    pub(crate) fn notice(&mut self) -> Option<Notice> {
        self.notice.take()
    }

    /// Waits until files changed and have been quiet since: what was touched, as the library names
    /// it, under the site's folder as it was given. A path need not exist any more; a touched folder
    /// stands for all that is in it. None when nothing will ever be told again: the process shall end.
    pub(crate) fn next(&mut self) -> Option<Vec<PathBuf>> {
        let listener = match &mut self.eye {
            Eye::Poll(poll) => return Some(poll.next()),
            Eye::System(listener) => listener,
        };
        match listener.next() {
            Ok(touched) => Some(touched?.into_iter().collect()),
            Err(refusal) => {
                self.notice = Some(fallback(&refusal));
                self.eye = Eye::Poll(Poll::start(&self.inputs, INTERVAL));
                // What changed before that first look is not known.
                Some(self.inputs.all())
            }
        }
    }
}

fn fallback(refusal: &Refusal) -> Notice {
    let every = INTERVAL.as_millis();
    let raise = |name: &str| {
        Some(format!(
            "raise the limit, for example with `sudo sysctl fs.inotify.{name}`; `--poll` looks \
             without asking"
        ))
    };
    let (why, hint) = match refusal {
        Refusal::Watches => (
            "the system allows no further watches of folders",
            raise("max_user_watches=524288"),
        ),
        Refusal::Instances => (
            "the system allows no further watchers of files",
            raise("max_user_instances=1024"),
        ),
        Refusal::Other(error) => (&**error, None),
    };
    Notice {
        message: format!("files are looked at every {every} ms: {why}"),
        hint,
    }
}

/// A path without links, as far as it exists.
#[expect(clippy::disallowed_methods, reason = "links are followed to compare")]
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    std::fs::canonicalize(&absolute).unwrap_or(absolute)
}
